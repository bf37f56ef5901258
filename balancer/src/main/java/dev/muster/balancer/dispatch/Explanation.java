package dev.muster.balancer.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Which member a request would get and why.
///
/// @param chosen the index, or [Picker#NONE] or [Picker#FULL]
/// @param sentence the outcome in words
/// @param members what speaks for and against each, in the cluster's order
public record Explanation(
    Members.State state, int chosen, String sentence, List<Standing> members) {

  /// How one member stands.
  ///
  /// @param weight now, with slow start
  /// @param cost expected latency times requests, in milliseconds
  /// @param reason `chosen`, `may be chosen`, or what is against it
  public record Standing(
      String id,
      boolean isOpen,
      double weight,
      int active,
      double cost,
      int priority,
      String zone,
      String reason) {}

  /// Copies the list.
  public Explanation {
    members = List.copyOf(members);
  }

  static Explanation of(Members cluster, int chosen, Choice choice) {
    boolean[] panics = new boolean[cluster.members().size()];
    for (Level level : cluster.levels()) {
      for (int slot = 0; level.isPanicking() && slot < level.near().size(); slot++) {
        panics[level.near().position(slot)] = true;
      }
      Pool far = level.far();
      for (int slot = 0; level.isPanicking() && far != null && slot < far.size(); slot++) {
        panics[far.position(slot)] = true;
      }
    }
    List<Standing> standings = new ArrayList<>();
    for (int i = 0; i < panics.length; i++) {
      standings.add(standing(cluster, i, chosen, panics[i], choice));
    }
    return new Explanation(cluster.state(), chosen, sentence(cluster, chosen), standings);
  }

  private static String sentence(Members cluster, int chosen) {
    String state = cluster.state().sentence();
    if (chosen == Picker.FULL) {
      return "all members that may be taken are at their limit; " + state;
    }
    if (chosen < 0) {
      return "no member may be taken; " + state;
    }
    return "%s by %s; %s"
        .formatted(cluster.members().get(chosen).id(), cluster.policy().algorithm().words(), state);
  }

  private static Standing standing(
      Members cluster, int index, int chosen, boolean isPanicking, Choice choice) {
    Member member = cluster.members().get(index);
    long now = choice.now();
    boolean isHashing = cluster.policy().algorithm().isHashing();
    long weight =
        isHashing
            ? member.weight() * Pool.WEIGHT_UNIT
            : Pool.ramped(
                member.weight() * Pool.WEIGHT_UNIT,
                member.upSince(),
                cluster.policy().slowStart().toNanos(),
                now);
    String against = against(member, index, isPanicking, choice);
    String reason =
        index == chosen
            ? "chosen"
            : !against.isEmpty() ? against : passedOver(cluster, member, chosen);
    return new Standing(
        member.id(),
        against.isEmpty(),
        (double) weight / Pool.WEIGHT_UNIT,
        member.load().active(),
        Math.round(member.load().cost(now) / 1000) / 1000.0,
        member.priority(),
        member.zone(),
        reason);
  }

  private static String against(Member member, int index, boolean isPanicking, Choice choice) {
    if (member.isDraining()) {
      return "draining: takes no new requests";
    }
    if (!member.isHealthy() && !isPanicking) {
      return "unhealthy";
    }
    if (!choice.isEligible(index)) {
      return "ejected, or tried by this request";
    }
    if (!member.hasRoom()) {
      return String.format(
          Locale.ROOT, "full: %d of %d requests", member.load().active(), member.maxConnections());
    }
    return "";
  }

  private static String passedOver(Members cluster, Member member, int chosen) {
    if (chosen < 0) {
      // It became free while we looked.
      return "may be chosen";
    }
    Member winner = cluster.members().get(chosen);
    if (member.weight() == 0 && winner.weight() > 0) {
      return "without weight: only when no other is left";
    }
    if (member.priority() > winner.priority() && (member.weight() > 0 || winner.weight() == 0)) {
      return "a backup: only when no member of a better priority is left";
    }
    String zone = cluster.policy().zone();
    if (winner.zone().equals(zone)
        && !member.zone().equals(zone)
        && !zone.isEmpty()
        && !cluster.policy().algorithm().isHashing()) {
      return "in another zone: only when the own zone is not enough";
    }
    return "may be chosen";
  }
}
