package dev.muster.agent.balancing;

import dev.muster.registry.entry.ConfigEntry;
import dev.muster.registry.entry.Entries;
import dev.muster.registry.entry.IngressGateway;
import dev.muster.registry.entry.Kind;
import dev.muster.registry.entry.ProxyDefaults;
import dev.muster.registry.entry.ServiceDefaults;
import dev.muster.registry.entry.ServiceResolver;
import dev.muster.registry.entry.ServiceRouter;
import dev.muster.registry.entry.ServiceSplitter;
import dev.muster.registry.tree.WatchSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// The configuration entries that routing follows, by services' names in lower case.
public record ServiceRules(
    Map<String, ServiceRouter> routers,
    Map<String, ServiceSplitter> splitters,
    Map<String, ServiceResolver> resolvers,
    List<IngressGateway> gateways,
    Map<String, String> protocols,
    String protocol) {
  private static final String TCP = "tcp";

  /// None.
  public static final ServiceRules NONE = of(List.of());

  /// Copies what it is given.
  public ServiceRules {
    routers = Map.copyOf(routers);
    splitters = Map.copyOf(splitters);
    resolvers = Map.copyOf(resolvers);
    gateways = List.copyOf(gateways);
    protocols = Map.copyOf(protocols);
  }

  /// Those of the registry.
  ///
  /// @param watches wakes when any of them changes
  public static ServiceRules of(Entries entries, WatchSet watches) {
    List<ConfigEntry> all = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      entries.all(kind, watches).value().forEach(kept -> all.add(kept.entry()));
    }
    return of(all);
  }

  /// Those entries.
  public static ServiceRules of(List<ConfigEntry> entries) {
    Map<String, ServiceRouter> routers = new HashMap<>();
    Map<String, ServiceSplitter> splitters = new HashMap<>();
    Map<String, ServiceResolver> resolvers = new HashMap<>();
    List<IngressGateway> gateways = new ArrayList<>();
    Map<String, String> protocols = new HashMap<>();
    String protocol = TCP;
    for (ConfigEntry entry : entries) {
      String name = lowerCase(entry.name());
      switch (entry) {
        case ServiceRouter router -> routers.put(name, router);
        case ServiceSplitter splitter -> splitters.put(name, splitter);
        case ServiceResolver resolver -> resolvers.put(name, resolver);
        case IngressGateway gateway -> gateways.add(gateway);
        case ServiceDefaults defaults -> protocols.put(name, defaults.protocol());
        case ProxyDefaults defaults ->
            protocol = defaults.protocol().isEmpty() ? TCP : lowerCase(defaults.protocol());
      }
    }
    return new ServiceRules(routers, splitters, resolvers, gateways, protocols, protocol);
  }

  static String lowerCase(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /// The protocol that a service speaks.
  String protocolOf(String service) {
    String own = protocols.getOrDefault(service, "");
    return own.isEmpty() ? protocol : own;
  }

  /// The services of which there is more to say than that they exist.
  Set<String> ruled() {
    Set<String> ruled = new TreeSet<>(routers.keySet());
    ruled.addAll(splitters.keySet());
    ruled.addAll(resolvers.keySet());
    return ruled;
  }
}
