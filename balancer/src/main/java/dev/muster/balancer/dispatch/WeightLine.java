package dev.muster.balancer.dispatch;

/// nginx's `hash` and `ip_hash`: members side by side on a line, each as long as its weight; a
/// key's value modulo the length of the line is a place on it. If that member may not be taken
/// the key is hashed again, up to twenty times; then the turns decide.
record WeightLine(KeyTable.Basis basis, Algorithm algorithm, long length) implements KeyTable {
  private static final int FAILURES_MAX = 20;

  static WeightLine of(KeyTable.Basis basis, Algorithm algorithm) {
    long length = 0;
    for (int weight : basis.weights) {
      length += weight;
    }
    return new WeightLine(basis, algorithm, length);
  }

  @Override
  public Strategy strategy(Pool pool, Turns turns, double loadFactor) {
    return algorithm == Algorithm.HASH
        ? (choice, isDry) -> byKey(pool, turns, choice, isDry)
        : (choice, isDry) -> byAddress(pool, turns, choice, isDry);
  }

  private int byKey(Pool pool, Turns turns, Choice choice, boolean isDry) {
    long key = choice.hash();
    long sum = 0;
    for (int rehash = 0; key != 0 && pool.size() > 1 && rehash <= FAILURES_MAX; rehash++) {
      sum += Hashes.nginx(key, rehash);
      int slot = at(sum % length);
      if (pool.isOpen(slot, choice)) {
        return slot;
      }
    }
    return turns.pick(choice, isDry);
  }

  private int byAddress(Pool pool, Turns turns, Choice choice, boolean isDry) {
    long key = choice.hash();
    int value = Hashes.addressStart();
    for (int round = 0; pool.size() > 1 && round <= FAILURES_MAX; round++) {
      value = Hashes.addressRound(key, value);
      int slot = at(value % length);
      if (pool.isOpen(slot, choice)) {
        return slot;
      }
    }
    return turns.pick(choice, isDry);
  }

  private int at(long place) {
    long rest = place;
    int slot = 0;
    while (rest >= basis.weights[slot]) {
      rest -= basis.weights[slot];
      slot++;
    }
    return slot;
  }
}
