package dev.muster.balancer.observe;

import java.util.List;
import java.util.Map;

/// A number the balancer has to tell, as it was when it was asked for. Its name is of words in
/// lower case with dots between them.
public sealed interface Metric {
  /// What it counts or measures.
  String name();

  /// Of what.
  Map<String, String> labels();

  /// One that only grows.
  ///
  /// @param count so far
  record Counter(String name, Map<String, String> labels, long count) implements Metric {
    /// Copies the labels.
    public Counter {
      labels = Map.copyOf(labels);
    }
  }

  /// One that goes up and down.
  ///
  /// @param value now
  record Gauge(String name, Map<String, String> labels, double value) implements Metric {
    /// Copies the labels.
    public Gauge {
      labels = Map.copyOf(labels);
    }
  }

  /// How many took how long.
  ///
  /// @param bounds in seconds, growing
  /// @param counts of those within each bound and above the one before, and of those above all
  /// @param sum of all in seconds
  record Histogram(
      String name, Map<String, String> labels, List<Double> bounds, List<Long> counts, double sum)
      implements Metric {
    /// Copies what it is given.
    public Histogram {
      labels = Map.copyOf(labels);
      bounds = List.copyOf(bounds);
      counts = List.copyOf(counts);
    }
  }
}
