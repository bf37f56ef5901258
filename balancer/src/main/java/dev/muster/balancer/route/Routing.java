package dev.muster.balancer.route;

import dev.muster.balancer.chain.Chance;
import dev.muster.balancer.config.ChainConfig;
import dev.muster.balancer.config.ListenConfig.Socket;
import dev.muster.balancer.config.SessionKey;
import dev.muster.balancer.observe.Ledgers;
import dev.muster.balancer.upstream.Catalog;
import dev.muster.balancer.upstream.Cluster;
import dev.muster.balancer.upstream.Rules;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The routing table as it is now. Any thread reads it; writers take turns.
public final class Routing {
  private @Nullable TagRouting tags;
  private volatile RoutingTable table = new RoutingTable(Map.of(), TagRoutes.NONE);

  /// Starts with a table that follows the tags of a catalog.
  ///
  /// @param ledgers where their requests are entered
  /// @param key what session cookies are signed with
  /// @param rules of the clusters of those tags
  /// @param chance what decides for clients that are not bound to a split yet
  public static Routing of(
      Catalog catalog,
      int loops,
      Ledgers ledgers,
      SessionKey key,
      Supplier<Rules> rules,
      Chance chance) {
    var routing = new Routing();
    var tags = new TagRouting(loops, ledgers, key, rules, chance, routing::publish);
    catalog.follow(tags);
    routing.tags = tags;
    return routing;
  }

  /// The table; the same for all of one request.
  public RoutingTable table() {
    return table;
  }

  private synchronized void publish(TagRoutes tags) {
    table = table.with(tags);
  }

  /// Puts other virtual servers and other ways of requests to services in place. Called between two
  /// changes of the catalog.
  ///
  /// @param clusters that the chains name
  public void replace(
      Map<Socket, Hosts> hosts, Map<String, ChainConfig> chains, Map<String, Cluster> clusters) {
    TagRoutes others = Objects.requireNonNull(tags).follow(chains, clusters);
    synchronized (this) {
      table = new RoutingTable(hosts, others);
    }
  }
}
