package dev.muster.registry.entry;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The ways that requests to each service take, from its router over splitters to resolvers
/// (Consul's discovery chains); here only to find entries that contradict each other.
final class Chains {
  private static final int SPLITTERS_MAX = 100;

  private final Entries entries;

  Chains(Entries entries) {
    this.entries = entries;
  }

  /// Follows every way.
  ///
  /// @throws InvalidEntry with the first contradiction
  void check() throws InvalidEntry {
    Set<String> services = new LinkedHashSet<>();
    List<IngressGateway> gateways = new ArrayList<>();
    entries
        .byKindAndName()
        .forEachUnder(
            "",
            (_, kept) -> {
              switch (kept.entry()) {
                case IngressGateway gateway -> gateways.add(gateway);
                case ServiceRouter router -> services.add(router.name());
                case ServiceSplitter splitter -> services.add(splitter.name());
                case ServiceResolver resolver -> services.add(resolver.name());
                case ServiceDefaults _, ProxyDefaults _ -> {}
              }
            });
    for (String service : services) {
      new Chain(service).check();
    }
    for (IngressGateway gateway : gateways) {
      check(gateway);
    }
  }

  private void check(IngressGateway gateway) throws InvalidEntry {
    for (IngressGateway.Listener listener : gateway.listeners()) {
      for (IngressGateway.Service service : listener.services()) {
        String protocol = entries.protocolOf(service.name());
        InvalidEntry.unless(
            service.name().equals("*") || protocol.equals(listener.protocol()),
            "service \"%s\" has protocol \"%s\", which is incompatible with listener protocol"
                + " \"%s\"",
            service.name(),
            protocol,
            listener.protocol());
      }
    }
  }

  /// The ways of one service.
  private final class Chain {
    private final String service;

    /// Of all services on the ways; null until the first is met.
    private @Nullable String protocol;

    private boolean isAdvanced;

    /// The splitters below which all is well: many ways may lead to one.
    private final Set<String> split = new HashSet<>();

    Chain(String service) {
      this.service = service;
    }

    void check() throws InvalidEntry {
      ServiceRouter router = entries.router(service).orElse(null);
      if (router != null) {
        isAdvanced = true;
        meet(service);
        for (ServiceRouter.Route route : router.routes()) {
          ServiceRouter.Destination to = route.destination();
          if (to == null) {
            split(service, new LinkedHashSet<>());
          } else if (to.serviceSubset().isEmpty()) {
            split(or(to.service(), service), new LinkedHashSet<>());
          } else {
            resolve(or(to.service(), service), to.serviceSubset());
          }
        }
      }
      split(service, new LinkedHashSet<>());
      String spoken = protocol == null ? entries.protocolOf(service) : protocol;
      InvalidEntry.unless(
          !isAdvanced || Set.of("http", "http2", "grpc").contains(spoken),
          "discovery chain \"%s\" uses a protocol \"%s\" that does not permit advanced routing or"
              + " splitting behavior",
          service,
          spoken);
    }

    /// Follows the ways from a splitter.
    ///
    /// @param way the splitters that led here
    private void split(String name, Set<String> way) throws InvalidEntry {
      ServiceSplitter splitter = entries.splitter(name).orElse(null);
      if (splitter == null) {
        resolve(name, "");
        return;
      }
      isAdvanced = true;
      if (split.contains(name)) {
        return;
      }
      InvalidEntry.unless(
          way.size() < SPLITTERS_MAX,
          "discovery chain \"%s\" leads over more than %d splitters",
          service,
          SPLITTERS_MAX);
      if (!way.add("splitter:" + name)) {
        throw new InvalidEntry(
            "detected circular reference: [%s -> splitter:%s]"
                .formatted(String.join(" -> ", way), name));
      }
      for (ServiceSplitter.Split split : splitter.splits()) {
        String to = or(split.service(), name);
        if (!to.equals(name) && split.serviceSubset().isEmpty()) {
          split(to, way);
        } else {
          resolve(to, split.serviceSubset());
        }
      }
      way.remove("splitter:" + name);
      split.add(name);
    }

    private void resolve(String name, String subset) throws InvalidEntry {
      Set<String> way = new LinkedHashSet<>();
      String at = name;
      String wanted = subset;
      ServiceResolver resolver = entries.resolver(at).orElse(null);
      while (resolver != null && resolver.redirect() != null) {
        if (!way.add(at)) {
          throw new InvalidEntry(
              "detected circular resolver redirect: [%s -> %s]"
                  .formatted(String.join(" -> ", way), at));
        }
        ServiceResolver.Redirect to = resolver.redirect();
        if (or(to.service(), at).equals(at)) {
          wanted = or(to.serviceSubset(), wanted);
          break;
        }
        at = to.service();
        wanted = to.serviceSubset();
        resolver = entries.resolver(at).orElse(null);
      }
      meet(at);
      requireSubset(at, wanted);
      if (resolver != null) {
        checkFailover(resolver);
      }
    }

    private void checkFailover(ServiceResolver resolver) throws InvalidEntry {
      for (ServiceResolver.Failover to : resolver.failover().values()) {
        if (to.targets().isEmpty()) {
          requireSubset(or(to.service(), resolver.name()), to.serviceSubset());
        }
        for (ServiceResolver.Target target : to.targets()) {
          requireSubset(or(target.service(), resolver.name()), target.serviceSubset());
        }
      }
    }

    private void requireSubset(String name, String subset) throws InvalidEntry {
      boolean exists =
          subset.isEmpty() || entries.resolver(name).filter(it -> it.hasSubset(subset)).isPresent();
      InvalidEntry.unless(
          exists, "service \"%s\" does not have a subset named \"%s\"", name, subset);
    }

    /// All services on the ways must speak the same protocol.
    private void meet(String name) throws InvalidEntry {
      String spoken = entries.protocolOf(name);
      if (protocol == null) {
        protocol = spoken;
      }
      InvalidEntry.unless(
          spoken.equals(protocol),
          "discovery chain \"%s\" uses inconsistent protocols; service \"%s\" has \"%s\" which is"
              + " not \"%s\"",
          service,
          name,
          spoken,
          protocol);
    }

    private static String or(String text, String otherwise) {
      return text.isEmpty() ? otherwise : text;
    }
  }
}
