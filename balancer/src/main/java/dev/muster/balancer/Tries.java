package dev.muster.balancer;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The instances one request has met: those that had their turn, and those of which only a kept
/// connection turned out dead, which get a new connection when no other instance is left.
final class Tries {
  private final List<Instance> had = new ArrayList<>(2);
  private final List<Instance> deadConnection = new ArrayList<>(2);

  void add(Instance instance, boolean isReused) {
    (isReused ? deadConnection : had).add(instance);
  }

  boolean contains(Instance instance) {
    return had.contains(instance) || deadConnection.contains(instance);
  }

  @Nullable Instance nextDeadConnection() {
    for (Instance instance : deadConnection) {
      if (!had.contains(instance)) {
        return instance;
      }
    }
    return null;
  }

  int count() {
    return had.size() + deadConnection.size();
  }
}
