package dev.muster.dns;

import dev.muster.registry.catalog.Instance;
import dev.muster.registry.catalog.Service;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/// Puts instances into a random order in which the heavier ones tend to come first, so that
/// clients which take the first address share the load by weight, and so do answers that hold
/// only some.
final class WeightedOrder {
  /// Stands for no weight: later than any other, and never infinitely late, so that those of no
  /// weight are in a random order, too.
  private static final double HARDLY_ANY = 1e-300;

  private WeightedOrder() {}

  /// The share of an instance in its present state of health.
  static int weight(Instance instance) {
    Service.Weights weights = instance.service().definition().weights();
    int weight =
        switch (instance.status()) {
          case PASSING -> weights.passing();
          case WARNING -> weights.warning();
          case CRITICAL -> 0;
        };
    return Math.clamp(weight, 0, 0xFFFF);
  }

  /// Draws without putting back, each time in proportion to the weights of those left: everyone
  /// gets an exponential waiting time with its weight as the rate, and the soonest is first
  /// (Efraimidis and Spirakis, "Weighted random sampling with a reservoir", 2006). Those of no
  /// weight come last.
  static List<Instance> shuffle(List<Instance> instances, RandomGenerator random) {
    record Drawn(Instance instance, double waiting) {}
    List<Drawn> drawn = new ArrayList<>(instances.size());
    for (Instance instance : instances) {
      double waiting = random.nextExponential() / Math.max(weight(instance), HARDLY_ANY);
      drawn.add(new Drawn(instance, waiting));
    }
    drawn.sort(Comparator.comparingDouble(Drawn::waiting));
    return drawn.stream().map(Drawn::instance).toList();
  }

  /// Those that may get requests.
  static List<Instance> usable(List<Instance> instances, boolean onlyPassing) {
    return instances.stream()
        .filter(
            instance ->
                switch (instance.status()) {
                  case PASSING -> true;
                  case WARNING -> !onlyPassing;
                  case CRITICAL -> false;
                })
        .toList();
  }
}
