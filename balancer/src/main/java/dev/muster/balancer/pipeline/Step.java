package dev.muster.balancer.pipeline;

import dev.muster.balancer.request.Request;

/// One thing that is done with requests before they are answered. One per location, for all loops:
/// what it keeps between requests must be thread-safe.
@FunctionalInterface
public interface Step {
  /// Does it; never blocks.
  Verdict run(Request request, Turn turn);
}
