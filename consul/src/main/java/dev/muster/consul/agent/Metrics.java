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

  default List<Histogram> histograms() {
    return List.of();
  }

  /// A number that only grows, such as `muster.balancer.request` by service and instance.
  record Counter(String name, Map<String, String> labels, long count) {}

  /// A number that goes up and down.
  record Gauge(String name, Map<String, String> labels, double value) {}

  /// How many were how large.
  ///
  /// @param bounds growing
  /// @param counts of those within each bound and above the one before, and of those above all
  record Histogram(
      String name, Map<String, String> labels, List<Double> bounds, List<Long> counts, double sum) {
    public Histogram {
      labels = Map.copyOf(labels);
      bounds = List.copyOf(bounds);
      counts = List.copyOf(counts);
    }

    /// How many there were.
    public long count() {
      return counts.stream().mapToLong(Long::longValue).sum();
    }
  }
}
