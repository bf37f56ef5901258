package dev.muster.balancer.dispatch;

/// Power of two choices by expected time: of two members drawn by chance and weight, each is
/// taken with a chance that falls with the square of its cost.
///
/// Taking the cheaper one always is what starves: of five equals, the one that was slow once is
/// compared, loses, is not measured and loses again. So near equals share nearly evenly, and the
/// dearer one is never left with less than one in sixteen of its comparisons, enough to notice
/// when it has become fast.
final class PeakEwma implements Strategy {
  static final double CHANCE_MIN = 1.0 / 16;

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

  /// That of the first one to be taken. Weights are in the draw already; here they tell how many
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
    double square = cost * cost;
    double otherSquare = otherCost * otherCost;
    double chance = otherSquare / (square + otherSquare);
    return Math.max(CHANCE_MIN, Math.min(1 - CHANCE_MIN, chance));
  }
}
