package dev.muster.balancer.route;

import dev.muster.balancer.pipeline.Location;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The routes that services ask for by tags, found by host and path: the exact host first, then
/// `*.suffix` from the longest, then no host; under each the longest prefix that ends at a segment
/// boundary. Immutable.
final class TagRoutes {
  static final TagRoutes NONE = new TagRoutes(Map.of());

  private final Map<RouteKey, Location> routes;
  private final OctetMap<OctetMap<Location>> exactHosts;
  private final OctetMap<OctetMap<Location>> wildcards;
  private final @Nullable OctetMap<Location> anyHost;

  TagRoutes(Map<RouteKey, Location> routes) {
    this.routes = Map.copyOf(routes);
    Map<String, Map<String, Location>> byHost = new HashMap<>();
    routes.forEach(
        (key, location) ->
            byHost.computeIfAbsent(key.host(), _ -> new HashMap<>()).put(key.path(), location));
    Map<String, OctetMap<Location>> exact = new HashMap<>();
    Map<String, OctetMap<Location>> suffixes = new HashMap<>();
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

  /// All of them.
  Map<RouteKey, Location> routes() {
    return routes;
  }

  /// The route for a host in lower case without port, and a normal path; null if there is none.
  @Nullable Location find(byte[] host, int hostLength, byte[] path, int pathStart, int pathEnd) {
    if (!exactHosts.isEmpty()) {
      Location found = under(exactHosts.find(host, 0, hostLength), path, pathStart, pathEnd);
      if (found != null) {
        return found;
      }
    }
    if (!wildcards.isEmpty()) {
      for (int at = 1; at < hostLength; at++) {
        if (host[at] == '.') {
          Location found = under(wildcards.find(host, at, hostLength), path, pathStart, pathEnd);
          if (found != null) {
            return found;
          }
        }
      }
    }
    return under(anyHost, path, pathStart, pathEnd);
  }

  private static @Nullable Location under(
      @Nullable OctetMap<Location> paths, byte[] path, int start, int end) {
    return paths == null ? null : paths.findLongestPrefix(path, start, end);
  }
}
