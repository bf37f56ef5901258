package dev.muster.balancer.dispatch;

/// Bounded loads (Mirrokni, Thorup, Zadimoghaddam 2016): a member takes no request that would
/// give it more than `ceil(factor * fair share)` of those in flight. A key whose home is full
/// goes to the next member, so a popular key cannot drown one. Belongs to one event loop.
final class LoadBound {
  private final Pool pool;
  private final double factor;
  private double perWeight;

  LoadBound(Pool pool, double factor) {
    this.pool = pool;
    this.factor = factor;
  }

  /// Counts what is in flight, to be asked about with [#allows].
  void count(Choice choice) {
    if (factor == 0) {
      return;
    }
    long active = 1;
    long weight = 0;
    for (int slot = 0; slot < pool.size(); slot++) {
      if (pool.isOpen(slot, choice)) {
        active += pool.active(slot);
        weight += pool.fullWeight(slot);
      }
    }
    perWeight = weight == 0 ? 0 : factor * active / weight;
  }

  boolean allows(int slot) {
    return factor == 0 || pool.active(slot) < Math.ceil(perWeight * pool.fullWeight(slot) - 1e-9);
  }
}
