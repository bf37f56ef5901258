package dev.muster.agent.balancing;

import dev.muster.balancer.config.ChainConfig.HeaderMatch;
import dev.muster.balancer.config.ChainConfig.Match;
import dev.muster.balancer.config.ChainConfig.ParameterMatch;
import dev.muster.balancer.config.ChainConfig.Path;
import dev.muster.balancer.config.ChainConfig.Wanted;
import dev.muster.balancer.config.ProxyConfig.Retry;
import dev.muster.registry.entry.ServiceRouter;
import dev.muster.registry.entry.ServiceRouter.HttpMatch;
import dev.muster.registry.entry.ServiceRouter.Retries;
import dev.muster.registry.entry.ServiceRouter.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.IntStream;

/// The conditions of a router's rules, as the balancer has them.
final class RouteMatches {
  private RouteMatches() {}

  /// What a rule is for.
  ///
  /// @throws PatternSyntaxException if an expression cannot be read
  static Match of(Route route) {
    if (route.match() == null || route.match().http() == null) {
      return Match.all();
    }
    HttpMatch http = route.match().http();
    return new Match(
        path(http),
        http.header().stream().map(RouteMatches::header).toList(),
        http.queryParam().stream().map(RouteMatches::parameter).toList(),
        http.methods());
  }

  private static Path path(HttpMatch http) {
    boolean ignoresCase = http.caseInsensitive();
    if (!http.pathExact().isEmpty()) {
      return new Path.Exact(http.pathExact(), ignoresCase);
    }
    if (!http.pathRegex().isEmpty()) {
      return new Path.Regex(checked(http.pathRegex()), ignoresCase);
    }
    String prefix = http.pathPrefix().isEmpty() ? "/" : http.pathPrefix();
    return new Path.Prefix(prefix, ignoresCase);
  }

  private static String checked(String expression) {
    return Pattern.compile(expression).pattern();
  }

  private static HeaderMatch header(ServiceRouter.HeaderMatch match) {
    boolean ignoresCase = match.ignoreCase();
    Wanted wanted;
    if (match.present()) {
      wanted = new Wanted.Present();
    } else if (!match.exact().isEmpty()) {
      wanted = new Wanted.Exact(match.exact(), ignoresCase);
    } else if (!match.prefix().isEmpty()) {
      wanted = new Wanted.Prefix(match.prefix(), ignoresCase);
    } else if (!match.suffix().isEmpty()) {
      wanted = new Wanted.Suffix(match.suffix(), ignoresCase);
    } else if (!match.contains().isEmpty()) {
      wanted = new Wanted.Contains(match.contains(), ignoresCase);
    } else {
      wanted = new Wanted.Regex(checked(match.regex()));
    }
    return new HeaderMatch(match.name().toLowerCase(Locale.ROOT), wanted, match.invert());
  }

  private static ParameterMatch parameter(ServiceRouter.ParameterMatch match) {
    Wanted wanted;
    if (match.present()) {
      wanted = new Wanted.Present();
    } else if (!match.exact().isEmpty()) {
      wanted = new Wanted.Exact(match.exact(), false);
    } else {
      wanted = new Wanted.Regex(checked(match.regex()));
    }
    return new ParameterMatch(match.name(), wanted);
  }

  /// When another instance is asked if no rule says so.
  ///
  /// @param within none is asked later than this; zero for no bound
  static Retry retry(Duration within) {
    Retry defaults = Retry.defaults();
    return new Retry(0, within, List.of(), false, defaults.isAfterTimeout(), defaults.hedgeAfter());
  }

  /// When a rule wants another instance to be asked. What must not be repeated is not, whatever the
  /// rule says.
  ///
  /// @param within none is asked later than this; zero for no bound
  static Retry retry(Retries retries, Duration within) {
    boolean isGiven =
        retries.numRetries() > 0
            || retries.retryOnConnectFailure()
            || !retries.retryOn().isEmpty()
            || !retries.retryOnStatusCodes().isEmpty();
    Retry defaults = Retry.defaults();
    if (!isGiven) {
      return retry(within);
    }
    TreeSet<Integer> statuses = new TreeSet<>();
    retries.retryOnStatusCodes().forEach(status -> statuses.add(status.intValue()));
    for (String condition : retries.retryOn()) {
      switch (condition) {
        case "5xx" -> IntStream.range(500, 600).forEach(statuses::add);
        case "gateway-error" -> statuses.addAll(List.of(502, 503, 504));
        case "retriable-4xx" -> statuses.add(409);
        default -> {
          // Failures to connect and broken connections are reasons in any case.
        }
      }
    }
    int tries = 1 + (int) Math.max(1, Math.min(15, retries.numRetries()));
    return new Retry(
        tries,
        within,
        new ArrayList<>(statuses),
        false,
        defaults.isAfterTimeout(),
        defaults.hedgeAfter());
  }
}
