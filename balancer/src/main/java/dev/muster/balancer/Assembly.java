package dev.muster.balancer;

import dev.muster.balancer.chain.Chain;
import dev.muster.balancer.chain.Chance;
import dev.muster.balancer.chain.Endings;
import dev.muster.balancer.config.ChainConfig;
import dev.muster.balancer.config.Configuration;
import dev.muster.balancer.config.Content;
import dev.muster.balancer.config.ListenConfig;
import dev.muster.balancer.config.ListenConfig.Socket;
import dev.muster.balancer.config.LocationConfig;
import dev.muster.balancer.config.ProxyConfig;
import dev.muster.balancer.config.RequestConfig;
import dev.muster.balancer.config.ServerConfig;
import dev.muster.balancer.config.ServerName;
import dev.muster.balancer.observe.Ledger;
import dev.muster.balancer.observe.Ledgers;
import dev.muster.balancer.pipeline.ConfiguredForwarding;
import dev.muster.balancer.pipeline.Location;
import dev.muster.balancer.pipeline.Naming;
import dev.muster.balancer.pipeline.Step;
import dev.muster.balancer.pipeline.Steps;
import dev.muster.balancer.request.Site;
import dev.muster.balancer.route.Hosts;
import dev.muster.balancer.route.Locations;
import dev.muster.balancer.route.VirtualServer;
import dev.muster.balancer.upstream.Cluster;
import dev.muster.balancer.upstream.Clusters;
import dev.muster.balancer.variable.Template;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Makes of a configuration what serves requests.
final class Assembly {
  private final Clusters computed;
  private final Map<String, Cluster> clusters;
  private final Ledgers opening;
  private final List<Ledger> ledgers = new ArrayList<>();
  private final Map<String, ChainConfig> chains;
  private final Chance chance;
  private final IdentityHashMap<LocationConfig, Location> made = new IdentityHashMap<>();

  Assembly(
      Clusters computed,
      Map<String, Cluster> clusters,
      Ledgers opening,
      Map<String, ChainConfig> chains,
      Chance chance) {
    this.computed = computed;
    this.clusters = clusters;
    this.opening = opening;
    this.chains = chains;
    this.chance = chance;
  }

  /// Those of the locations made.
  List<Ledger> ledgers() {
    return ledgers;
  }

  /// The virtual servers behind each socket.
  Map<Socket, Hosts> hosts(Configuration configuration) {
    Map<Socket, List<Hosts.Named>> names = new LinkedHashMap<>();
    Map<Socket, VirtualServer> defaults = new HashMap<>();
    for (ServerConfig config : configuration.servers()) {
      String called = config.called();
      VirtualServer server =
          new VirtualServer(
              called, root(config, called), locations(config.locations(), called), site(config));
      for (ListenConfig listen : config.listens()) {
        List<Hosts.Named> behind = names.computeIfAbsent(listen.socket(), _ -> new ArrayList<>());
        for (ServerName name : config.names()) {
          behind.add(new Hosts.Named(name, server));
        }
        if (listen.isDefault()) {
          defaults.put(listen.socket(), server);
        } else {
          defaults.putIfAbsent(listen.socket(), server);
        }
      }
    }
    Map<Socket, Hosts> hosts = new LinkedHashMap<>();
    names.forEach(
        (socket, behind) ->
            hosts.put(socket, new Hosts(behind, Objects.requireNonNull(defaults.get(socket)))));
    return hosts;
  }

  private Location root(ServerConfig config, String server) {
    Step[] steps = Steps.ofServer(config, inner -> location(inner, server));
    Location own = location(config.root(), server);
    return Location.of(
        own.name(), config.root(), steps, own.cluster(), own.forwarding(), own.ledger());
  }

  private static Site site(ServerConfig config) {
    RequestConfig requests = config.requests();
    return new Site(
        config.names().stream().findFirst().map(Assembly::name).orElse(""),
        requests.mergesSlashes(),
        requests.redirects().isAbsolute(),
        requests.redirects().isByName(),
        requests.redirects().hasPort());
  }

  private static String name(ServerName first) {
    return switch (first) {
      case ServerName.Exact(String name) -> name;
      case ServerName.Below(String suffix) -> "*" + suffix;
      case ServerName.Starting(String prefix) -> prefix + "*";
      case ServerName.Matching(var pattern, _) -> "~" + pattern;
    };
  }

  private Locations locations(List<LocationConfig> configs, String server) {
    return new Locations(
        configs.stream()
            .map(
                config ->
                    new Locations.Branch(
                        location(config, server), locations(config.nested(), server)))
            .toList());
  }

  private Location location(LocationConfig config, String server) {
    Location known = made.get(config);
    if (known != null) {
      return known;
    }
    Step[] steps = Steps.of(config, inner -> location(inner, server));
    Ledger ledger = opening.open(server, config.match().words(), config.logs());
    ledgers.add(ledger);
    Location location =
        switch (config.content()) {
          case Content.Proxy(ProxyConfig proxy) -> proxying(config, proxy, steps, ledger);
          case Content.Chain(String chain) ->
              Location.of(
                  config.match().words(), config, with(steps, chain, ledger), null, null, ledger);
          case Content.Nothing _,
              Content.Files _,
              Content.Tried _,
              Content.StubStatus _,
              Content.EmptyGif _ ->
              Location.of(config.match().words(), config, steps, null, null, ledger);
        };
    made.put(config, location);
    return location;
  }

  private Step[] with(Step[] steps, String chain, Ledger ledger) {
    Step[] more = Arrays.copyOf(steps, steps.length + 1);
    more[steps.length] =
        Chain.of(
            Objects.requireNonNull(chains.get(chain), chain),
            name -> Objects.requireNonNull(clusters.get(name), name),
            Endings.plain(0, chance, ledger),
            chance);
    return more;
  }

  private Location proxying(LocationConfig config, ProxyConfig proxy, Step[] steps, Ledger ledger) {
    var forwarding = new ConfiguredForwarding(proxy, config.match());
    return switch (proxy.to()) {
      case ProxyConfig.Target.Named(String name) ->
          Location.of(
              config.match().words(),
              config,
              steps,
              Objects.requireNonNull(clusters.get(name)),
              forwarding,
              ledger);
      case ProxyConfig.Target.Computed(Template url) -> {
        Step[] more = Arrays.copyOf(steps, steps.length + 1);
        more[steps.length] = new Naming(url, computed::named);
        yield Location.of(config.match().words(), config, more, null, forwarding, ledger);
      }
    };
  }
}
