package dev.muster.balancer.dispatch;

/// The better of two different members drawn by chance and weight, as nginx's `random two`; of
/// equals the first, so that shares follow weights also when there are two members only. With
/// many loops and balancers that see each other's effects late, this does not make all of them
/// run to the same best member.
final class OfTwo implements Strategy {
  private final Pool pool;
  private final Turns turns;
  private final Lottery lottery;
  private final Measure measure;

  OfTwo(Pool pool, Turns turns, Lottery lottery, Measure measure) {
    this.pool = pool;
    this.turns = turns;
    this.lottery = lottery;
    this.measure = measure;
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
        return isBetter(slot, first, now) ? slot : first;
      }
      first = slot;
    }
    return turns.pick(choice, isDry);
  }

  private boolean isBetter(int one, int other, long now) {
    return measure.of(pool.member(one).load(), now) * pool.weight(other, now)
        < measure.of(pool.member(other).load(), now) * pool.weight(one, now);
  }
}
