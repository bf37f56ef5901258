package dev.muster.balancer.proxy;

import dev.muster.balancer.config.ListenConfig.Socket;
import dev.muster.balancer.observe.Traffic;
import dev.muster.balancer.route.Hosts;
import dev.muster.balancer.route.RoutingTable;
import org.jspecify.annotations.Nullable;

/// A socket that clients come in by, as one loop sees it.
final class Entrance {
  private final Socket socket;
  private final boolean followsTags;
  private final Traffic traffic;
  private @Nullable RoutingTable table;
  private @Nullable Hosts hosts;

  /// @param followsTags whether the routes that services ask for are reached here
  Entrance(Socket socket, boolean followsTags, Traffic traffic) {
    this.socket = socket;
    this.followsTags = followsTags;
    this.traffic = traffic;
  }

  Socket socket() {
    return socket;
  }

  boolean followsTags() {
    return followsTags;
  }

  /// What came in by it.
  Traffic traffic() {
    return traffic;
  }

  /// Whether its connections start with a PROXY protocol header.
  boolean takesProxyProtocol(RoutingTable current) {
    Hosts behind = hosts(current);
    return behind != null && behind.takesProxyProtocol();
  }

  /// The virtual servers behind it in a table, or null.
  @Nullable Hosts hosts(RoutingTable current) {
    if (table != current) {
      table = current;
      hosts = current.hosts(socket);
    }
    return hosts;
  }
}
