package dev.muster.registry.entry;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which services are reached from outside, on which ports.
public record IngressGateway(
    @Shown String name,
    @Shown Tls tls,
    @Shown List<Listener> listeners,
    @Nullable Defaults defaults,
    Map<String, String> meta)
    implements ConfigEntry {
  private static final List<String> HTTP = List.of("http", "http2", "grpc");
  private static final List<String> TLS_VERSIONS =
      List.of("", "TLS_AUTO", "TLSv1_0", "TLSv1_1", "TLSv1_2", "TLSv1_3");

  /// Whether and how connections are encrypted.
  public record Tls(
      @Shown boolean enabled,
      @Nullable Sds sds,
      String tlsMinVersion,
      String tlsMaxVersion,
      List<String> cipherSuites) {
    static final Tls NONE = new Tls(false, null, "", "", List.of());

    public Tls {
      cipherSuites = Copies.of(cipherSuites);
    }
  }

  /// Where a certificate comes from.
  public record Sds(String clusterName, String certResource) {}

  /// What holds for all services that do not say otherwise.
  public record Defaults(
      @Shown long maxConnections,
      @Shown long maxPendingRequests,
      @Shown long maxConcurrentRequests,
      Upstream.@Nullable PassiveHealthCheck passiveHealthCheck) {}

  /// A port, and what is reached there.
  ///
  /// @param protocol `tcp`, `http`, `http2` or `grpc`
  public record Listener(
      @Shown int port, @Shown String protocol, @Nullable Tls tls, @Shown List<Service> services) {
    public Listener {
      services = Copies.of(services);
    }
  }

  /// A service that is reached there.
  ///
  /// @param name `*`: each service under its own name
  /// @param hosts the names by which it is asked for; none: `<name>.ingress.*`
  public record Service(
      @Shown String name,
      @Shown List<String> hosts,
      @Nullable ServiceTls tls,
      @Nullable HeaderModifiers requestHeaders,
      @Nullable HeaderModifiers responseHeaders,
      long maxConnections,
      long maxPendingRequests,
      long maxConcurrentRequests,
      Upstream.@Nullable PassiveHealthCheck passiveHealthCheck,
      Map<String, String> meta) {
    public Service {
      hosts = Copies.of(hosts);
      meta = Copies.of(meta);
    }
  }

  /// The certificate for the hosts of one service.
  public record ServiceTls(@Nullable Sds sds) {}

  public IngressGateway {
    tls = tls == null ? Tls.NONE : tls;
    listeners = Copies.of(listeners);
    meta = Copies.of(meta);
  }

  @Override
  public IngressGateway normalized() {
    return new IngressGateway(
        name,
        tls,
        listeners.stream()
            .map(
                each ->
                    new Listener(
                        each.port(),
                        each.protocol().isEmpty()
                            ? "tcp"
                            : each.protocol().toLowerCase(Locale.ROOT),
                        each.tls(),
                        each.services()))
            .toList(),
        defaults,
        meta);
  }

  @Override
  public void check() throws InvalidEntry {
    InvalidEntry.unless(!name.isEmpty(), "Name is required");
    Copies.checkMeta(meta);
    check(tls);
    if (defaults != null && defaults.passiveHealthCheck() != null) {
      defaults.passiveHealthCheck().check();
    }
    Set<Integer> ports = new HashSet<>();
    for (Listener listener : listeners) {
      InvalidEntry.unless(
          ports.add(listener.port()), "port %d declared on two listeners", listener.port());
      check(listener);
    }
  }

  private static void check(Tls tls) throws InvalidEntry {
    int min = TLS_VERSIONS.indexOf(tls.tlsMinVersion());
    int max = TLS_VERSIONS.indexOf(tls.tlsMaxVersion());
    InvalidEntry.unless(
        min >= 0, "unknown or unsupported minimum TLS version: %s", tls.tlsMinVersion());
    InvalidEntry.unless(
        max >= 0, "unknown or unsupported maximum TLS version: %s", tls.tlsMaxVersion());
    InvalidEntry.unless(
        min <= 1 || max <= 1 || min <= max,
        "configuring an inverted TLS version range is not valid: %s > %s",
        tls.tlsMinVersion(),
        tls.tlsMaxVersion());
  }

  private void check(Listener listener) throws InvalidEntry {
    boolean isHttp = HTTP.contains(listener.protocol());
    InvalidEntry.unless(
        isHttp || listener.protocol().equals("tcp"),
        "protocol must be 'tcp', 'http', 'http2', or 'grpc'. '%s' is an unsupported protocol",
        listener.protocol());
    InvalidEntry.unless(
        listener.port() > 0 && listener.port() <= 65_535,
        "Invalid Port number %d",
        listener.port());
    InvalidEntry.unless(
        !listener.services().isEmpty(),
        "No service declared for listener with port %d",
        listener.port());
    InvalidEntry.unless(
        isHttp || listener.services().size() == 1,
        "Multiple services per listener are only supported for L7 protocols, 'http', 'grpc' and"
            + " 'http2' (listener on port %d)",
        listener.port());
    if (listener.tls() != null) {
      check(listener.tls());
    }
    Set<String> hosts = new HashSet<>();
    Set<String> names = new HashSet<>();
    for (Service service : listener.services()) {
      check(listener, service);
      InvalidEntry.unless(
          names.add(service.name()),
          "Service %s cannot be added multiple times (listener on port %d)",
          service.name(),
          listener.port());
      for (String host : service.hosts()) {
        InvalidEntry.unless(
            hosts.add(host),
            "Hosts must be unique within a specific listener (listener on port %d)",
            listener.port());
        checkHost(host);
      }
    }
  }

  private static void check(Listener listener, Service service) throws InvalidEntry {
    String where = "(listener on port " + listener.port() + ")";
    boolean isTcp = listener.protocol().equals("tcp");
    InvalidEntry.unless(
        !isTcp || (!modifies(service.requestHeaders()) && !modifies(service.responseHeaders())),
        "request headers only valid for http, http2 and grpc protocols (service \"%s\" on"
            + " listener on port %d)",
        service.name(),
        listener.port());
    boolean isWildcard = service.name().equals("*");
    InvalidEntry.unless(
        !isTcp || !isWildcard,
        "Wildcard service name is only valid for protocol = 'http' %s",
        where);
    InvalidEntry.unless(
        !isTcp || service.hosts().isEmpty(),
        "Associating hosts to a service is not supported for the tcp protocol %s",
        where);
    InvalidEntry.unless(!service.name().isEmpty(), "Service name cannot be blank %s", where);
    InvalidEntry.unless(
        !isWildcard || service.hosts().isEmpty(),
        "Associating hosts to a wildcard service is not supported %s",
        where);
    if (service.passiveHealthCheck() != null) {
      service.passiveHealthCheck().check();
    }
  }

  private static boolean modifies(@Nullable HeaderModifiers headers) {
    return headers != null && !headers.isEmpty();
  }

  private void checkHost(String host) throws InvalidEntry {
    if (host.equals("*")) {
      InvalidEntry.unless(
          !tls.enabled(),
          "Host '*' is not allowed when TLS is enabled, all hosts must be valid DNS records to add"
              + " as a DNSSAN");
      return;
    }
    InvalidEntry.unless(
        host.matches("[A-Za-z0-9_*-]{1,63}(\\.[A-Za-z0-9_*-]{1,63})*\\.?"),
        "Host \"%s\" must be a valid DNS hostname",
        host);
    String rest = host.startsWith("*.") ? host.substring(2) : host;
    InvalidEntry.unless(
        rest.indexOf('*') < 0,
        "Host \"%s\" is not valid, a wildcard specifier is only allowed as the leftmost label",
        host);
  }

  @Override
  public List<String> references() {
    return listeners.stream()
        .flatMap(listener -> listener.services().stream())
        .map(Service::name)
        .filter(service -> !service.equals("*"))
        .distinct()
        .toList();
  }
}
