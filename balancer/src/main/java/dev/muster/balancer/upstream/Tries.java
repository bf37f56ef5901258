package dev.muster.balancer.upstream;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The instances one request has met: those that had their turn, and those of which only a kept
/// connection turned out dead, which get a new connection when no other instance is left.
public final class Tries {
  private final List<Instance> had = new ArrayList<>(2);
  private final List<Instance> deadConnection = new ArrayList<>(2);

  /// Notes one that had its turn.
  ///
  /// @param isReused whether only a kept connection to it was tried
  public void add(Instance instance, boolean isReused) {
    (isReused ? deadConnection : had).add(instance);
  }

  /// Whether an instance had its turn.
  public boolean contains(Instance instance) {
    return had.contains(instance) || deadConnection.contains(instance);
  }

  /// One of which only a kept connection was tried, or null.
  public @Nullable Instance nextDeadConnection() {
    for (Instance instance : deadConnection) {
      if (!had.contains(instance)) {
        return instance;
      }
    }
    return null;
  }

  /// How many turns there were.
  public int count() {
    return had.size() + deadConnection.size();
  }
}
