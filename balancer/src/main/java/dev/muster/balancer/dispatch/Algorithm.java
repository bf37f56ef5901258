package dev.muster.balancer.dispatch;

import java.util.Locale;

/// The ways to choose among the members that may be taken.
public enum Algorithm {
  /// In turns by weight, a heavy member's turns spread out (nginx's default).
  ROUND_ROBIN,
  /// The fewest requests in flight by weight, equals in turns (`least_conn`).
  LEAST_REQUESTS,
  /// By chance, by weight (`random`).
  RANDOM,
  /// The less busy of two taken by chance (`random two least_conn`).
  RANDOM_TWO_LEAST_REQUESTS,
  /// The one of two taken by chance with the least latency times requests (`random two
  /// least_time`).
  RANDOM_TWO_LEAST_TIME,
  /// As [#RANDOM_TWO_LEAST_TIME], but to the nanosecond, quick to flee a slow member and never
  /// giving one up.
  PEAK_EWMA,
  /// The least latency times requests by weight, steps of 20 ms being equal, equals in turns
  /// (`least_time`).
  LEAST_TIME,
  /// Consistent hashing on a ring of 160 points per unit of weight, the same ring as nginx's
  /// `hash … consistent`.
  RING_HASH,
  /// Consistent hashing by a table: evener than the ring, moving a few more keys.
  MAGLEV,
  /// A key's remainder by weights, the same mapping as nginx's `hash`: a change moves most keys.
  HASH,
  /// The same mapping as nginx's `ip_hash`: the first three octets of an IPv4 address, all of an
  /// IPv6 address.
  IP_HASH;

  /// What [Choice#hash] is for a key under this algorithm: 0, and the turns decide, if the key is
  /// empty or the algorithm looks at none. The key of [#IP_HASH] is an address of 4 or 16 octets;
  /// anything else counts as 0.0.0.0.
  public long hash(byte[] key, int offset, int length) {
    return switch (this) {
      case RING_HASH, HASH -> Hashes.crcAndLength(key, offset, length);
      case MAGLEV -> Hashes.mixed(key, offset, length);
      case IP_HASH -> Hashes.address(key, offset, length);
      case ROUND_ROBIN,
          LEAST_REQUESTS,
          RANDOM,
          RANDOM_TWO_LEAST_REQUESTS,
          RANDOM_TWO_LEAST_TIME,
          PEAK_EWMA,
          LEAST_TIME ->
          0;
    };
  }

  /// Whether it asks for [Choice#hash].
  public boolean isHashing() {
    return switch (this) {
      case RING_HASH, HASH, MAGLEV, IP_HASH -> true;
      case ROUND_ROBIN,
          LEAST_REQUESTS,
          RANDOM,
          RANDOM_TWO_LEAST_REQUESTS,
          RANDOM_TWO_LEAST_TIME,
          PEAK_EWMA,
          LEAST_TIME ->
          false;
    };
  }

  /// Its name in a sentence.
  String words() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
