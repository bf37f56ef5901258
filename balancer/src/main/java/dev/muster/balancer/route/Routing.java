package dev.muster.balancer.route;

import dev.muster.balancer.config.ListenConfig.Socket;
import dev.muster.balancer.upstream.Catalog;
import java.util.Map;

/// The routing table as it is now. Any thread reads it; writers take turns.
public final class Routing {
  private volatile RoutingTable table = new RoutingTable(Map.of(), TagRoutes.NONE);

  /// Starts with a table that follows the tags of a catalog.
  public static Routing of(Catalog catalog, int loops) {
    var routing = new Routing();
    catalog.follow(new TagRouting(loops, routing::publish));
    return routing;
  }

  /// The table; the same for all of one request.
  public RoutingTable table() {
    return table;
  }

  private synchronized void publish(TagRoutes tags) {
    table = table.with(tags);
  }

  /// Puts other virtual servers in place.
  public synchronized void replace(Map<Socket, Hosts> hosts) {
    table = table.with(hosts);
  }
}
