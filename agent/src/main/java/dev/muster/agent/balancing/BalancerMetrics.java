package dev.muster.agent.balancing;

import dev.muster.balancer.Balancer;
import dev.muster.balancer.observe.Metric;
import dev.muster.balancer.observe.Statistics;
import dev.muster.consul.agent.Metrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The balancer's numbers in the form of the API. Empty when there is no balancer.
public final class BalancerMetrics implements Metrics {
  private final Optional<Balancer> balancer;
  private final Optional<Table> table;

  /// @param balancer empty if there is none
  /// @param table what it is told; empty if nothing is
  public BalancerMetrics(Optional<Balancer> balancer, Optional<Table> table) {
    this.balancer = balancer;
    this.table = table;
  }

  @Override
  public List<Counter> counters() {
    List<Counter> counters = new ArrayList<>();
    balancer.ifPresent(it -> counters.addAll(counters(it.statistics())));
    for (Metric metric : metrics()) {
      if (metric instanceof Metric.Counter(var name, var labels, long count)) {
        counters.add(new Counter(name, labels, count));
      }
    }
    return counters;
  }

  private List<Metric> metrics() {
    return balancer.map(it -> it.insight().metrics()).orElse(List.of());
  }

  @Override
  public List<Gauge> gauges() {
    List<Gauge> gauges = new ArrayList<>();
    table.ifPresent(it -> gauges.add(new Gauge("muster.balancer.kept", Map.of(), it.keptCount())));
    for (Metric metric : metrics()) {
      if (metric instanceof Metric.Gauge(var name, var labels, double value)) {
        gauges.add(new Gauge(name, labels, value));
      }
    }
    return gauges;
  }

  @Override
  public List<Histogram> histograms() {
    List<Histogram> histograms = new ArrayList<>();
    for (Metric metric : metrics()) {
      if (metric
          instanceof Metric.Histogram(var name, var labels, var bounds, var counts, double sum)) {
        histograms.add(new Histogram(name, labels, bounds, counts, sum));
      }
    }
    return histograms;
  }

  private static List<Counter> counters(Statistics statistics) {
    List<Counter> counters = new ArrayList<>();
    counters.add(new Counter("muster.balancer.request", Map.of(), statistics.requests()));
    counters.add(new Counter("muster.balancer.retry", Map.of(), statistics.retries()));
    statistics
        .failures()
        .forEach(
            (failure, count) -> {
              String reason = failure.name().toLowerCase(Locale.ROOT);
              counters.add(new Counter("muster.balancer.failure", Map.of("reason", reason), count));
            });
    statistics
        .instances()
        .forEach(
            (instance, numbers) -> {
              Map<String, String> labels = Map.of("instance", instance);
              counters.add(
                  new Counter("muster.balancer.instance.request", labels, numbers.requests()));
              counters.add(
                  new Counter("muster.balancer.instance.failure", labels, numbers.failures()));
            });
    return counters;
  }
}
