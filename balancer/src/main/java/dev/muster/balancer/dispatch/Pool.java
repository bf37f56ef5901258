package dev.muster.balancer.dispatch;

import java.util.List;

/// Some members of a cluster among which an algorithm chooses, as slots from 0. Immutable.
final class Pool {
  /// What a weight of 1 is in effect, so that a tenth of it is still a whole number.
  static final long WEIGHT_UNIT = 1000;

  /// What a member begins its slow start with.
  private static final long FLOOR_PARTS = 10;

  private final Member[] members;
  private final int[] positions;
  private final boolean[] isUsable;
  private final long[] weights;
  private final long slowStartNanos;
  private final boolean isSlowStarting;

  /// @param positions where the slots' members are in the cluster
  /// @param usable who may be taken at all, by slot
  Pool(List<Member> cluster, int[] positions, boolean[] usable, long slowStartNanos) {
    this.positions = positions.clone();
    this.isUsable = usable.clone();
    this.slowStartNanos = slowStartNanos;
    int size = positions.length;
    members = new Member[size];
    weights = new long[size];
    boolean starting = false;
    for (int slot = 0; slot < size; slot++) {
      members[slot] = cluster.get(positions[slot]);
      weights[slot] = Math.max(1, members[slot].weight()) * WEIGHT_UNIT;
      starting |= members[slot].upSince() != Long.MIN_VALUE;
    }
    isSlowStarting = starting && slowStartNanos > 0 && size > 1;
  }

  int size() {
    return members.length;
  }

  Member member(int slot) {
    return members[slot];
  }

  /// Where the slot's member is in the cluster.
  int position(int slot) {
    return positions[slot];
  }

  boolean isOpen(int slot, Choice choice) {
    return isUsable[slot] && members[slot].hasRoom() && choice.isEligible(positions[slot]);
  }

  /// Whether the member is passed over for being full and nothing else.
  boolean isFull(int slot, Choice choice) {
    return isUsable[slot] && !members[slot].hasRoom() && choice.isEligible(positions[slot]);
  }

  int active(int slot) {
    return members[slot].load().active();
  }

  /// The weight without slow start, in [#WEIGHT_UNIT]s.
  long fullWeight(int slot) {
    return weights[slot];
  }

  boolean isSlowStarting() {
    return isSlowStarting;
  }

  /// The weight now, in [#WEIGHT_UNIT]s; at least 1.
  long weight(int slot, long now) {
    return isSlowStarting
        ? ramped(weights[slot], members[slot].upSince(), slowStartNanos, now)
        : weights[slot];
  }

  /// Grows linearly from a tenth to all over the time; all if it did not start.
  static long ramped(long weight, long upSince, long slowStartNanos, long now) {
    if (upSince == Long.MIN_VALUE) {
      return weight;
    }
    long up = Math.max(0, now - upSince);
    if (up >= slowStartNanos) {
      return weight;
    }
    long floor = weight / FLOOR_PARTS;
    return Math.max(1, floor + (long) ((double) (weight - floor) * up / slowStartNanos));
  }
}
