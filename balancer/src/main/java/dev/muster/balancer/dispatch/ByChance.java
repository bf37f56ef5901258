package dev.muster.balancer.dispatch;

/// Chance by weight, as nginx's `random`.
final class ByChance implements Strategy {
  private final Pool pool;
  private final Turns turns;
  private final Lottery lottery;

  ByChance(Pool pool, Turns turns, Lottery lottery) {
    this.pool = pool;
    this.turns = turns;
    this.lottery = lottery;
  }

  @Override
  public int pick(Choice choice, boolean isDry) {
    for (int draws = 0; pool.size() > 1 && draws < Lottery.DRAWS_MAX; draws++) {
      int slot = lottery.draw(choice.random(), choice.now());
      if (slot >= 0 && pool.isOpen(slot, choice)) {
        return slot;
      }
    }
    return turns.pick(choice, isDry);
  }
}
