package dev.muster.balancer.dispatch;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What hashing looks keys up in: made once for all loops, and kept as long as the members with
/// their keys and weights stay the same. Immutable.
sealed interface KeyTable permits HashRing, MaglevTable, WeightLine {
  /// The slots' keys and weights that a table was made of. Immutable.
  final class Basis {
    final String[] keys;
    final int[] weights;

    Basis(Pool pool) {
      keys = new String[pool.size()];
      weights = new int[keys.length];
      for (int slot = 0; slot < keys.length; slot++) {
        keys[slot] = pool.member(slot).key();
        weights[slot] = pool.member(slot).weight();
      }
    }

    boolean isSameAs(Basis other) {
      return Arrays.equals(keys, other.keys) && Arrays.equals(weights, other.weights);
    }
  }

  Basis basis();

  Algorithm algorithm();

  /// A loop's way to use it.
  ///
  /// @param loadFactor 0 for no bound; nginx's own mappings have none
  Strategy strategy(Pool pool, Turns turns, double loadFactor);

  static KeyTable of(Pool pool, Algorithm algorithm, @Nullable KeyTable previous) {
    Basis basis = new Basis(pool);
    if (previous != null && previous.algorithm() == algorithm && previous.basis().isSameAs(basis)) {
      return previous;
    }
    return switch (algorithm) {
      case RING_HASH -> HashRing.of(basis);
      case MAGLEV -> MaglevTable.of(basis);
      case HASH, IP_HASH -> WeightLine.of(basis, algorithm);
      case ROUND_ROBIN,
          LEAST_REQUESTS,
          RANDOM,
          RANDOM_TWO_LEAST_REQUESTS,
          RANDOM_TWO_LEAST_TIME,
          PEAK_EWMA,
          LEAST_TIME ->
          throw new IllegalArgumentException(algorithm + " has no table");
    };
  }
}
