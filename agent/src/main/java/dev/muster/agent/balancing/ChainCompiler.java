package dev.muster.agent.balancing;

import dev.muster.balancer.config.ChainConfig;
import dev.muster.balancer.config.ChainConfig.Binding;
import dev.muster.balancer.config.ChainConfig.Destination;
import dev.muster.balancer.config.ChainConfig.HeaderRules;
import dev.muster.balancer.config.ChainConfig.Match;
import dev.muster.balancer.config.ChainConfig.Route;
import dev.muster.balancer.config.ChainConfig.Split;
import dev.muster.balancer.config.ProxyConfig.Retry;
import dev.muster.balancer.config.ProxyConfig.Timeouts;
import dev.muster.registry.entry.ServiceResolver;
import dev.muster.registry.entry.ServiceRouter;
import dev.muster.registry.entry.ServiceSplitter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// The chain of a service: its router's rules, below each the splitters, flattened, and below those
/// who stands for each service.
final class ChainCompiler {
  /// The key of a splitter's meta that says what a client stays with its split by.
  static final String STICKY = "sticky";

  private static final int WHOLE = 10_000;
  private static final int DEPTH_MAX = 100;

  private final ServiceRules rules;
  private final TargetCompiler targets;
  private final Consumer<String> problems;
  private final HeaderRulesReading headers;

  /// A share of the requests on its way down the splitters.
  private record Part(
      double share, String service, String subset, HeaderRules request, HeaderRules response) {}

  ChainCompiler(ServiceRules rules, TargetCompiler targets, Consumer<String> problems) {
    this.rules = rules;
    this.targets = targets;
    this.problems = problems;
    this.headers = new HeaderRulesReading(problems);
  }

  /// Which way requests to a service take.
  ///
  /// @param service in lower case
  /// @param request what is done to all requests' headers first
  /// @param response what is done to all answers' headers first
  ChainConfig chain(String service, HeaderRules request, HeaderRules response) {
    List<Route> routes = new ArrayList<>();
    ServiceRouter router = rules.routers().get(service);
    if (router != null) {
      for (int i = 0; i < router.routes().size(); i++) {
        String where = "service-router %s, route %d".formatted(router.name(), i + 1);
        ServiceRouter.Route route = router.routes().get(i);
        try {
          routes.add(route(service, route, where, request, response));
        } catch (PatternSyntaxException e) {
          problems.accept(
              "%s is left out: its expression cannot be read: %s"
                  .formatted(where, e.getDescription()));
        }
      }
    }
    Part all = new Part(1, service, "", request, response);
    routes.add(route(Match.all(), List.of(all), null, "", true));
    return new ChainConfig(service, routes);
  }

  private Route route(
      String service,
      ServiceRouter.Route route,
      String where,
      HeaderRules request,
      HeaderRules response) {
    Match match = RouteMatches.of(route);
    ServiceRouter.Destination to = route.destination();
    if (to == null) {
      Part part = new Part(1, service, "", request, response);
      return route(match, List.of(part), null, "", true);
    }
    String wanted = to.service().isEmpty() ? service : ServiceRules.lowerCase(to.service());
    Part part =
        new Part(
            1,
            wanted,
            to.serviceSubset(),
            HeaderRulesReading.both(request, headers.read(to.requestHeaders(), where)),
            HeaderRulesReading.both(response, headers.read(to.responseHeaders(), where)));
    return route(match, List.of(part), to, to.prefixRewrite(), to.serviceSubset().isEmpty());
  }

  private Route route(
      Match match,
      List<Part> parts,
      ServiceRouter.@Nullable Destination to,
      String rewrite,
      boolean followsSplitters) {
    List<Part> leaves = new ArrayList<>();
    for (Part part : parts) {
      if (followsSplitters) {
        split(part, leaves, 0);
      } else {
        leaves.add(part);
      }
    }
    List<Split> splits = new ArrayList<>();
    for (Part leaf : leaves) {
      splits.add(new Split((int) Math.round(leaf.share() * WHOLE), destination(leaf, to, rewrite)));
    }
    return new Route(match, splits, binding(parts.getFirst().service()));
  }

  private void split(Part part, List<Part> leaves, int depth) {
    ServiceSplitter splitter = rules.splitters().get(part.service());
    if (splitter == null || depth > DEPTH_MAX) {
      leaves.add(part);
      return;
    }
    String where = "service-splitter " + splitter.name();
    for (ServiceSplitter.Split split : splitter.splits()) {
      String service =
          split.service().isEmpty() ? part.service() : ServiceRules.lowerCase(split.service());
      Part below =
          new Part(
              part.share() * split.weight() / 100,
              service,
              split.serviceSubset(),
              HeaderRulesReading.both(part.request(), headers.read(split.requestHeaders(), where)),
              HeaderRulesReading.both(
                  part.response(), headers.read(split.responseHeaders(), where)));
      if (service.equals(part.service()) || !split.serviceSubset().isEmpty()) {
        leaves.add(below);
      } else {
        split(below, leaves, depth + 1);
      }
    }
  }

  private Binding binding(String service) {
    ServiceSplitter splitter = rules.splitters().get(service);
    String wanted = splitter == null ? "cookie" : splitter.meta().getOrDefault(STICKY, "cookie");
    return switch (wanted) {
      case "cookie" -> Binding.COOKIE;
      case "address" -> Binding.ADDRESS;
      case "none" -> Binding.NONE;
      default -> {
        problems.accept(
            ("service-splitter %s: its meta %s is \"%s\", not cookie, address or none; it is taken"
                    + " for cookie")
                .formatted(service, STICKY, wanted));
        yield Binding.COOKIE;
      }
    };
  }

  private Destination destination(
      Part leaf, ServiceRouter.@Nullable Destination to, String rewrite) {
    TargetCompiler.Target target = targets.target(leaf.service(), leaf.subset());
    Optional<ServiceResolver> resolver = Optional.ofNullable(target.resolver());
    Duration connect = resolver.map(ServiceResolver::connectTimeout).orElse(Duration.ZERO);
    Duration whole = to == null ? Duration.ZERO : to.requestTimeout();
    if (!isPositive(whole)) {
      whole = resolver.map(ServiceResolver::requestTimeout).orElse(Duration.ZERO);
    }
    Duration idle = to == null ? Duration.ZERO : to.idleTimeout();
    Retry retry = to == null ? RouteMatches.retry(whole) : RouteMatches.retry(to.retries(), whole);
    return new Destination(
        target.names(),
        rewrite,
        leaf.request(),
        leaf.response(),
        target.cookies(),
        timeouts(connect, whole, idle),
        retry);
  }

  /// The whole time that a request may take bounds how long its answer is waited for.
  private static Timeouts timeouts(Duration connect, Duration whole, Duration idle) {
    Timeouts defaults = Timeouts.defaults();
    Duration read = isPositive(idle) ? idle : defaults.read();
    if (isPositive(whole) && (whole.compareTo(read) < 0 || !isPositive(idle))) {
      read = whole;
    }
    return new Timeouts(isPositive(connect) ? connect : defaults.connect(), read, defaults.send());
  }

  private static boolean isPositive(Duration duration) {
    return !duration.isNegative() && !duration.isZero();
  }
}
