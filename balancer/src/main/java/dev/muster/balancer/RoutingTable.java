package dev.muster.balancer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Every route, found by host and path: the exact host first, then `*.suffix` from the longest,
/// then no host; under each the longest prefix that ends at a segment boundary. Immutable; a change
/// of one service makes a new table in which only that service's routes are new.
final class RoutingTable {
  private final int loops;
  private final Map<String, Map<Route.Key, List<Route.Target>>> services;
  private final Map<Route.Key, Route> routes;
  private final OctetMap<OctetMap<Route>> exactHosts;
  private final OctetMap<OctetMap<Route>> wildcards;
  private final @Nullable OctetMap<Route> anyHost;

  private RoutingTable(
      int loops,
      Map<String, Map<Route.Key, List<Route.Target>>> services,
      Map<Route.Key, Route> routes) {
    this.loops = loops;
    this.services = services;
    this.routes = routes;
    Map<String, Map<String, Route>> byHost = new HashMap<>();
    routes.forEach(
        (key, route) ->
            byHost.computeIfAbsent(key.host(), _ -> new HashMap<>()).put(key.path(), route));
    Map<String, OctetMap<Route>> exact = new HashMap<>();
    Map<String, OctetMap<Route>> suffixes = new HashMap<>();
    byHost.forEach(
        (host, paths) -> {
          if (host.startsWith("*")) {
            suffixes.put(host.substring(1), new OctetMap<>(paths));
          } else {
            exact.put(host, new OctetMap<>(paths));
          }
        });
    this.anyHost = exact.remove("");
    this.exactHosts = new OctetMap<>(exact);
    this.wildcards = new OctetMap<>(suffixes);
  }

  /// A table without routes for so many event loops.
  static RoutingTable empty(int loops) {
    return new RoutingTable(loops, Map.of(), Map.of());
  }

  /// This table with other targets for one service; none at all if the service is gone.
  RoutingTable with(String service, Map<Route.Key, List<Route.Target>> targets) {
    Map<Route.Key, List<Route.Target>> before = services.getOrDefault(service, Map.of());
    if (before.equals(targets)) {
      return this;
    }
    Map<String, Map<Route.Key, List<Route.Target>>> nextServices = new HashMap<>(services);
    if (targets.isEmpty()) {
      nextServices.remove(service);
    } else {
      nextServices.put(service, Map.copyOf(targets));
    }
    Set<Route.Key> touched = new HashSet<>(before.keySet());
    touched.addAll(targets.keySet());
    Map<Route.Key, Route> nextRoutes = new HashMap<>(routes);
    for (Route.Key key : touched) {
      List<Route.Target> all = targetsOf(key, nextServices);
      Route old = nextRoutes.get(key);
      Route next = new Route(key, all, loops);
      if (old != null && old.targets.equals(next.targets) && !all.isEmpty()) {
        continue;
      }
      if (old != null) {
        old.replacedBy(next);
      }
      if (all.isEmpty()) {
        nextRoutes.remove(key);
      } else {
        nextRoutes.put(key, next);
      }
    }
    return new RoutingTable(loops, nextServices, nextRoutes);
  }

  private static List<Route.Target> targetsOf(
      Route.Key key, Map<String, Map<Route.Key, List<Route.Target>>> services) {
    List<Route.Target> all = new ArrayList<>();
    services.values().forEach(keys -> all.addAll(keys.getOrDefault(key, List.of())));
    all.sort(Comparator.comparing(target -> target.instance().id));
    return all;
  }

  /// The route for a host in lower case without port, and a normal path; null if there is none.
  @Nullable Route find(byte[] host, int hostLength, byte[] path, int pathStart, int pathEnd) {
    if (!exactHosts.isEmpty()) {
      Route found = under(exactHosts.find(host, 0, hostLength), path, pathStart, pathEnd);
      if (found != null) {
        return found;
      }
    }
    if (!wildcards.isEmpty()) {
      for (int at = 1; at < hostLength; at++) {
        if (host[at] == '.') {
          Route found = under(wildcards.find(host, at, hostLength), path, pathStart, pathEnd);
          if (found != null) {
            return found;
          }
        }
      }
    }
    return under(anyHost, path, pathStart, pathEnd);
  }

  private static @Nullable Route under(
      @Nullable OctetMap<Route> paths, byte[] path, int start, int end) {
    return paths == null ? null : paths.findLongestPrefix(path, start, end);
  }
}
