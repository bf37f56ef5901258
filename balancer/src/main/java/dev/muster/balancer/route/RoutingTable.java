package dev.muster.balancer.route;

import dev.muster.balancer.config.ListenConfig.Socket;
import dev.muster.balancer.pipeline.Location;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where every request goes: the virtual servers of each socket, and the routes that services ask
/// for by tags. Immutable; another takes its place by one write.
public final class RoutingTable {
  private final Map<Socket, Hosts> hosts;
  private final TagRoutes tags;

  RoutingTable(Map<Socket, Hosts> hosts, TagRoutes tags) {
    this.hosts = Map.copyOf(hosts);
    this.tags = tags;
  }

  /// The virtual servers behind a socket, or null.
  public @Nullable Hosts hosts(Socket socket) {
    return hosts.isEmpty() ? null : hosts.get(socket);
  }

  /// The route that services ask for, for a host in lower case without port, and a normal path;
  /// null if there is none.
  public @Nullable Location byTag(
      byte[] host, int hostLength, byte[] path, int pathStart, int pathEnd) {
    return tags.find(host, hostLength, path, pathStart, pathEnd);
  }

  /// The sockets that virtual servers are behind.
  public Set<Socket> sockets() {
    return hosts.keySet();
  }

  /// The routes that services ask for, in order.
  public List<TagRoute> tagRoutes() {
    return tags.routes().entrySet().stream()
        .map(route -> new TagRoute(route.getKey().host(), route.getKey().path(), route.getValue()))
        .sorted(Comparator.comparing(TagRoute::host).thenComparing(TagRoute::path))
        .toList();
  }

  /// A route that services ask for.
  ///
  /// @param host exact, `*.suffix`, or empty for any
  /// @param path the start of the paths it is for
  /// @param location what is done
  public record TagRoute(String host, String path, Location location) {}

  RoutingTable with(TagRoutes others) {
    return new RoutingTable(hosts, others);
  }
}
