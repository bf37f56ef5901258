package dev.muster.balancer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Everything that is reached under one host and path prefix. Immutable but for the rotations, each
/// of which belongs to one event loop, and for the link to the route that replaced this one.
final class Route {
  private static final long SCALE = 1_000_000;

  /// An instance as one route uses it.
  ///
  /// @param weight its share of what the instances with a share of their own leave over
  /// @param share its own share of the route's traffic, 0 to 1; 0 for none
  /// @param strip how many octets of the matched path are not sent to it
  record Target(Instance instance, boolean isPassing, int weight, double share, int strip) {}

  /// Where a route applies.
  ///
  /// @param host in lower case; `*.suffix` for every host below it, empty for all hosts
  /// @param path a path prefix without a slash at its end, empty for all paths
  record Key(String host, String path) {
    @Override
    public String toString() {
      return host + (path.isEmpty() ? "/" : path);
    }
  }

  final Key key;
  final List<Target> targets;
  private final Rotation[] rotations;
  private volatile @Nullable Route successor;

  Route(Key key, List<Target> all, int loops) {
    this.key = key;
    this.targets = all.stream().filter(Target::isPassing).toList();
    long[] weights = weights(targets);
    this.rotations = new Rotation[loops];
    for (int i = 0; i < loops; i++) {
      rotations[i] = new Rotation(targets, weights, i);
    }
  }

  /// The index in [#targets] whose turn it is in a loop, or -1.
  int next(int loop, @Nullable Tries tries, long now) {
    return rotations[loop].next(tries, now);
  }

  int indexOf(Instance instance) {
    for (int i = 0; i < targets.size(); i++) {
      if (targets.get(i).instance() == instance) {
        return i;
      }
    }
    return -1;
  }

  void replacedBy(Route next) {
    successor = next;
  }

  /// The route as it is now, for a request that was routed a while ago.
  Route latest() {
    Route latest = this;
    for (Route next = successor; next != null; next = latest.successor) {
      latest = next;
    }
    return latest;
  }

  /// Shares as Fabio gives them: an instance with a share of its own gets that part of the route's
  /// traffic (all such shares are scaled down to 1 if they exceed it, and up to 1 if there is no
  /// other instance); the others divide the rest by their weights.
  static long[] weights(List<Target> targets) {
    double shares = 0;
    long others = 0;
    boolean hasOthers = false;
    for (Target target : targets) {
      shares += target.share();
      if (target.share() == 0) {
        others += target.weight();
        hasOthers = true;
      }
    }
    double scale = shares > 1 || (shares > 0 && !hasOthers) ? 1 / shares : 1;
    double rest = Math.max(0, 1 - shares);
    long[] weights = new long[targets.size()];
    for (int i = 0; i < weights.length; i++) {
      Target target = targets.get(i);
      if (shares == 0) {
        weights[i] = target.weight();
      } else if (target.share() > 0) {
        weights[i] = Math.max(1, Math.round(target.share() * scale * SCALE));
      } else {
        weights[i] = others == 0 ? 0 : Math.round(rest * SCALE * target.weight() / others);
      }
    }
    return weights;
  }
}
