package dev.muster.balancer;

import dev.muster.balancer.Endpoint.State;
import dev.muster.balancer.Statistics.InstanceStatistics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The instances and routes of every service: turns endpoints and their tags into the routing
/// table. The lock orders writers; readers take the table as it is.
final class Catalog implements Endpoints {
  private static final Logger log = LoggerFactory.getLogger(Catalog.class);

  private final int loops;
  private final Map<String, Map<String, Instance>> instances = new HashMap<>();
  private final Map<String, Set<String>> reportedTags = new HashMap<>();
  private volatile RoutingTable table;

  Catalog(int loops) {
    this.loops = loops;
    this.table = RoutingTable.empty(loops);
  }

  RoutingTable table() {
    return table;
  }

  @Override
  public synchronized void replace(String service, List<Endpoint> endpoints) {
    Map<String, Instance> before = instances.getOrDefault(service, Map.of());
    Map<String, Instance> after = new HashMap<>();
    Map<Route.Key, List<Route.Target>> targets = new HashMap<>();
    Set<String> malformed = new HashSet<>();
    for (Endpoint endpoint : endpoints) {
      if (!endpoint.service().equals(service)) {
        throw new IllegalArgumentException(
            "endpoint %s is of service %s, not %s"
                .formatted(endpoint.id(), endpoint.service(), service));
      }
      Instance known = before.get(endpoint.id());
      Instance instance =
          known != null && known.isAt(endpoint.address(), endpoint.port())
              ? known
              : new Instance(endpoint.id(), endpoint.address(), endpoint.port(), loops);
      if (after.putIfAbsent(endpoint.id(), instance) == null) {
        addTargets(endpoint, instance, targets, malformed);
      }
    }
    report(service, malformed);
    table = table.with(service, targets);
    before.values().stream()
        .filter(instance -> after.get(instance.id) != instance)
        .forEach(Instance::leave);
    if (after.isEmpty()) {
      instances.remove(service);
    } else {
      instances.put(service, after);
    }
  }

  private static void addTargets(
      Endpoint endpoint,
      Instance instance,
      Map<Route.Key, List<Route.Target>> targets,
      Set<String> malformed) {
    boolean isPassing =
        endpoint.state() == State.PASSING && endpoint.port() != 0 && !endpoint.address().isBlank();
    Set<Route.Key> seen = new HashSet<>();
    for (String tag : endpoint.tags()) {
      if (!tag.startsWith(RouteTag.PREFIX)) {
        continue;
      }
      switch (RouteTag.parse(tag)) {
        case RouteTag.Malformed(String why) -> malformed.add("'" + tag + "' is ignored: " + why);
        case RouteTag.Valid(Route.Key key, int strip, double share) -> {
          if (seen.add(key)) {
            targets
                .computeIfAbsent(key, _ -> new ArrayList<>())
                .add(new Route.Target(instance, isPassing, endpoint.weight(), share, strip));
          }
        }
      }
    }
  }

  // Once per tag, not once per change of the service.
  private void report(String service, Set<String> malformed) {
    Set<String> known = reportedTags.getOrDefault(service, Set.of());
    for (String tag : malformed) {
      if (!known.contains(tag)) {
        log.warn("service {}: tag {}", printable(service), printable(tag));
      }
    }
    if (malformed.isEmpty()) {
      reportedTags.remove(service);
    } else {
      reportedTags.put(service, malformed);
    }
  }

  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }

  synchronized Map<String, InstanceStatistics> statistics() {
    Map<String, InstanceStatistics> found = new HashMap<>();
    for (Map<String, Instance> known : instances.values()) {
      for (Instance instance : known.values()) {
        found.put(
            instance.id, new InstanceStatistics(instance.requests.sum(), instance.failures.sum()));
      }
    }
    return found;
  }
}
