package dev.muster.agent.balancing;

import dev.muster.balancer.chain.Chance;
import dev.muster.balancer.config.ChainConfig;
import dev.muster.balancer.config.ChainConfig.HeaderRules;
import dev.muster.balancer.config.Configuration;
import dev.muster.balancer.config.Content;
import dev.muster.balancer.config.ListenConfig;
import dev.muster.balancer.config.LocationConfig;
import dev.muster.balancer.config.LocationConfig.Match;
import dev.muster.balancer.config.ServerConfig;
import dev.muster.balancer.config.ServerName;
import dev.muster.registry.entry.IngressGateway;
import dev.muster.registry.entry.IngressGateway.Listener;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Makes of configuration entries what the balancer does: a chain for each service with rules, a
/// virtual server for each service of an ingress gateway. What it cannot do is a sentence, and the
/// rest is done.
final class EntryCompiler {
  private static final Match EVERYTHING = new Match.Prefix("/", false);
  private static final String HTTP = "http";

  private final ServiceRules rules;
  private final Set<String> services;
  private final String address;
  private final Set<String> problems = new LinkedHashSet<>();
  private final Map<String, ChainConfig> chains = new HashMap<>();
  private final List<ServerConfig> servers = new ArrayList<>();
  private final Set<Integer> ports = new HashSet<>();
  private final TargetCompiler targets;
  private final ChainCompiler compiler;
  private final HeaderRulesReading headers;

  private EntryCompiler(
      ServiceRules rules, Set<String> services, String datacenter, String address, Chance chance) {
    this.rules = rules;
    this.services = services;
    this.address = address;
    this.targets = new TargetCompiler(rules, datacenter, chance, problems::add);
    this.compiler = new ChainCompiler(rules, targets, problems::add);
    this.headers = new HeaderRulesReading(problems::add);
  }

  /// Compiles all entries.
  ///
  /// @param services in the catalog, in lower case, for gateways to all of them
  /// @param address that gateways listen on
  /// @param chance for keys of requests that have none
  static Compiled compile(
      ServiceRules rules, Set<String> services, String datacenter, String address, Chance chance) {
    return new EntryCompiler(rules, services, datacenter, address, chance).all();
  }

  private Compiled all() {
    for (String service : rules.ruled()) {
      String protocol = rules.protocolOf(service);
      boolean isPlain =
          !rules.routers().containsKey(service) && !rules.splitters().containsKey(service);
      if (protocol.equals(HTTP) || (isPlain && protocol.equals("tcp"))) {
        chains.put(service, compiler.chain(service, HeaderRules.NONE, HeaderRules.NONE));
      } else {
        problems.add(
            ("service %s speaks %s, which the balancer does not yet: its entries have no effect on"
                    + " its routes")
                .formatted(service, protocol));
      }
    }
    rules
        .gateways()
        .forEach(gateway -> gateway.listeners().forEach(each -> listener(gateway, each)));
    return new Compiled(
        new Configuration(servers, targets.upstreams(), Map.of(), chains), List.copyOf(problems));
  }

  private void listener(IngressGateway gateway, Listener listener) {
    String where = "ingress-gateway %s, port %d".formatted(gateway.name(), listener.port());
    boolean hasTls =
        gateway.tls().enabled() || (listener.tls() != null && listener.tls().enabled());
    if (hasTls) {
      problems.add(where + " is not opened: it wants TLS, which the balancer does not speak yet");
    } else if (!listener.protocol().equals(HTTP)) {
      problems.add(
          "%s is not opened: it is of protocol %s, and the balancer serves http only so far"
              .formatted(where, listener.protocol()));
    } else if (!ports.add(listener.port())) {
      problems.add(where + " is not opened: another gateway has the port");
    } else {
      open(gateway, listener, where);
    }
  }

  private void open(IngressGateway gateway, Listener listener, String where) {
    // Hosts that no service has get 404 from the first.
    servers.add(
        new ServerConfig(
            List.of(ListenConfig.of(address, listener.port())),
            List.of(),
            LocationConfig.of(EVERYTHING),
            List.of(),
            where));
    for (IngressGateway.Service service : listener.services()) {
      if (service.name().equals("*")) {
        services.stream()
            .filter(name -> rules.protocolOf(name).equals(HTTP))
            .sorted()
            .forEach(name -> serve(gateway, listener, service, name, where));
      } else {
        serve(gateway, listener, service, ServiceRules.lowerCase(service.name()), where);
      }
    }
  }

  private void serve(
      IngressGateway gateway,
      Listener listener,
      IngressGateway.Service service,
      String name,
      String where) {
    String chain = "gateway %s:%d/%s".formatted(gateway.name(), listener.port(), name);
    HeaderRules request = headers.read(service.requestHeaders(), where);
    HeaderRules response = headers.read(service.responseHeaders(), where);
    chains.put(chain, compiler.chain(name, request, response));
    List<ServerName> names = new ArrayList<>();
    boolean isDefault = false;
    for (String host : service.hosts()) {
      String lower = withoutPort(ServiceRules.lowerCase(host));
      if (lower.equals("*")) {
        isDefault = true;
      } else if (lower.startsWith("*.")) {
        names.add(new ServerName.Below(lower.substring(1)));
      } else {
        names.add(new ServerName.Exact(lower));
      }
    }
    if (service.hosts().isEmpty()) {
      names.add(new ServerName.Starting(name + ".ingress."));
    }
    ListenConfig listen = new ListenConfig(address, listener.port(), isDefault, false, 511);
    servers.add(
        new ServerConfig(
            List.of(listen),
            names,
            LocationConfig.of(EVERYTHING).with(new Content.Chain(chain)),
            List.of(),
            where));
  }

  private static String withoutPort(String host) {
    String plain = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    int colon = plain.indexOf(':');
    return colon < 0 ? plain : plain.substring(0, colon);
  }
}
