package dev.muster.registry.catalog;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// How the state of a check is found out.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "probe")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Probe.None.class, name = "none"),
  @JsonSubTypes.Type(value = Probe.External.class, name = "external"),
  @JsonSubTypes.Type(value = Probe.Ttl.class, name = "ttl"),
  @JsonSubTypes.Type(value = Probe.Http.class, name = "http"),
  @JsonSubTypes.Type(value = Probe.Tcp.class, name = "tcp"),
  @JsonSubTypes.Type(value = Probe.Udp.class, name = "udp"),
  @JsonSubTypes.Type(value = Probe.Grpc.class, name = "grpc"),
  @JsonSubTypes.Type(value = Probe.H2Ping.class, name = "h2ping"),
  @JsonSubTypes.Type(value = Probe.Script.class, name = "script"),
  @JsonSubTypes.Type(value = Probe.OsService.class, name = "os-service"),
  @JsonSubTypes.Type(value = Probe.Alias.class, name = "alias")
})
public sealed interface Probe {
  /// What a check says is cut to so many bytes, or fewer if its definition says so.
  int OUTPUT_BYTES_MAX = 4096;

  /// The word Consul uses for the kind of check; empty where it has none.
  String word();

  /// Whether a server of ours runs it, or waits for its beats.
  default boolean isOurs() {
    return true;
  }

  /// Zero: an instance stays registered however long it is critical.
  default Duration deregisterAfter() {
    return Duration.ZERO;
  }

  /// The state is set by hand, such as maintenance.
  record None() implements Probe {
    @Override
    public String word() {
      return "";
    }

    @Override
    public boolean isOurs() {
      return false;
    }
  }

  /// Registered through the catalog: somebody else runs it and reports the state.
  record External(Probe declared) implements Probe {
    @Override
    public String word() {
      return declared.word();
    }

    @Override
    public boolean isOurs() {
      return false;
    }
  }

  /// Critical unless the service says that it is well within each `ttl`.
  record Ttl(Duration ttl, Duration deregisterAfter) implements Probe {
    @Override
    public String word() {
      return "ttl";
    }
  }

  /// As well as the worst check of an instance or a node; follows the registry, has no interval.
  ///
  /// @param node empty if it is the node of the check itself
  /// @param serviceId empty if a node's own checks are meant
  record Alias(String node, String serviceId, Duration deregisterAfter) implements Probe {
    @Override
    public String word() {
      return "alias";
    }
  }

  /// One that a server runs again and again.
  sealed interface Periodic extends Probe {
    Rhythm rhythm();

    @Override
    default Duration deregisterAfter() {
      return rhythm().deregisterAfter();
    }
  }

  /// A request: 2xx is passing, 429 warning, everything else critical.
  ///
  /// @param method any token
  /// @param headers `Host` among them takes the place of the URL's
  /// @param tlsServerName the name that is asked for and verified; empty: the URL's
  /// @param disablesRedirects whether an answer that leads elsewhere is the answer
  /// @param outputBytesMax 0 is as good as [#OUTPUT_BYTES_MAX]
  record Http(
      String url,
      String method,
      Map<String, List<String>> headers,
      String body,
      boolean skipsTlsVerification,
      Rhythm rhythm,
      String tlsServerName,
      boolean disablesRedirects,
      int outputBytesMax)
      implements Periodic {
    public Http {
      headers = Ordered.copy(headers);
      tlsServerName = Objects.requireNonNullElse(tlsServerName, ""); // absent in older logs
    }

    /// The certificate must be the URL's own, redirects are followed, the output is cut as usual.
    public Http(
        String url,
        String method,
        Map<String, List<String>> headers,
        String body,
        boolean skipsTlsVerification,
        Rhythm rhythm) {
      this(url, method, headers, body, skipsTlsVerification, rhythm, "", false, 0);
    }

    @Override
    public String word() {
      return "http";
    }
  }

  /// A connection: passing if it is accepted. `target` is `host:port`.
  record Tcp(String target, Rhythm rhythm, Tls tls) implements Periodic {
    public Tcp {
      tls = Objects.requireNonNullElse(tls, Tls.NONE); // absent in older logs
    }

    public Tcp(String target, Rhythm rhythm) {
      this(target, rhythm, Tls.NONE);
    }

    @Override
    public String word() {
      return "tcp";
    }
  }

  /// A datagram: critical if the host says that nobody takes it; silence is passing. `target` is
  /// `host:port`.
  record Udp(String target, Rhythm rhythm) implements Periodic {
    @Override
    public String word() {
      return "udp";
    }
  }

  /// A call of gRPC's health service, version 1: passing if it answers `SERVING`. `target` is
  /// `host:port`, or `host:port/service` to ask for one service.
  record Grpc(String target, Rhythm rhythm, Tls tls) implements Periodic {
    @Override
    public String word() {
      return "grpc";
    }
  }

  /// A ping over HTTP/2: passing if it is answered. `target` is `host:port`.
  record H2Ping(String target, Rhythm rhythm, Tls tls) implements Periodic {
    @Override
    public String word() {
      return "h2ping";
    }
  }

  /// A program: passing if it exits with 0, warning with 1, else critical.
  ///
  /// @param args the program and its arguments; no shell is between
  /// @param isFromFile whether a server's configuration defines it, not a request
  /// @param outputBytesMax 0 is as good as [#OUTPUT_BYTES_MAX]
  record Script(List<String> args, boolean isFromFile, int outputBytesMax, Rhythm rhythm)
      implements Periodic {
    public Script {
      args = List.copyOf(args);
    }

    @Override
    public String word() {
      return "script";
    }
  }

  /// A service of the operating system, as systemd names it: passing if it is active.
  record OsService(String name, Rhythm rhythm) implements Periodic {
    @Override
    public String word() {
      return "os_service";
    }
  }

  /// Whether and how a connection is encrypted.
  ///
  /// @param serverName the name that is asked for and verified; empty: the target's
  record Tls(boolean isUsed, boolean skipsVerification, String serverName) {
    public static final Tls NONE = new Tls(false, false, "");
  }

  /// When a probe runs and how many results in a row change the state.
  ///
  /// @param successesBeforePassing results in a row that are needed; 0 is as good as 1
  /// @param failuresBeforeCritical results in a row that are needed; 0 is as good as 1
  /// @param failuresBeforeWarning results in a row after which it is warning meanwhile; 0 is as
  ///     good as `failuresBeforeCritical`
  record Rhythm(
      Duration interval,
      Duration timeout,
      Duration deregisterAfter,
      int successesBeforePassing,
      int failuresBeforeCritical,
      int failuresBeforeWarning) {

    /// Without a warning before it is critical.
    public Rhythm(
        Duration interval,
        Duration timeout,
        Duration deregisterAfter,
        int successesBeforePassing,
        int failuresBeforeCritical) {
      this(interval, timeout, deregisterAfter, successesBeforePassing, failuresBeforeCritical, 0);
    }
  }
}
