package dev.muster.consul.form;

import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.Probe;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A check as a request defines it.
///
/// @param id empty if the request gave none
/// @param status empty if the request gave none
public record CheckForm(
    String id, String name, String notes, String status, String serviceId, Probe probe) {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);
  private static final List<String> NOT_RUN =
      List.of(
          "Script",
          "Args",
          "ScriptArgs",
          "DockerContainerID",
          "GRPC",
          "UDP",
          "H2PING",
          "AliasNode",
          "AliasService",
          "OSService");

  /// Reads the check of a registration with an agent, which the registry is to run.
  ///
  /// @throws Refusal if it makes no sense
  public static CheckForm of(Fields fields) {
    Probe probe = probe(fields);
    var form =
        new CheckForm(
            Names.checked("check ID", fields.string("CheckID", "ID")),
            fields.string("Name"),
            fields.string("Notes"),
            fields.string("Status"),
            fields.string("ServiceID"),
            probe);
    fields.requireDefault("Namespace", "Partition");
    fields.ignore("Token", "OutputMaxSize", "ServiceName", "Shell");
    fields.end();
    return form;
  }

  private static Probe probe(Fields fields) {
    for (String kind : NOT_RUN) {
      if (fields.has(kind)) {
        throw new Refusal(
            400,
            "Invalid check: %s checks are not run by this version; use HTTP, TCP or TTL"
                .formatted(kind));
      }
    }
    fields.ignore("GRPCUseTLS", "H2PingUseTLS", "TCPUseTLS", "FailuresBeforeWarning");
    Duration ttl = fields.duration("TTL");
    String http = fields.string("HTTP");
    String tcp = fields.string("TCP");
    Probe.Rhythm rhythm = rhythm(fields);
    Probe.Http httpProbe = http(fields, http, rhythm);
    if (ttl.isNegative()) {
      throw new Refusal(400, "Invalid check: TTL must be > 0 for TTL checks");
    }
    if (!ttl.isZero() && !(http.isEmpty() && tcp.isEmpty())) {
      throw new Refusal(400, "Invalid check: Interval and TTL cannot both be specified");
    }
    if (!ttl.isZero()) {
      return new Probe.Ttl(ttl, rhythm.deregisterAfter());
    }
    if (http.isEmpty() && tcp.isEmpty()) {
      throw new Refusal(400, "Invalid check: TTL must be > 0 for TTL checks");
    }
    if (rhythm.interval().isZero() || rhythm.interval().isNegative()) {
      throw new Refusal(400, "Invalid check: Interval must be > 0 for Script, HTTP, or TCP checks");
    }
    return http.isEmpty() ? tcp(tcp, rhythm) : httpProbe;
  }

  private static Probe.Rhythm rhythm(Fields fields) {
    Duration timeout = fields.duration("Timeout");
    Duration deregisterAfter = fields.duration("DeregisterCriticalServiceAfter");
    int successes = fields.integer("SuccessBeforePassing", 0);
    int failures = fields.integer("FailuresBeforeCritical", 0);
    if (timeout.isNegative() || deregisterAfter.isNegative() || successes < 0 || failures < 0) {
      throw new Refusal(
          400,
          "Invalid check: Timeout, DeregisterCriticalServiceAfter, SuccessBeforePassing and"
              + " FailuresBeforeCritical must not be negative");
    }
    return new Probe.Rhythm(
        fields.duration("Interval"),
        timeout.isZero() ? DEFAULT_TIMEOUT : timeout,
        deregisterAfter,
        successes,
        failures);
  }

  private static Probe.Http http(Fields fields, String url, Probe.Rhythm rhythm) {
    String method = fields.string("Method").toUpperCase(Locale.ROOT);
    Map<String, List<String>> headers = fields.stringsMap("Header");
    String body = fields.string("Body");
    boolean skipsVerification = fields.bool("TLSSkipVerify");
    fields.ignore("TLSServerName", "DisableRedirects");
    if (!url.isEmpty()) {
      requireHttp(url);
    }
    return new Probe.Http(
        url, method.isEmpty() ? "GET" : method, headers, body, skipsVerification, rhythm);
  }

  private static void requireHttp(String url) {
    try {
      URI uri = new URI(url);
      String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
      if ((scheme.equals("http") || scheme.equals("https")) && uri.getHost() != null) {
        return;
      }
    } catch (URISyntaxException e) {
      throw new Refusal(400, "Invalid check: HTTP \"%s\": %s".formatted(url, e.getReason()));
    }
    throw new Refusal(
        400,
        "Invalid check: HTTP \"%s\" is not a URL such as http://10.0.0.1:5000/health"
            .formatted(url));
  }

  private static Probe tcp(String target, Probe.Rhythm rhythm) {
    int colon = target.lastIndexOf(':');
    try {
      int port = Integer.parseInt(target.substring(colon + 1));
      if (colon > 0 && port > 0 && port <= 65_535) {
        return new Probe.Tcp(target, rhythm);
      }
    } catch (NumberFormatException e) {
      // refused below
    }
    throw new Refusal(
        400, "Invalid check: TCP \"%s\" is not host:port, such as 10.0.0.1:5432".formatted(target));
  }

  /// The state by its word; none is critical.
  ///
  /// @throws Refusal with the given text unless the status is absent or known
  public static Check.Status status(String word, String refusal) {
    return switch (word) {
      case "passing" -> Check.Status.PASSING;
      case "warning" -> Check.Status.WARNING;
      case "critical", "" -> Check.Status.CRITICAL;
      default -> throw new Refusal(400, refusal);
    };
  }

  /// The check to be registered.
  public Check check(
      String node, String checkId, String checkName, String service, String refusal) {
    return new Check(
        node, checkId, service, checkName, notes, status(status, refusal), "", probe, 0, 0);
  }
}
