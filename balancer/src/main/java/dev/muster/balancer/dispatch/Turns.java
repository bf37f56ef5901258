package dev.muster.balancer.dispatch;

import java.util.Map;
import java.util.stream.IntStream;

/// Smooth weighted round robin: every turn each open member gains its weight, the richest is
/// taken and pays what all gained, so that a heavy member's turns are spread out (nginx's order).
/// The other algorithms use it to choose among equals. Belongs to one event loop.
final class Turns implements Strategy {
  private final Pool pool;
  private final long[] credits;
  private final int[] all;

  Turns(Pool pool) {
    this.pool = pool;
    this.credits = new long[pool.size()];
    this.all = IntStream.range(0, pool.size()).toArray();
  }

  @Override
  public int pick(Choice choice, boolean isDry) {
    return pickAmong(all, choice, isDry);
  }

  /// The same among these slots only.
  int pickAmong(int[] slots, Choice choice, boolean isDry) {
    long now = choice.now();
    int best = NOBODY;
    long bestCredit = 0;
    long total = 0;
    for (int slot : slots) {
      if (!pool.isOpen(slot, choice)) {
        continue;
      }
      long credit = gain(slot, now, isDry);
      total += pool.weight(slot, now);
      if (best < 0 || credit > bestCredit) {
        best = slot;
        bestCredit = credit;
      }
    }
    return pay(best, total, isDry);
  }

  /// What the slot has after gaining its weight.
  long gain(int slot, long now, boolean isDry) {
    long credit = credits[slot] + pool.weight(slot, now);
    if (!isDry) {
      credits[slot] = credit;
    }
    return credit;
  }

  /// Lets the chosen slot pay.
  int pay(int slot, long total, boolean isDry) {
    if (slot >= 0 && !isDry) {
      credits[slot] -= total;
    }
    return slot;
  }

  /// Notes everyone's credit as a share of all weights, by id.
  void saveTo(Map<String, Double> shares) {
    double total = totalWeight();
    for (int slot = 0; slot < credits.length; slot++) {
      shares.put(pool.member(slot).id(), credits[slot] / total);
    }
  }

  /// Goes on where others left off. Shares, not sums: weights may have been changed by orders of
  /// magnitude, and no one should wait for its turn longer than a round.
  void restoreFrom(Map<String, Double> shares) {
    double total = totalWeight();
    for (int slot = 0; slot < credits.length; slot++) {
      double share = shares.getOrDefault(pool.member(slot).id(), 0.0);
      credits[slot] = Math.round(Math.max(-1, Math.min(1, share)) * total);
    }
  }

  private double totalWeight() {
    double total = 0;
    for (int slot = 0; slot < credits.length; slot++) {
      total += pool.fullWeight(slot);
    }
    return total;
  }

  /// Takes turns on paper, so that loops do not take them in step.
  void skip(int turns) {
    for (int i = 0; i < turns; i++) {
      int best = 0;
      long total = 0;
      for (int slot = 0; slot < credits.length; slot++) {
        credits[slot] += pool.fullWeight(slot);
        total += pool.fullWeight(slot);
        if (credits[slot] > credits[best]) {
          best = slot;
        }
      }
      credits[best] -= total;
    }
  }
}
