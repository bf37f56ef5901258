package dev.muster.balancer.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// FreeBSD's MD5 crypt, and Apache's variant of it that differs in its name only. Stateless.
final class Md5Crypt {
  private static final int ROUNDS = 1000;
  private static final int SALT_MAX = 8;

  private Md5Crypt() {}

  /// The hash with the salt of another, `$1$salt$…` or `$apr1$salt$…`.
  static String hash(byte[] password, String kept) {
    String magic = kept.substring(0, kept.indexOf('$', 1) + 1);
    int end = kept.indexOf('$', magic.length());
    String text = kept.substring(magic.length(), end < 0 ? kept.length() : end);
    text = text.substring(0, Math.min(SALT_MAX, text.length()));
    byte[] salt = text.getBytes(StandardCharsets.ISO_8859_1);
    MessageDigest md5 = Passwords.digest("MD5");
    md5.update(password);
    md5.update(salt);
    byte[] other = md5.digest(password);
    md5.update(password);
    md5.update(magic.getBytes(StandardCharsets.ISO_8859_1));
    md5.update(salt);
    for (int left = password.length; left > 0; left -= 16) {
      md5.update(other, 0, Math.min(16, left));
    }
    for (int bits = password.length; bits > 0; bits >>= 1) {
      md5.update((bits & 1) != 0 || password.length == 0 ? 0 : password[0]);
    }
    byte[] sum = md5.digest();
    for (int round = 0; round < ROUNDS; round++) {
      boolean isOdd = (round & 1) != 0;
      md5.update(isOdd ? password : sum);
      if (round % 3 != 0) {
        md5.update(salt);
      }
      if (round % 7 != 0) {
        md5.update(password);
      }
      sum = md5.digest(isOdd ? sum : password);
    }
    StringBuilder out = new StringBuilder(magic).append(text).append('$');
    for (int i = 0; i < 5; i++) {
      CryptBase64.append(out, sum[i], sum[i + 6], sum[i == 4 ? 5 : i + 12], 4);
    }
    CryptBase64.append(out, (byte) 0, (byte) 0, sum[11], 2);
    return out.toString();
  }
}
