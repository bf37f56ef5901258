package dev.muster.consul.agent;

import java.util.List;
import java.util.Map;

/// Where `/v1/agent/metrics` gets its numbers from. Thread-safe.
@FunctionalInterface
public interface Metrics {
  List<Counter> counters();

  /// A number that only grows, such as `muster.balancer.request` by service and instance.
  record Counter(String name, Map<String, String> labels, long count) {}
}
