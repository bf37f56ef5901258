package dev.muster.balancer.upstream;

import dev.muster.balancer.dispatch.Member;
import dev.muster.balancer.dispatch.Members;
import dev.muster.balancer.session.Roster;
import dev.muster.balancer.session.Sessions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who is in a cluster at one moment, and how to choose among them. Immutable but for the turns,
/// each of which belongs to one event loop.
public final class Membership {
  private final List<Target> targets;
  private final Members members;
  private final @Nullable Roster roster;

  Membership(List<Target> targets, Rules rules, int loops, @Nullable Membership previous) {
    this.targets = List.copyOf(targets);
    this.members =
        Members.of(
            this.targets.stream().map(Target::member).toList(),
            rules.policy(),
            loops,
            previous == null ? null : previous.members);
    Sessions sessions = rules.sessions();
    this.roster =
        sessions == null
            ? null
            : sessions.roster(members.members(), this.targets.stream().map(Target::route).toList());
  }

  /// All of them, those that get no request at the moment too.
  public List<Target> targets() {
    return targets;
  }

  /// The same, in the same order, as they are chosen by.
  public Members members() {
    return members;
  }

  /// The same, as sessions know them; null if there are no sessions.
  public @Nullable Roster roster() {
    return roster;
  }

  /// Whether there is somebody who takes new requests.
  public boolean isServing() {
    for (int i = 0; i < targets.size(); i++) {
      Member member = targets.get(i).member();
      if (member.isHealthy() && !member.isDraining()) {
        return true;
      }
    }
    return false;
  }

  /// The index of an instance, or -1.
  public int indexOf(Instance instance) {
    for (int i = 0; i < targets.size(); i++) {
      if (targets.get(i).instance() == instance) {
        return i;
      }
    }
    return -1;
  }

  /// How many requests are on their way to them.
  public int active() {
    int active = 0;
    for (int i = 0; i < targets.size(); i++) {
      active += targets.get(i).instance().load().active();
    }
    return active;
  }
}
