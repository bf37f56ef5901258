package dev.muster.balancer.dispatch;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The members of a cluster that stand or fall together: same priority, with or without weight.
/// Immutable.
///
/// @param near the members to choose from; if the level is divided by zones, those of the own
///     zone
/// @param far those of other zones; null if the level is not divided
/// @param nearChance how often the own zone comes first: 1 while the share of its weight that is
///     healthy is at least that of the whole level, and less in proportion below. That supposes
///     balancers to be spread over the zones as the instances are.
/// @param table what hashing looks keys up in; null for algorithms without
/// @param healthy members that are healthy and not draining, of
/// @param size all of them
record Level(
    int priority,
    boolean hasWeight,
    boolean isPanicking,
    Pool near,
    @Nullable Pool far,
    double nearChance,
    @Nullable KeyTable table,
    int healthy,
    int size) {

  static Level of(
      List<Member> cluster,
      List<Integer> positions,
      int priority,
      Policy policy,
      boolean isAnyHealthy,
      int index,
      @Nullable Members previous) {
    int healthy = healthy(cluster, positions);
    boolean isPanicking =
        healthy * 100L < (long) policy.panicPercent() * positions.size()
            && (healthy > 0 || !isAnyHealthy);
    if (policy.algorithm().isHashing()) {
      // Keys keep their home while a member is unhealthy, so that only its own keys move: all
      // members are in the table, and those that may not be taken are passed over.
      Pool pool = pool(cluster, positions, policy, isPanicking);
      KeyTable table = KeyTable.of(pool, policy.algorithm(), table(previous, index));
      return new Level(
          priority, true, isPanicking, pool, null, 1, table, healthy, positions.size());
    }
    List<Integer> usable = new ArrayList<>(positions);
    usable.removeIf(position -> !isUsable(cluster.get(position), isPanicking));
    List<Integer> near = new ArrayList<>(usable);
    List<Integer> far = new ArrayList<>(usable);
    near.removeIf(position -> !isNear(cluster.get(position), policy));
    far.removeAll(near);
    boolean isDivided = !policy.zone().isEmpty() && !near.isEmpty() && !far.isEmpty();
    return new Level(
        priority,
        true,
        isPanicking,
        pool(cluster, isDivided ? near : usable, policy, isPanicking),
        isDivided ? pool(cluster, far, policy, isPanicking) : null,
        isDivided ? nearChance(cluster, positions, policy, isPanicking) : 1,
        null,
        healthy,
        positions.size());
  }

  /// Members without weight; they take plain turns, when no other is left.
  static Level weightless(List<Member> cluster, List<Integer> positions, int priority) {
    Pool pool = pool(cluster, positions, Policy.of(Algorithm.ROUND_ROBIN), false);
    int healthy = healthy(cluster, positions);
    return new Level(priority, false, false, pool, null, 1, null, healthy, positions.size());
  }

  private static @Nullable KeyTable table(@Nullable Members previous, int index) {
    return previous == null || index >= previous.levels().size()
        ? null
        : previous.levels().get(index).table();
  }

  private static int healthy(List<Member> cluster, List<Integer> positions) {
    int healthy = 0;
    for (int position : positions) {
      healthy += isUsable(cluster.get(position), false) ? 1 : 0;
    }
    return healthy;
  }

  private static boolean isUsable(Member member, boolean isPanicking) {
    return (member.isHealthy() || isPanicking) && !member.isDraining();
  }

  private static boolean isNear(Member member, Policy policy) {
    return member.zone().equals(policy.zone());
  }

  private static double nearChance(
      List<Member> cluster, List<Integer> positions, Policy policy, boolean isPanicking) {
    double nearWeight = 0;
    double nearHealthy = 0;
    double weight = 0;
    double healthy = 0;
    for (int position : positions) {
      Member member = cluster.get(position);
      double usable = isUsable(member, isPanicking) ? member.weight() : 0;
      weight += member.weight();
      healthy += usable;
      if (isNear(member, policy)) {
        nearWeight += member.weight();
        nearHealthy += usable;
      }
    }
    return Math.min(1, nearHealthy / nearWeight / (healthy / weight));
  }

  private static Pool pool(
      List<Member> cluster, List<Integer> positions, Policy policy, boolean isPanicking) {
    int[] at = new int[positions.size()];
    boolean[] usable = new boolean[at.length];
    for (int slot = 0; slot < at.length; slot++) {
      at[slot] = positions.get(slot);
      usable[slot] = isUsable(cluster.get(at[slot]), isPanicking);
    }
    return new Pool(cluster, at, usable, policy.slowStart().toNanos());
  }

  /// Whether anyone of it may be taken.
  boolean isUsable() {
    return healthy > 0 || isPanicking;
  }

  /// How well a cluster with these levels is off.
  static Members.State state(List<Member> cluster, List<Level> levels) {
    for (Level level : levels) {
      if (!level.isUsable()) {
        continue;
      }
      String who = level.priority == 0 ? "primaries" : "backups of priority " + level.priority;
      String counts =
          "%d of %d %s%s healthy"
              .formatted(
                  level.healthy, level.size, who, level.hasWeight ? " are" : " without weight are");
      if (level.isPanicking) {
        return new Members.State(
            Members.Kind.PANIC, "only " + counts + ", so all of them are used");
      }
      if (level.priority > 0) {
        return new Members.State(
            Members.Kind.BACKUP, "no member of a better priority is healthy; " + counts);
      }
      return new Members.State(Members.Kind.NORMAL, counts);
    }
    return new Members.State(
        Members.Kind.EMPTY,
        cluster.isEmpty()
            ? "there are no members"
            : "none of %d members is healthy and not draining".formatted(cluster.size()));
  }
}
