package dev.muster.balancer.upstream;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Smooth weighted round robin over the instances of a cluster: every turn each eligible
/// instance gains its weight, the richest is taken and pays what all gained, so that a heavy
/// instance's turns are spread out. Not thread-safe: every event loop has its own, with its own
/// start so that loops do not take turns in step.
final class Rotation {
  private final List<Target> targets;
  private final long[] weights;
  private final long[] credits;

  Rotation(List<Target> targets, int start) {
    this.targets = targets;
    this.weights = targets.stream().mapToLong(Target::weight).toArray();
    this.credits = new long[weights.length];
    int turns = weights.length == 0 ? 0 : start % weights.length;
    for (int i = 0; i < turns; i++) {
      next(null, 0);
    }
  }

  /// The index of the next instance that was not tried, or -1. Instances that are skipped for a
  /// while, and then those without weight, are taken only if there is no other.
  int next(@Nullable Tries tries, long now) {
    int best = richest(tries, now, false);
    if (best < 0) {
      best = richest(tries, now, true);
    }
    for (int i = 0; best < 0 && i < weights.length; i++) {
      if (tries == null || !tries.contains(targets.get(i).instance())) {
        best = i;
      }
    }
    return best;
  }

  private int richest(@Nullable Tries tries, long now, boolean takesSkipped) {
    int best = -1;
    long total = 0;
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] == 0) {
        continue;
      }
      Instance instance = targets.get(i).instance();
      if ((!takesSkipped && instance.isSkipped(now))
          || (tries != null && tries.contains(instance))) {
        continue;
      }
      credits[i] += weights[i];
      total += weights[i];
      if (best < 0 || credits[i] > credits[best]) {
        best = i;
      }
    }
    if (best >= 0) {
      credits[best] -= total;
    }
    return best;
  }
}
