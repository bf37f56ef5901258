package dev.muster.registry.entry;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which requests to a service go to which other service or subset. The first route that matches
/// counts; requests that none matches go to the service itself.
public record ServiceRouter(@Shown String name, @Shown List<Route> routes, Map<String, String> meta)
    implements ConfigEntry {
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "OPTIONS", "TRACE");
  private static final Set<String> RETRY_CONDITIONS =
      Set.of(
          "5xx",
          "gateway-error",
          "reset",
          "reset-before-request",
          "connect-failure",
          "envoy-ratelimited",
          "retriable-4xx",
          "refused-stream",
          "cancelled",
          "deadline-exceeded",
          "internal",
          "resource-exhausted",
          "unavailable");

  /// A rule.
  ///
  /// @param match null matches all
  /// @param destination null: the service itself
  public record Route(@Nullable Match match, @Nullable Destination destination) {}

  /// Which requests are meant.
  public record Match(@Nullable HttpMatch http) {}

  /// What a request must be like; all of it. At most one of the paths is given.
  ///
  /// @param methods in upper case; none: all
  public record HttpMatch(
      String pathExact,
      String pathPrefix,
      String pathRegex,
      boolean caseInsensitive,
      List<HeaderMatch> header,
      List<ParameterMatch> queryParam,
      List<String> methods) {
    public HttpMatch {
      header = Copies.of(header);
      queryParam = Copies.of(queryParam);
      methods = Copies.of(methods);
    }
  }

  /// What a header must be like: one of these, turned around by `invert`.
  public record HeaderMatch(
      @Shown String name,
      boolean present,
      String exact,
      String prefix,
      String suffix,
      String contains,
      String regex,
      boolean ignoreCase,
      boolean invert) {}

  /// What a query parameter must be like: one of these.
  public record ParameterMatch(@Shown String name, boolean present, String exact, String regex) {}

  /// Where a request goes.
  ///
  /// @param service empty: the service itself
  /// @param serviceSubset empty: the default one
  /// @param prefixRewrite what the part of the path that matched becomes; empty: it stays
  public record Destination(
      String service,
      String serviceSubset,
      String prefixRewrite,
      Duration requestTimeout,
      Duration idleTimeout,
      @Inlined Retries retries,
      @Nullable HeaderModifiers requestHeaders,
      @Nullable HeaderModifiers responseHeaders) {}

  /// When a request is tried again.
  public record Retries(
      long numRetries,
      boolean retryOnConnectFailure,
      List<String> retryOn,
      List<Long> retryOnStatusCodes) {
    public Retries {
      retryOn = Copies.of(retryOn);
      retryOnStatusCodes = Copies.of(retryOnStatusCodes);
    }
  }

  public ServiceRouter {
    routes = Copies.of(routes);
    meta = Copies.of(meta);
  }

  @Override
  public ServiceRouter normalized() {
    return new ServiceRouter(
        name, routes.stream().map(ServiceRouter::withUpperMethods).toList(), meta);
  }

  private static Route withUpperMethods(Route route) {
    if (route.match() == null || route.match().http() == null) {
      return route;
    }
    HttpMatch http = route.match().http();
    return new Route(
        new Match(
            new HttpMatch(
                http.pathExact(),
                http.pathPrefix(),
                http.pathRegex(),
                http.caseInsensitive(),
                http.header(),
                http.queryParam(),
                http.methods().stream().map(each -> each.toUpperCase(Locale.ROOT)).toList())),
        route.destination());
  }

  @Override
  public void check() throws InvalidEntry {
    InvalidEntry.unless(!name.isEmpty(), "Name is required");
    Copies.checkMeta(meta);
    for (int i = 0; i < routes.size(); i++) {
      Route route = routes.get(i);
      HttpMatch http = route.match() == null ? null : route.match().http();
      if (http != null) {
        checkPaths(i, http);
        checkHeaders(i, http);
        checkParameters(i, http);
        checkMethods(i, http);
      }
      if (route.destination() != null) {
        checkDestination(i, http, route.destination());
      }
    }
  }

  private static void checkPaths(int i, HttpMatch http) throws InvalidEntry {
    checkPath(i, "PathExact", http.pathExact());
    checkPath(i, "PathPrefix", http.pathPrefix());
    InvalidEntry.unless(
        given(http.pathExact(), http.pathPrefix(), http.pathRegex()) <= 1,
        "Route[%d] should only contain at most one of PathExact, PathPrefix, or PathRegex",
        i);
  }

  private static void checkPath(int i, String field, String path) throws InvalidEntry {
    InvalidEntry.unless(
        path.isEmpty() || path.startsWith("/"),
        "Route[%d] %s doesn't start with '/': \"%s\"",
        i,
        field,
        path);
  }

  private static void checkHeaders(int i, HttpMatch http) throws InvalidEntry {
    for (int j = 0; j < http.header().size(); j++) {
      HeaderMatch header = http.header().get(j);
      InvalidEntry.unless(
          !header.name().isEmpty(), "Route[%d] Header[%d] missing required Name field", i, j);
      int given =
          given(
              header.exact(), header.prefix(), header.suffix(), header.contains(), header.regex());
      InvalidEntry.unless(
          given + (header.present() ? 1 : 0) == 1,
          "Route[%d] Header[%d] should only contain one of Present, Exact, Prefix, Suffix,"
              + " Contains, or Regex",
          i,
          j);
      InvalidEntry.unless(
          !header.ignoreCase() || (!header.present() && header.regex().isEmpty()),
          "Route[%d] Header[%d] should set one of Exact, Prefix, Suffix, or Contains when using"
              + " IgnoreCase",
          i,
          j);
    }
  }

  private static void checkParameters(int i, HttpMatch http) throws InvalidEntry {
    for (int j = 0; j < http.queryParam().size(); j++) {
      ParameterMatch parameter = http.queryParam().get(j);
      InvalidEntry.unless(
          !parameter.name().isEmpty(),
          "Route[%d] QueryParam[%d] missing required Name field",
          i,
          j);
      InvalidEntry.unless(
          given(parameter.exact(), parameter.regex()) + (parameter.present() ? 1 : 0) == 1,
          "Route[%d] QueryParam[%d] should only contain one of Present, Exact, or Regex",
          i,
          j);
    }
  }

  private static void checkMethods(int i, HttpMatch http) throws InvalidEntry {
    Set<String> found = new HashSet<>();
    for (String method : http.methods()) {
      InvalidEntry.unless(
          METHODS.contains(method),
          "Route[%d] Methods contains an invalid method \"%s\"",
          i,
          method);
      InvalidEntry.unless(
          found.add(method), "Route[%d] Methods contains \"%s\" more than once", i, method);
    }
  }

  private static void checkDestination(int i, @Nullable HttpMatch http, Destination destination)
      throws InvalidEntry {
    boolean rewritable =
        http != null && (!http.pathExact().isEmpty() || !http.pathPrefix().isEmpty());
    InvalidEntry.unless(
        destination.prefixRewrite().isEmpty() || rewritable,
        "Route[%d] cannot make use of PrefixRewrite without configuring either PathExact or"
            + " PathPrefix",
        i);
    for (String condition : destination.retries().retryOn()) {
      InvalidEntry.unless(
          RETRY_CONDITIONS.contains(condition),
          "Route[%d] contains an invalid retry condition: \"%s\"",
          i,
          condition);
    }
  }

  private static int given(String... texts) {
    int given = 0;
    for (String text : texts) {
      given += text.isEmpty() ? 0 : 1;
    }
    return given;
  }

  @Override
  public List<String> references() {
    return routes.stream()
        .map(Route::destination)
        .filter(destination -> destination != null && !destination.service().isEmpty())
        .map(Destination::service)
        .filter(service -> !service.equals(name))
        .distinct()
        .toList();
  }
}
