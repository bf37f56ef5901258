package dev.muster.consul.form;

import dev.muster.registry.catalog.Probe;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// How a check finds out its state, as a request or a file defines it: `TTL`, or one kind of probe
/// and what belongs to it.
final class ProbeForm {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration DEFAULT_SCRIPT_TIMEOUT = Duration.ofSeconds(30);
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  private final Duration ttl;
  private final String http;
  private final String method;
  private final Map<String, List<String>> headers;
  private final String body;
  private final boolean disablesRedirects;
  private final String tcp;
  private final String udp;
  private final String grpc;
  private final String h2ping;
  private final List<String> args;
  private final String osService;
  private final String aliasNode;
  private final String aliasService;
  private final boolean tcpUsesTls;
  private final boolean grpcUsesTls;
  private final boolean h2pingUsesTls;
  private final boolean skipsVerification;
  private final String serverName;
  private final int outputBytesMax;
  private final Probe.Rhythm rhythm;

  /// @param methodOtherwise that of a request over HTTP if none is given
  private ProbeForm(Fields fields, String methodOtherwise) {
    ttl = fields.duration("TTL");
    http = fields.string("HTTP");
    String given = fields.string("Method").toUpperCase(Locale.ROOT);
    method = given.isEmpty() ? methodOtherwise : given;
    headers = fields.stringsMap("Header");
    body = fields.string("Body");
    disablesRedirects = fields.bool("DisableRedirects");
    tcp = fields.string("TCP");
    udp = fields.string("UDP");
    grpc = fields.string("GRPC");
    h2ping = fields.string("H2PING");
    List<String> scriptArgs = fields.strings("ScriptArgs");
    List<String> shortArgs = fields.strings("Args");
    args = shortArgs.isEmpty() ? scriptArgs : shortArgs;
    osService = fields.string("OSService");
    aliasNode = Names.checked("alias node", fields.string("AliasNode"));
    aliasService = Names.checked("alias service", fields.string("AliasService"));
    tcpUsesTls = fields.bool("TCPUseTLS");
    grpcUsesTls = fields.bool("GRPCUseTLS");
    h2pingUsesTls = fields.bool("H2PingUseTLS", true);
    skipsVerification = fields.bool("TLSSkipVerify");
    serverName = fields.string("TLSServerName");
    outputBytesMax = fields.integer("OutputMaxSize", 0);
    rhythm =
        new Probe.Rhythm(
            fields.duration("Interval"),
            fields.duration("Timeout"),
            fields.duration("DeregisterCriticalServiceAfter"),
            fields.integer("SuccessBeforePassing", 0),
            fields.integer("FailuresBeforeCritical", 0),
            fields.integer("FailuresBeforeWarning", 0));
    fields.ignore("Shell"); // only Docker has one
  }

  /// Reads what a server is to run.
  ///
  /// @param isFromFile whether a configuration file says so
  /// @throws Refusal if it makes no sense
  static Probe toRun(Fields fields, boolean isFromFile) {
    refuseNotRun(fields);
    var form = new ProbeForm(fields, "GET");
    form.requireSense();
    return form.probe(isFromFile);
  }

  /// Reads what somebody else runs and the catalog only shows. It is taken as it is.
  static Probe declared(Fields fields) {
    var form = new ProbeForm(fields, "");
    fields.ignore("IntervalDuration", "TimeoutDuration", "DockerContainerID");
    fields.ignore("DeregisterCriticalServiceAfterDuration");
    fields.end();
    return form.kinds().isEmpty() && !form.ttl.isPositive()
        ? new Probe.None()
        : form.kind(form.rhythm, false);
  }

  private static void refuseNotRun(Fields fields) {
    if (fields.has("DockerContainerID")) {
      throw invalid(
          "Docker checks are not run; where scripts are allowed, Args can be [\"docker\", \"exec\","
              + " container, program]");
    }
    if (fields.has("Script")) {
      throw invalid("Script is no more; use Args, a list of the program and its arguments");
    }
  }

  private static Refusal invalid(String reason) {
    return new Refusal(400, "Invalid check: " + reason);
  }

  private boolean isAlias() {
    return !aliasNode.isEmpty() || !aliasService.isEmpty();
  }

  /// The kinds of probe that are given, by the members that give them.
  private List<String> kinds() {
    List<String> kinds = new ArrayList<>();
    addIf(!http.isEmpty(), "HTTP", kinds);
    addIf(!tcp.isEmpty(), "TCP", kinds);
    addIf(!udp.isEmpty(), "UDP", kinds);
    addIf(!grpc.isEmpty(), "GRPC", kinds);
    addIf(!h2ping.isEmpty(), "H2PING", kinds);
    addIf(!args.isEmpty(), "Args", kinds);
    addIf(!osService.isEmpty(), "OSService", kinds);
    addIf(isAlias(), aliasService.isEmpty() ? "AliasNode" : "AliasService", kinds);
    return kinds;
  }

  private static void addIf(boolean given, String kind, List<String> kinds) {
    if (given) {
      kinds.add(kind);
    }
  }

  private void requireSense() {
    List<String> kinds = kinds();
    boolean hasInterval = rhythm.interval().isPositive();
    boolean isProbe = !kinds.isEmpty() && !isAlias();
    if (ttl.isNegative() || (ttl.isZero() && kinds.isEmpty())) {
      throw invalid("TTL must be > 0 for TTL checks");
    }
    if (ttl.isPositive() && isAlias()) {
      throw invalid("TTL must be not be set for Alias checks");
    }
    if (ttl.isPositive() && (hasInterval || isProbe)) {
      throw invalid("Interval and TTL cannot both be specified");
    }
    if (isAlias() && (hasInterval || kinds.size() > 1)) {
      throw invalid("Interval cannot be set for Alias checks");
    }
    if (kinds.size() > 1) {
      throw invalid(String.join(" and ", kinds) + " are given; a check is of one kind");
    }
    if (isProbe && !hasInterval) {
      throw invalid("Interval must be > 0 for Script, HTTP, or TCP checks");
    }
    if (outputBytesMax < 0) {
      throw invalid("MaxOutputMaxSize must be positive");
    }
    requireCounts();
  }

  private void requireCounts() {
    if (rhythm.timeout().isNegative()
        || rhythm.deregisterAfter().isNegative()
        || rhythm.successesBeforePassing() < 0
        || rhythm.failuresBeforeWarning() < 0
        || rhythm.failuresBeforeCritical() < 0) {
      throw invalid(
          "Timeout, DeregisterCriticalServiceAfter, SuccessBeforePassing, FailuresBeforeWarning"
              + " and FailuresBeforeCritical must not be negative");
    }
    if (rhythm.failuresBeforeWarning() > rhythm.failuresBeforeCritical()) {
      throw invalid("FailuresBeforeWarning can't be higher than FailuresBeforeCritical");
    }
  }

  private Probe probe(boolean isFromFile) {
    if (!http.isEmpty()) {
      requireHttp();
    }
    requireTarget("TCP", tcp);
    requireTarget("UDP", udp);
    requireTarget("H2PING", h2ping);
    int slash = grpc.indexOf('/');
    requireTarget("GRPC", slash < 0 ? grpc : grpc.substring(0, slash));
    Duration timeout = args.isEmpty() ? DEFAULT_TIMEOUT : DEFAULT_SCRIPT_TIMEOUT;
    var run =
        new Probe.Rhythm(
            rhythm.interval(),
            rhythm.timeout().isZero() ? timeout : rhythm.timeout(),
            rhythm.deregisterAfter(),
            rhythm.successesBeforePassing(),
            rhythm.failuresBeforeCritical(),
            rhythm.failuresBeforeWarning());
    return kind(run, isFromFile);
  }

  /// The first kind that is given, in Consul's order.
  private Probe kind(Probe.Rhythm run, boolean isFromFile) {
    if (ttl.isPositive()) {
      return new Probe.Ttl(ttl, run.deregisterAfter());
    }
    if (!http.isEmpty()) {
      return new Probe.Http(
          http,
          method,
          headers,
          body,
          skipsVerification,
          run,
          serverName,
          disablesRedirects,
          outputBytesMax);
    }
    if (!tcp.isEmpty()) {
      return new Probe.Tcp(tcp, run, tls(tcpUsesTls));
    }
    if (!udp.isEmpty()) {
      return new Probe.Udp(udp, run);
    }
    if (!grpc.isEmpty()) {
      return new Probe.Grpc(grpc, run, tls(grpcUsesTls));
    }
    if (!osService.isEmpty()) {
      return new Probe.OsService(osService, run);
    }
    if (!args.isEmpty()) {
      return new Probe.Script(args, isFromFile, outputBytesMax, run);
    }
    if (!h2ping.isEmpty()) {
      return new Probe.H2Ping(h2ping, run, tls(h2pingUsesTls));
    }
    return new Probe.Alias(aliasNode, aliasService, run.deregisterAfter());
  }

  private Probe.Tls tls(boolean isUsed) {
    return isUsed ? new Probe.Tls(true, skipsVerification, serverName) : Probe.Tls.NONE;
  }

  private void requireHttp() {
    if (!method.isEmpty() && !TOKEN.matcher(method).matches()) {
      throw invalid("Method \"%s\" is not a token such as GET or PATCH".formatted(method));
    }
    try {
      URI uri = new URI(http);
      String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
      boolean isHttp = scheme.equals("http") || scheme.equals("https");
      if (isHttp && uri.getRawAuthority() != null) {
        return;
      }
    } catch (URISyntaxException e) {
      throw invalid("HTTP \"%s\": %s".formatted(http, e.getReason()));
    }
    throw invalid("HTTP \"%s\" is not a URL such as http://10.0.0.1:5000/health".formatted(http));
  }

  private static void requireTarget(String member, String target) {
    if (target.isEmpty()) {
      return;
    }
    int colon = target.lastIndexOf(':');
    try {
      int port = Integer.parseInt(target.substring(colon + 1));
      if (colon > 0 && port > 0 && port <= 65_535) {
        return;
      }
    } catch (NumberFormatException e) {
      // refused below
    }
    throw invalid("%s \"%s\" is not host:port, such as 10.0.0.1:5432".formatted(member, target));
  }
}
