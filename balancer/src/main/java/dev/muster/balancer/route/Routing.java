package dev.muster.balancer.route;

import dev.muster.balancer.config.ListenConfig.Socket;
import dev.muster.balancer.config.SessionKey;
import dev.muster.balancer.observe.Ledgers;
import dev.muster.balancer.upstream.Catalog;
import dev.muster.balancer.upstream.Rules;
import java.util.Map;
import java.util.function.Supplier;

/// The routing table as it is now. Any thread reads it; writers take turns.
public final class Routing {
  private volatile RoutingTable table = new RoutingTable(Map.of(), TagRoutes.NONE);

  /// Starts with a table that follows the tags of a catalog.
  ///
  /// @param ledgers where their requests are entered
  /// @param key what session cookies are signed with
  /// @param rules of the clusters of those tags
  public static Routing of(
      Catalog catalog, int loops, Ledgers ledgers, SessionKey key, Supplier<Rules> rules) {
    var routing = new Routing();
    catalog.follow(new TagRouting(loops, ledgers, key, rules, routing::publish));
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
