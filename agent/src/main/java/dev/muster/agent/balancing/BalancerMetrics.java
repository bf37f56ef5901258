package dev.muster.agent;

import dev.muster.balancer.Balancer;
import dev.muster.balancer.observe.Statistics;
import dev.muster.consul.agent.Metrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The balancer's numbers in the form of the API. Empty when there is no balancer.
final class BalancerMetrics implements Metrics {
  private final Optional<Balancer> balancer;

  BalancerMetrics(Optional<Balancer> balancer) {
    this.balancer = balancer;
  }

  @Override
  public List<Counter> counters() {
    return balancer.map(it -> counters(it.statistics())).orElse(List.of());
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
