package dev.muster.balancer.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/// Passwords compared with what password files keep of them: `{PLAIN}`, `{SHA}` and `{SSHA}`
/// (RFC 2307 5.3), `$apr1$` and `$1$` (MD5), `$5$` and `$6$` (SHA-2), `$2a$`, `$2b$` and `$2y$`
/// (bcrypt). The old DES is not read. Slow by design: not for loops.
public final class Passwords {
  private static final int PASSWORD_BYTES_MAX = 1024;
  private static final int SHA1_BYTES = 20;

  private Passwords() {}

  /// Whether a password is the one that was kept; false for what is kept in no known way.
  public static boolean matches(String password, String kept) {
    byte[] octets = password.getBytes(StandardCharsets.ISO_8859_1);
    if (octets.length > PASSWORD_BYTES_MAX) {
      return false;
    }
    if (kept.startsWith("{PLAIN}")) {
      return same(kept.substring(7), password);
    }
    if (kept.startsWith("{SHA}")) {
      byte[] digest = digest("SHA-1").digest(octets);
      return same(kept.substring(5), Base64.getEncoder().encodeToString(digest));
    }
    if (kept.startsWith("{SSHA}")) {
      return matchesSalted(octets, kept.substring(6));
    }
    if (kept.startsWith("$apr1$") || kept.startsWith("$1$")) {
      return same(Md5Crypt.hash(octets, kept), kept);
    }
    if (kept.startsWith("$5$") || kept.startsWith("$6$")) {
      return same(Sha2Crypt.hash(octets, kept), kept);
    }
    if (kept.startsWith("$2a$") || kept.startsWith("$2b$") || kept.startsWith("$2y$")) {
      return same(Bcrypt.hash(octets, kept), kept);
    }
    return false;
  }

  private static boolean matchesSalted(byte[] password, String kept) {
    byte[] stored;
    try {
      stored = Base64.getDecoder().decode(kept);
    } catch (IllegalArgumentException e) {
      return false;
    }
    if (stored.length < SHA1_BYTES) {
      return false;
    }
    MessageDigest digest = digest("SHA-1");
    digest.update(password);
    digest.update(stored, SHA1_BYTES, stored.length - SHA1_BYTES);
    return MessageDigest.isEqual(digest.digest(), Arrays.copyOf(stored, SHA1_BYTES));
  }

  private static boolean same(String a, String b) {
    return MessageDigest.isEqual(
        a.getBytes(StandardCharsets.ISO_8859_1), b.getBytes(StandardCharsets.ISO_8859_1));
  }

  static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
