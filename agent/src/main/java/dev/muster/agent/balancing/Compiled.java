package dev.muster.agent.balancing;

import dev.muster.balancer.config.Configuration;
import java.util.List;

/// What entries come to.
///
/// @param configuration what the balancer does
/// @param problems what it cannot do, a sentence each
record Compiled(Configuration configuration, List<String> problems) {
  Compiled {
    problems = List.copyOf(problems);
  }
}
