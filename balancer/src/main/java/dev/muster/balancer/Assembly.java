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
import dev.muster.balancer.response.ResponseRules;
import dev.muster.balancer.route.Hosts;
import dev.muster.balancer.route.Locations;
import dev.muster.balancer.route.VirtualServer;
import dev.muster.balancer.upstream.Cluster;
import dev.muster.balancer.upstream.Clusters;
import dev.muster.balancer.variable.Template;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// Makes of a configuration what serves requests.
final class Assembly {
  private final Clusters computed;
  private final Map<String, Cluster> clusters;
  private final Ledgers opening;
  private final Steps steps;
  private final List<Ledger> ledgers = new ArrayList<>();
  private final Map<String, ChainConfig> chains;
  private final Chance chance;
  private final IdentityHashMap<LocationConfig, Location> made = new IdentityHashMap<>();

  /// The virtual server that locations belong to.
  ///
  /// @param hasInternal whether instances may send requests to a location of it that clients do
  ///     not reach
  private record Home(String name, boolean hasInternal) {
    static Home of(ServerConfig config) {
      return new Home(config.called(), hasInternal(config.locations()));
    }

    private static boolean hasInternal(List<LocationConfig> locations) {
      return locations.stream().anyMatch(it -> it.isInternal() || hasInternal(it.nested()));
    }
  }

  Assembly(
      Clusters computed,
      Map<String, Cluster> clusters,
      Ledgers opening,
      Steps steps,
      Map<String, ChainConfig> chains,
      Chance chance) {
    this.computed = computed;
    this.clusters = clusters;
    this.opening = opening;
    this.steps = steps;
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
    Set<Socket> proxied = new HashSet<>();
    for (ServerConfig config : configuration.servers()) {
      Home home = Home.of(config);
      VirtualServer server =
          new VirtualServer(
              home.name(), root(config, home), locations(config.locations(), home), site(config));
      for (ListenConfig listen : config.listens()) {
        List<Hosts.Named> behind = names.computeIfAbsent(listen.socket(), _ -> new ArrayList<>());
        for (ServerName name : config.names()) {
          behind.add(new Hosts.Named(name, server));
        }
        if (listen.takesProxyProtocol()) {
          proxied.add(listen.socket());
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
            hosts.put(
                socket,
                new Hosts(
                    behind,
                    Objects.requireNonNull(defaults.get(socket)),
                    proxied.contains(socket))));
    return hosts;
  }

  private Location root(ServerConfig config, Home home) {
    Step[] all = steps.ofServer(config, inner -> location(inner, home));
    Location own = location(config.root(), home);
    if (config.root().content() instanceof Content.Chain(String chain)) {
      all = with(all, chain, own.ledger());
    }
    return Location.of(
        own.name(), config.root(), all, own.cluster(), own.forwarding(), own.rules(), own.ledger());
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

  private Locations locations(List<LocationConfig> configs, Home home) {
    return new Locations(
        configs.stream()
            .map(
                config ->
                    new Locations.Branch(location(config, home), locations(config.nested(), home)))
            .toList());
  }

  private Location location(LocationConfig config, Home home) {
    Location known = made.get(config);
    if (known != null) {
      return known;
    }
    Step[] own = steps.of(config, inner -> location(inner, home));
    Ledger ledger = opening.open(home.name(), config.match().words(), config.logs());
    ledgers.add(ledger);
    var rules = new ResponseRules(config, home.hasInternal());
    Location location =
        config.content() instanceof Content.Chain(String chain)
            ? Location.of(
                config.match().words(), config, with(own, chain, ledger), null, null, rules, ledger)
            : config
                .proxy()
                .map(proxy -> proxying(config, proxy, own, rules, ledger))
                .orElseGet(
                    () ->
                        Location.of(
                            config.match().words(), config, own, null, null, rules, ledger));
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

  private Location proxying(
      LocationConfig config, ProxyConfig proxy, Step[] own, ResponseRules rules, Ledger ledger) {
    var forwarding = new ConfiguredForwarding(proxy, config.match());
    return switch (proxy.to()) {
      case ProxyConfig.Target.Named(String name) ->
          Location.of(
              config.match().words(),
              config,
              own,
              Objects.requireNonNull(clusters.get(name)),
              forwarding,
              rules,
              ledger);
      case ProxyConfig.Target.Computed(Template url) -> {
        Step[] more = Arrays.copyOf(own, own.length + 1);
        more[own.length] = new Naming(url, computed::named);
        yield Location.of(config.match().words(), config, more, null, forwarding, rules, ledger);
      }
    };
  }
}
