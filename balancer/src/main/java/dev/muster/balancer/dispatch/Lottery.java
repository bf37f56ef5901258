package dev.muster.balancer.dispatch;

import java.util.random.RandomGenerator;

/// Draws slots of a pool by chance and weight. Immutable.
final class Lottery {
  /// After so many draws of members that may not be taken, nginx lets the turns decide, and so do
  /// we.
  static final int DRAWS_MAX = 20;

  private final Pool pool;

  /// The sum of the weights of the slots before, and behind the last that of all.
  private final long[] starts;

  Lottery(Pool pool) {
    this.pool = pool;
    starts = new long[pool.size() + 1];
    for (int slot = 0; slot < pool.size(); slot++) {
      starts[slot + 1] = starts[slot] + pool.fullWeight(slot);
    }
  }

  /// A slot; [Strategy#NOBODY] if this draw went to the part of a weight that slow start
  /// withholds.
  int draw(RandomGenerator random, long now) {
    long ticket = random.nextLong(starts[pool.size()]);
    int low = 0;
    int high = pool.size();
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (ticket < starts[middle]) {
        high = middle;
      } else {
        low = middle;
      }
    }
    boolean isWithheld = pool.isSlowStarting() && ticket - starts[low] >= pool.weight(low, now);
    return isWithheld ? Strategy.NOBODY : low;
  }
}
