package dev.muster.consul.agent;

import java.util.List;
import java.util.Map;

/// Where `/v1/agent/metrics` gets its numbers from. Thread-safe.
@FunctionalInterface
public interface Metrics {
  List<Counter> counters();

  default List<Gauge> gauges() {
    return List.of();
  }

  /// A number that only grows, such as `muster.balancer.request` by service and instance.
  record Counter(String name, Map<String, String> labels, long count) {}

  /// A number that goes up and down.
  record Gauge(String name, Map<String, String> labels, double value) {}
}
