package dev.muster.balancer.config;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// The secret that session cookies are signed with. Balancers with the same one honour each other's
/// cookies, and their own of before a restart. Immutable; never printed.
public final class SessionKey {
  /// How many octets one needs at least.
  public static final int BYTES_MIN = 16;

  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec secret;

  private SessionKey(byte[] octets) {
    this.secret = new SecretKeySpec(octets, ALGORITHM);
  }

  /// The one of these octets; throws an `IllegalArgumentException` if they are fewer than
  /// [#BYTES_MIN].
  public static SessionKey of(byte[] octets) {
    if (octets.length < BYTES_MIN) {
      throw new IllegalArgumentException(
          "a session key has %d octets or more, not %d".formatted(BYTES_MIN, octets.length));
    }
    return new SessionKey(octets);
  }

  /// One that nobody else has, if the source of chance is a good one.
  public static SessionKey random(RandomGenerator random) {
    byte[] octets = new byte[32];
    random.nextBytes(octets);
    return new SessionKey(octets);
  }

  /// The code of a text, 32 octets (RFC 2104 with SHA-256).
  public byte[] sign(String text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(secret);
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has " + ALGORITHM, e);
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SessionKey that
        && MessageDigest.isEqual(secret.getEncoded(), that.secret.getEncoded());
  }

  @Override
  public int hashCode() {
    return secret.hashCode();
  }

  @Override
  public String toString() {
    return "a session key";
  }
}
