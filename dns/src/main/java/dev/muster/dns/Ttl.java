package dev.muster.dns;

import java.time.Duration;

/// Times as records hold them.
final class Ttl {
  private Ttl() {}

  /// Whole seconds, from 0 to the 2^31-1 that there is room for (RFC 2181).
  static long seconds(Duration time) {
    return Math.clamp(time.toSeconds(), 0, Integer.MAX_VALUE);
  }
}
