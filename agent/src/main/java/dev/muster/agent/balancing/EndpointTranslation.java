package dev.muster.agent.balancing;

import dev.muster.balancer.upstream.Endpoint;
import dev.muster.balancer.upstream.Endpoint.Facts;
import dev.muster.balancer.upstream.Endpoint.State;
import dev.muster.consul.filter.Elements;
import dev.muster.consul.filter.Filter;
import dev.muster.consul.filter.InvalidFilter;
import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.Instance;
import dev.muster.registry.catalog.Service.Weights;
import dev.muster.registry.entry.ServiceResolver;
import dev.muster.registry.entry.ServiceResolver.Subset;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Instances as the balancer knows them, from those of the registry.
final class EndpointTranslation {
  private static final Logger LOG = LoggerFactory.getLogger(EndpointTranslation.class);
  private static final int OUTPUT_MAX = 200;

  /// Keys of a node's meta that say where it is; the first that is there counts.
  private static final List<String> ZONE_KEYS = List.of("zone", "failure-domain");

  private final Elements elements;
  private final boolean takesWarned;

  /// @param takesWarned whether instances with a warning take new traffic
  EndpointTranslation(String datacenter, boolean takesWarned) {
    this.elements = new Elements(datacenter);
    this.takesWarned = takesWarned;
  }

  /// The instances of a service.
  ///
  /// @param service in lower case: the registry finds names without regard to case
  /// @param resolver says what parts the service has; null for none
  List<Endpoint> endpoints(
      String service, List<Instance> instances, @Nullable ServiceResolver resolver) {
    Map<String, Filter<Instance>> filters = filters(resolver);
    return instances.stream().map(each -> endpoint(service, each, resolver, filters)).toList();
  }

  private Map<String, Filter<Instance>> filters(@Nullable ServiceResolver resolver) {
    Map<String, Filter<Instance>> filters = new HashMap<>();
    if (resolver == null) {
      return filters;
    }
    resolver
        .subsets()
        .forEach(
            (name, subset) -> {
              if (!subset.filter().isEmpty()) {
                try {
                  filters.put(name, Filter.parse(subset.filter(), elements.healthService()));
                } catch (InvalidFilter e) {
                  LOG.warn(
                      "subset {} of service {} has nobody: {}",
                      name,
                      resolver.name(),
                      e.explanation());
                }
              }
            });
    return filters;
  }

  private Endpoint endpoint(
      String service,
      Instance instance,
      @Nullable ServiceResolver resolver,
      Map<String, Filter<Instance>> filters) {
    var definition = instance.service().definition();
    State state = state(instance);
    Weights weights = definition.weights();
    return new Endpoint(
        instance.node().name() + "/" + instance.service().id(),
        service,
        instance.address(),
        definition.port(),
        state == State.WARNING ? weights.warning() : weights.passing(),
        state,
        definition.tags(),
        new Facts(
            zone(instance),
            definition.meta(),
            groups(instance, state, resolver, filters),
            reason(instance),
            takesWarned));
  }

  private static Set<String> groups(
      Instance instance,
      State state,
      @Nullable ServiceResolver resolver,
      Map<String, Filter<Instance>> filters) {
    if (resolver == null || resolver.subsets().isEmpty()) {
      return Set.of();
    }
    Set<String> groups = new HashSet<>();
    resolver
        .subsets()
        .forEach(
            (name, subset) -> {
              boolean isWanted = !subset.onlyPassing() || state != State.WARNING;
              if (isWanted && isIn(subset, filters.get(name), instance)) {
                groups.add(name);
              }
            });
    return groups;
  }

  /// A filter that could not be read lets nobody in, lest a canary takes everything.
  private static boolean isIn(Subset subset, @Nullable Filter<Instance> filter, Instance instance) {
    return filter == null ? subset.filter().isEmpty() : filter.test(instance);
  }

  private static String zone(Instance instance) {
    for (String key : ZONE_KEYS) {
      String zone = instance.node().meta().get(key);
      if (zone != null && !zone.isBlank()) {
        return zone;
      }
    }
    return "";
  }

  private static State state(Instance instance) {
    if (instance.isInMaintenance()) {
      return State.MAINTENANCE;
    }
    return switch (instance.status()) {
      case PASSING -> State.PASSING;
      case WARNING -> State.WARNING;
      case CRITICAL -> State.CRITICAL;
    };
  }

  /// The check that made its state what it is, in words.
  private static String reason(Instance instance) {
    Optional<Check> maintenance =
        instance.checks().stream().filter(Check::isMaintenance).findFirst();
    if (maintenance.isPresent()) {
      String notes = maintenance.get().notes();
      return notes.isBlank() ? "in maintenance" : "in maintenance: " + firstLine(notes);
    }
    return instance.checks().stream()
        .filter(check -> check.status() != Check.Status.PASSING)
        .max(Comparator.comparing(Check::status))
        .map(EndpointTranslation::reason)
        .orElse("");
  }

  private static String reason(Check check) {
    String output = firstLine(check.output());
    String said = "check '%s' is %s".formatted(check.name(), check.status().word());
    return output.isBlank() ? said : said + ": " + output;
  }

  private static String firstLine(String text) {
    String line = text.strip().lines().findFirst().orElse("");
    return line.length() > OUTPUT_MAX ? line.substring(0, OUTPUT_MAX) + "…" : line;
  }
}
