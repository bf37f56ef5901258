package dev.muster.balancer.upstream;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who is in a cluster at one moment, and whose turn it is. Immutable but for the turns, each of
/// which belongs to one event loop.
public final class Membership {
  private final List<Target> targets;
  private final Rotation[] rotations;

  Membership(List<Target> targets, int loops) {
    this.targets = List.copyOf(targets);
    this.rotations = new Rotation[loops];
    for (int i = 0; i < loops; i++) {
      rotations[i] = new Rotation(this.targets, i);
    }
  }

  /// Those that requests may go to.
  public List<Target> targets() {
    return targets;
  }

  /// The index of the one whose turn it is in a loop, or -1.
  public int next(int loop, @Nullable Tries tries, long now) {
    return rotations[loop].next(tries, now);
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
}
