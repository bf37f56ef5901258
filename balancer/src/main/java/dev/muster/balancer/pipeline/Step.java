package dev.muster.balancer.pipeline;

import dev.muster.balancer.request.Request;

/// One thing that is done with requests before they are answered. One per location, for all loops:
/// what it keeps between requests must be thread-safe.
@FunctionalInterface
public interface Step {
  /// Does it; never blocks.
  Verdict run(Request request, Turn turn);

  /// Whether it can be asked about a request that nobody sent: it changes nothing beyond the
  /// request, and never waits.
  default boolean isRepeatable() {
    return false;
  }
}
