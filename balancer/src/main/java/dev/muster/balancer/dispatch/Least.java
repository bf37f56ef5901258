package dev.muster.balancer.dispatch;

/// The member with the least of a measure for its weight; equals take turns, counted from the
/// first of them on, as with nginx. Looks at all members.
final class Least implements Strategy {
  private final Pool pool;
  private final Turns turns;
  private final Measure measure;

  Least(Pool pool, Turns turns, Measure measure) {
    this.pool = pool;
    this.turns = turns;
    this.measure = measure;
  }

  @Override
  public int pick(Choice choice, boolean isDry) {
    long now = choice.now();
    int first = NOBODY;
    double least = 0;
    double leastWeight = 1;
    boolean hasEquals = false;
    for (int slot = 0; slot < pool.size(); slot++) {
      if (!pool.isOpen(slot, choice)) {
        continue;
      }
      double cost = measure.of(pool.member(slot).load(), now);
      double weight = pool.weight(slot, now);
      if (first < 0 || cost * leastWeight < least * weight) {
        first = slot;
        least = cost;
        leastWeight = weight;
        hasEquals = false;
      } else if (cost * leastWeight == least * weight) {
        hasEquals = true;
      }
    }
    return hasEquals ? turn(first, least / leastWeight, choice, isDry) : first;
  }

  private int turn(int first, double leastPerWeight, Choice choice, boolean isDry) {
    long now = choice.now();
    int best = first;
    long bestCredit = Long.MIN_VALUE;
    long total = 0;
    for (int slot = first; slot < pool.size(); slot++) {
      double weight = pool.weight(slot, now);
      // Loads move while we look: whoever became better counts as equal.
      if (pool.isOpen(slot, choice)
          && measure.of(pool.member(slot).load(), now) <= leastPerWeight * weight * (1 + 1e-12)) {
        long credit = turns.gain(slot, now, isDry);
        total += (long) weight;
        if (credit > bestCredit) {
          best = slot;
          bestCredit = credit;
        }
      }
    }
    return turns.pay(best, total, isDry);
  }
}
