package dev.muster.balancer.insight;

import dev.muster.balancer.config.Configuration;
import dev.muster.balancer.config.ListenConfig.Socket;
import dev.muster.balancer.config.LocationConfig;
import dev.muster.balancer.config.ProxyConfig;
import dev.muster.balancer.config.ServerConfig;
import dev.muster.balancer.config.ServerName;
import dev.muster.balancer.observe.Ledger;
import dev.muster.balancer.observe.Metric;
import dev.muster.balancer.observe.Metric.Counter;
import dev.muster.balancer.observe.Metric.Gauge;
import dev.muster.balancer.observe.Traffic;
import dev.muster.balancer.observe.Watch;
import dev.muster.balancer.route.Routing;
import dev.muster.balancer.route.RoutingTable;
import dev.muster.balancer.route.RoutingTable.TagRoute;
import dev.muster.balancer.upstream.Catalog;
import dev.muster.balancer.upstream.Cluster;
import dev.muster.balancer.upstream.Clusters;
import dev.muster.balancer.upstream.Instance;
import dev.muster.balancer.upstream.Resident;
import dev.muster.balancer.upstream.Rules;
import dev.muster.balancer.upstream.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// What can be asked of a running balancer; asking changes nothing. Thread-safe.
///
/// @param catalog who is registered
/// @param clusters of the configuration
/// @param routing where requests go
/// @param watch what is noted
/// @param own the socket where the routes are reached that services ask for
/// @param configuration what a file says
/// @param nanoTime the clock of the loops
/// @param random decides in answers where chance decides
public record Insight(
    Catalog catalog,
    Clusters clusters,
    Routing routing,
    Watch watch,
    Socket own,
    Configuration configuration,
    LongSupplier nanoTime,
    RandomGenerator random) {

  /// What it does now.
  public Description describe() {
    RoutingTable table = routing.table();
    Standings standings = standings();
    List<Description.Listener> listeners = new ArrayList<>();
    Set<Socket> sockets = new LinkedHashSet<>();
    sockets.add(own);
    sockets.addAll(table.sockets());
    for (Socket socket : sockets) {
      Traffic traffic = watch.entrances().of(socket);
      listeners.add(
          new Description.Listener(
              socket.toString(), socket.equals(own), traffic.requests(), traffic.active()));
    }
    Map<String, Ledger> ledgers = new HashMap<>();
    watch.ledgers().all().forEach(it -> ledgers.put(it.server() + "\n" + it.location(), it));
    List<Description.Server> servers =
        configuration.servers().stream().map(it -> server(it, ledgers)).toList();
    List<Description.Route> routes =
        table.tagRoutes().stream()
            .map(
                it ->
                    new Description.Route(
                        it.host(),
                        it.path(),
                        it.location().name(),
                        it.location().ledger().traffic().requests()))
            .toList();
    return new Description(
        listeners, servers, routes, allClusters().stream().map(standings::upstream).toList());
  }

  private Standings standings() {
    return new Standings(catalog, random, nanoTime.getAsLong());
  }

  private static Description.Server server(ServerConfig config, Map<String, Ledger> ledgers) {
    String name = config.called();
    List<Description.Location> locations = new ArrayList<>();
    addLocations(name, config.locations(), ledgers, locations);
    return new Description.Server(
        name,
        config.names().stream().map(ServerName::text).toList(),
        config.listens().stream().map(it -> it.socket().toString()).toList(),
        config.where(),
        locations);
  }

  private static void addLocations(
      String server,
      List<LocationConfig> configs,
      Map<String, Ledger> ledgers,
      List<Description.Location> locations) {
    for (LocationConfig config : configs) {
      String name = config.match().words();
      Ledger ledger = ledgers.get(server + "\n" + name);
      locations.add(
          new Description.Location(
              name, answer(config), ledger == null ? 0 : ledger.traffic().requests()));
      addLocations(server, config.nested(), ledgers, locations);
    }
  }

  private static String answer(LocationConfig config) {
    return config
        .proxy()
        .map(
            proxy ->
                switch (proxy.to()) {
                  case ProxyConfig.Target.Named(String upstream) -> "upstream " + upstream;
                  case ProxyConfig.Target.Computed(var url) -> "whoever is at " + url;
                })
        .orElse(config.instructions().isEmpty() ? "the balancer" : "its instructions");
  }

  /// What would become of a request.
  ///
  /// @throws IllegalArgumentException saying what is wrong with the question
  public Explained explain(Question question) {
    RoutingTable table = routing.table();
    Socket socket = own;
    if (question.port() != 0 && question.port() != own.port()) {
      socket =
          table.sockets().stream()
              .filter(it -> it.port() == question.port())
              .findFirst()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "the balancer does not listen on port " + question.port()));
    }
    return new DryRun(table, standings(), socket, socket.equals(own)).of(question);
  }

  /// Every number there is, as it is now.
  public List<Metric> metrics() {
    List<Metric> metrics = new ArrayList<>();
    watch.readInto(metrics);
    List<Cluster> groups = allClusters();
    for (Cluster cluster : groups) {
      cluster
          .traffic()
          .readInto(metrics, "muster.balancer.upstream", Map.of("upstream", cluster.name()), true);
      Rules rules = cluster.rules();
      Map<String, String> labels = Map.of("upstream", cluster.name());
      metrics.add(new Gauge("muster.balancer.upstream.queue", labels, rules.room().size()));
      metrics.add(new Counter("muster.balancer.queue.refused", labels, rules.room().refused()));
      metrics.add(new Counter("muster.balancer.queue.late", labels, rules.room().timedOut()));
      metrics.add(new Counter("muster.balancer.retry.refused", labels, rules.budget().refused()));
    }
    for (Instance instance : instances(groups)) {
      instance
          .traffic()
          .readInto(metrics, "muster.balancer.instance", Map.of("instance", instance.id()), false);
      boolean isEjected = instance.ejection().isEjected(nanoTime.getAsLong());
      metrics.add(
          new Gauge(
              "muster.balancer.instance.ejected",
              Map.of("instance", instance.id()),
              isEjected ? 1 : 0));
    }
    return metrics;
  }

  private List<Cluster> allClusters() {
    List<Cluster> all = new ArrayList<>(clusters.all());
    for (TagRoute route : routing.table().tagRoutes()) {
      Cluster cluster = route.location().cluster();
      if (cluster != null) {
        all.add(cluster);
      }
    }
    return all;
  }

  private Set<Instance> instances(List<Cluster> groups) {
    Set<Instance> all = new LinkedHashSet<>();
    for (Resident resident : catalog.residents()) {
      all.add(resident.instance());
    }
    for (Cluster cluster : groups) {
      for (Target target : cluster.membership().targets()) {
        all.add(target.instance());
      }
    }
    return all;
  }
}
