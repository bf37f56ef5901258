package dev.muster.balancer.dispatch;

/// Power of two choices by expected time: of two members drawn by chance and weight the first is
/// taken, unless the second is cheaper; then the first is kept with a chance that falls with the
/// square of what it costs more.
///
/// Taking the cheaper one always is what starves: of five equals, the one that was slow once is
/// compared, loses, is not measured and loses again. So near equals share nearly by their weights,
/// and the dearer one is kept at least once in eight times while it has nothing else to do: one
/// request at a time shows that it has become fast, and more would only wait behind it.
final class PeakEwma implements Strategy {
  private static final double CHANCE_MIN = 1.0 / 8;

  private final Pool pool;
  private final Turns turns;
  private final Lottery lottery;

  PeakEwma(Pool pool, Turns turns, Lottery lottery) {
    this.pool = pool;
    this.turns = turns;
    this.lottery = lottery;
  }

  @Override
  public int pick(Choice choice, boolean isDry) {
    long now = choice.now();
    int first = NOBODY;
    for (int draws = 0; pool.size() > 1 && draws < Lottery.DRAWS_MAX; draws++) {
      int slot = lottery.draw(choice.random(), now);
      if (slot < 0 || slot == first || !pool.isOpen(slot, choice)) {
        continue;
      }
      if (first >= 0) {
        return choice.random().nextDouble() < chance(first, slot, now) ? first : slot;
      }
      first = slot;
    }
    return turns.pick(choice, isDry);
  }

  /// That the first one is kept. Weights are in the draw already; here they tell how many
  /// requests in flight a member is meant to have.
  private double chance(int first, int second, long now) {
    Load one = pool.member(first).load();
    Load other = pool.member(second).load();
    double latency = one.latency(now);
    double otherLatency = other.latency(now);
    if (latency == 0 || otherLatency == 0) {
      // Not measured yet: presumed as fast as the other.
      latency = 1;
      otherLatency = 1;
    }
    double weight = pool.weight(first, now);
    double otherWeight = pool.weight(second, now);
    double least = Math.min(weight, otherWeight);
    double cost = latency * (1 + one.active() * least / weight);
    double otherCost = otherLatency * (1 + other.active() * least / otherWeight);
    double ratio = otherCost / cost;
    return one.active() == 0 ? Math.max(CHANCE_MIN, ratio * ratio) : ratio * ratio;
  }
}
