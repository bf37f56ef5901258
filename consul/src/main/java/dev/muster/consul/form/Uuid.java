package dev.muster.consul.form;

import java.util.UUID;
import java.util.random.RandomGenerator;

/// Ids of what is made here.
public final class Uuid {
  private static final long VERSION_BITS = 0xf000L;
  private static final long RANDOM_VERSION = 0x4000L;
  private static final long VARIANT_BITS = 0xc000_0000_0000_0000L;
  private static final long RFC_VARIANT = 0x8000_0000_0000_0000L;

  private Uuid() {}

  /// A random one (RFC 9562, version 4).
  public static String random(RandomGenerator random) {
    long most = (random.nextLong() & ~VERSION_BITS) | RANDOM_VERSION;
    long least = (random.nextLong() & ~VARIANT_BITS) | RFC_VARIANT;
    return new UUID(most, least).toString();
  }
}
