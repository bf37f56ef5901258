package dev.muster.agent.balancing;

import dev.muster.balancer.chain.Chance;
import dev.muster.balancer.chain.Endings;
import dev.muster.balancer.chain.HashKey;
import dev.muster.balancer.config.ChainConfig.Cookie;
import dev.muster.balancer.config.UpstreamConfig;
import dev.muster.balancer.config.UpstreamConfig.Balancing;
import dev.muster.balancer.config.UpstreamConfig.UpstreamServer;
import dev.muster.balancer.variable.Template;
import dev.muster.registry.entry.LoadBalancer;
import dev.muster.registry.entry.LoadBalancer.HashPolicy;
import dev.muster.registry.entry.ServiceResolver;
import dev.muster.registry.entry.ServiceResolver.Failover;
import dev.muster.registry.entry.ServiceResolver.Redirect;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Who stands for a service or a part of it: redirects, default subsets, failover, and how an
/// instance is chosen there.
final class TargetCompiler {
  private static final String PREFIX = "registry/";

  private final ServiceRules rules;
  private final String datacenter;
  private final Chance chance;
  private final Consumer<String> problems;
  private final Map<String, UpstreamConfig> upstreams = new HashMap<>();

  /// Who stands for a service.
  ///
  /// @param names of upstreams, the first that has somebody counts
  /// @param resolver of the first of them; null if it has none
  /// @param cookies that clients get for hashing
  record Target(List<String> names, @Nullable ServiceResolver resolver, List<Cookie> cookies) {}

  private record Place(String service, String subset, @Nullable ServiceResolver resolver) {}

  TargetCompiler(ServiceRules rules, String datacenter, Chance chance, Consumer<String> problems) {
    this.rules = rules;
    this.datacenter = datacenter;
    this.chance = chance;
    this.problems = problems;
  }

  /// The upstreams of all targets so far.
  Map<String, UpstreamConfig> upstreams() {
    return upstreams;
  }

  /// Who stands for a service.
  ///
  /// @param service in lower case
  /// @param subset empty for the default one
  Target target(String service, String subset) {
    Optional<Place> found = place(service, subset);
    if (found.isEmpty()) {
      return new Target(List.of(), null, List.of());
    }
    Place first = found.get();
    List<String> names = new ArrayList<>();
    names.add(upstream(first));
    if (first.resolver() != null) {
      for (Place other : failover(first.resolver(), first)) {
        String name = upstream(other);
        if (!names.contains(name)) {
          names.add(name);
        }
      }
    }
    return new Target(names, first.resolver(), cookies(first.resolver()));
  }

  private Optional<Place> place(String service, String subset) {
    Set<String> way = new HashSet<>();
    String at = service;
    String wanted = subset;
    while (way.add(at)) {
      ServiceResolver resolver = rules.resolvers().get(at);
      Redirect redirect = resolver == null ? null : resolver.redirect();
      if (redirect == null) {
        String part = wanted.isEmpty() && resolver != null ? resolver.defaultSubset() : wanted;
        return Optional.of(new Place(at, part, resolver));
      }
      if (isElsewhere(redirect.datacenter())) {
        problems.accept(
            ("service-resolver %s: datacenter %s cannot be reached from here, so its requests are"
                    + " answered 503")
                .formatted(at, redirect.datacenter()));
        return Optional.empty();
      }
      String to = redirect.service().isEmpty() ? at : ServiceRules.lowerCase(redirect.service());
      if (to.equals(at)) {
        return Optional.of(
            new Place(
                at,
                redirect.serviceSubset().isEmpty() ? wanted : redirect.serviceSubset(),
                resolver));
      }
      at = to;
      wanted = redirect.serviceSubset();
    }
    problems.accept("service-resolver %s: its redirects go round in circles".formatted(service));
    return Optional.empty();
  }

  private boolean isElsewhere(String other) {
    return !other.isEmpty() && !other.equalsIgnoreCase(datacenter);
  }

  private List<Place> failover(ServiceResolver resolver, Place from) {
    Failover failover = resolver.failover().get(from.subset());
    if (failover == null) {
      failover = resolver.failover().get("*");
    }
    List<Place> places = new ArrayList<>();
    if (failover == null) {
      return places;
    }
    for (String other : failover.datacenters()) {
      if (isElsewhere(other)) {
        tellOfFailover(from, other);
      }
    }
    if (failover.targets().isEmpty()) {
      if (failover.datacenters().isEmpty()
          || failover.datacenters().stream().anyMatch(it -> !isElsewhere(it))) {
        place(or(failover.service(), from.service()), failover.serviceSubset())
            .ifPresent(places::add);
      }
      return places;
    }
    for (ServiceResolver.Target target : failover.targets()) {
      if (isElsewhere(target.datacenter())) {
        tellOfFailover(from, target.datacenter());
      } else {
        place(or(target.service(), from.service()), target.serviceSubset()).ifPresent(places::add);
      }
    }
    return places;
  }

  private void tellOfFailover(Place from, String other) {
    problems.accept(
        ("service-resolver %s: datacenter %s cannot be reached from here and is left out of the"
                + " failover")
            .formatted(from.service(), other));
  }

  private static String or(String service, String otherwise) {
    return service.isEmpty() ? otherwise : ServiceRules.lowerCase(service);
  }

  private String upstream(Place place) {
    String host =
        place.subset().isEmpty() ? place.service() : place.service() + "#" + place.subset();
    String name = PREFIX + host;
    upstreams.computeIfAbsent(
        name,
        it ->
            new UpstreamConfig(
                it, List.of(UpstreamServer.of(host, 0)), balancing(place.resolver()), 0));
    return name;
  }

  private Balancing balancing(@Nullable ServiceResolver resolver) {
    LoadBalancer wanted = resolver == null ? null : resolver.loadBalancer();
    if (wanted == null) {
      return new Balancing.RoundRobin();
    }
    return switch (wanted.policy()) {
      case "random" -> new Balancing.Random(false);
      case "least_request" ->
          wanted.leastRequestConfig() == null || wanted.leastRequestConfig().choiceCount() <= 2
              ? new Balancing.Random(true)
              : new Balancing.LeastConnections();
      case "ring_hash" -> new Balancing.Ring(key(wanted), 0);
      case "maglev" -> new Balancing.Maglev(key(wanted), 0);
      default -> new Balancing.RoundRobin();
    };
  }

  private Template key(LoadBalancer wanted) {
    return Endings.key(wanted.hashPolicies().stream().map(TargetCompiler::part).toList(), chance);
  }

  private static HashKey.Part part(HashPolicy policy) {
    if (policy.sourceIp()) {
      return new HashKey.Part(HashKey.From.ADDRESS, "", false, policy.terminal());
    }
    HashKey.From from =
        switch (policy.field()) {
          case "cookie" -> HashKey.From.COOKIE;
          case "query_parameter" -> HashKey.From.PARAMETER;
          default -> HashKey.From.HEADER;
        };
    return new HashKey.Part(
        from, policy.fieldValue(), policy.cookieConfig() != null, policy.terminal());
  }

  private static List<Cookie> cookies(@Nullable ServiceResolver resolver) {
    if (resolver == null || resolver.loadBalancer() == null) {
      return List.of();
    }
    List<Cookie> cookies = new ArrayList<>();
    for (HashPolicy policy : resolver.loadBalancer().hashPolicies()) {
      LoadBalancer.Cookie made = policy.cookieConfig();
      if (made != null) {
        String path = made.path().isEmpty() ? "/" : made.path();
        String age = made.session() ? "" : "; Max-Age=" + made.ttl().toSeconds();
        cookies.add(new Cookie(policy.fieldValue(), "; Path=" + path + age + "; HttpOnly"));
      }
    }
    return cookies;
  }
}
