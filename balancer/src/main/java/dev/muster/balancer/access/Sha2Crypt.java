package dev.muster.balancer.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// SHA-crypt with SHA-256 (`$5$`) and SHA-512 (`$6$`), as its public specification says. Stateless.
final class Sha2Crypt {
  private static final String ROUNDS = "rounds=";
  private static final int ROUNDS_DEFAULT = 5000;
  private static final int ROUNDS_MIN = 1000;
  private static final int ROUNDS_MAX = 1_000_000;
  private static final int SALT_MAX = 16;

  private Sha2Crypt() {}

  /// The hash with the salt and rounds of another; more than a million rounds are not made.
  static String hash(byte[] password, String kept) {
    boolean isLong = kept.charAt(1) == '6';
    String rest = kept.substring(3);
    int rounds = ROUNDS_DEFAULT;
    String shown = "";
    if (rest.startsWith(ROUNDS)) {
      int end = rest.indexOf('$');
      rounds = number(rest.substring(ROUNDS.length(), Math.max(end, ROUNDS.length())));
      if (end < 0 || rounds > ROUNDS_MAX) {
        return "";
      }
      rounds = Math.max(ROUNDS_MIN, rounds);
      shown = ROUNDS + rounds + "$";
      rest = rest.substring(end + 1);
    }
    int end = rest.indexOf('$');
    String text = end < 0 ? rest : rest.substring(0, end);
    text = text.substring(0, Math.min(SALT_MAX, text.length()));
    byte[] salt = text.getBytes(StandardCharsets.ISO_8859_1);
    byte[] sum = sum(Passwords.digest(isLong ? "SHA-512" : "SHA-256"), password, salt, rounds);
    StringBuilder out = new StringBuilder(kept.substring(0, 3)).append(shown).append(text);
    out.append('$');
    if (isLong) {
      appendLong(out, sum);
    } else {
      appendShort(out, sum);
    }
    return out.toString();
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      return Integer.MAX_VALUE;
    }
  }

  private static byte[] sum(MessageDigest sha, byte[] password, byte[] salt, int rounds) {
    sha.update(password);
    sha.update(salt);
    byte[] other = sha.digest(password);
    sha.update(password);
    sha.update(salt);
    updateRepeated(sha, other, password.length);
    for (int bits = password.length; bits > 0; bits >>= 1) {
      sha.update((bits & 1) != 0 ? other : password);
    }
    byte[] sum = sha.digest();
    for (int i = 0; i < password.length; i++) {
      sha.update(password);
    }
    byte[] passwords = repeated(sha.digest(), password.length);
    for (int i = 0; i < 16 + (sum[0] & 0xff); i++) {
      sha.update(salt);
    }
    byte[] salts = repeated(sha.digest(), salt.length);
    for (int round = 0; round < rounds; round++) {
      boolean isOdd = (round & 1) != 0;
      sha.update(isOdd ? passwords : sum);
      if (round % 3 != 0) {
        sha.update(salts);
      }
      if (round % 7 != 0) {
        sha.update(passwords);
      }
      sum = sha.digest(isOdd ? sum : passwords);
    }
    return sum;
  }

  private static void updateRepeated(MessageDigest sha, byte[] block, int length) {
    for (int left = length; left > 0; left -= block.length) {
      sha.update(block, 0, Math.min(block.length, left));
    }
  }

  private static byte[] repeated(byte[] block, int length) {
    byte[] out = new byte[length];
    for (int i = 0; i < length; i++) {
      out[i] = block[i % block.length];
    }
    return out;
  }

  private static void appendShort(StringBuilder out, byte[] sum) {
    int a = 0;
    int b = 10;
    int c = 20;
    for (int i = 0; i < 10; i++) {
      CryptBase64.append(out, sum[a], sum[b], sum[c], 4);
      int first = a;
      a = (c + 1) % 30;
      c = (b + 1) % 30;
      b = (first + 1) % 30;
    }
    CryptBase64.append(out, (byte) 0, sum[31], sum[30], 3);
  }

  private static void appendLong(StringBuilder out, byte[] sum) {
    int a = 0;
    int b = 21;
    int c = 42;
    for (int i = 0; i < 21; i++) {
      CryptBase64.append(out, sum[a], sum[b], sum[c], 4);
      int first = a;
      a = (b + 1) % 63;
      b = (c + 1) % 63;
      c = (first + 1) % 63;
    }
    CryptBase64.append(out, (byte) 0, (byte) 0, sum[63], 2);
  }
}
