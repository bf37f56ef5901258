package dev.muster.registry.catalog;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// How the state of a check is found out.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "probe")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Probe.None.class, name = "none"),
  @JsonSubTypes.Type(value = Probe.External.class, name = "external"),
  @JsonSubTypes.Type(value = Probe.Ttl.class, name = "ttl"),
  @JsonSubTypes.Type(value = Probe.Http.class, name = "http"),
  @JsonSubTypes.Type(value = Probe.Tcp.class, name = "tcp")
})
public sealed interface Probe {
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

  /// A request: 2xx is passing, 429 warning, everything else critical.
  record Http(
      String url,
      String method,
      Map<String, List<String>> headers,
      String body,
      boolean skipsTlsVerification,
      Rhythm rhythm)
      implements Probe {
    public Http {
      headers = Ordered.copy(headers);
    }

    @Override
    public String word() {
      return "http";
    }

    @Override
    public Duration deregisterAfter() {
      return rhythm.deregisterAfter();
    }
  }

  /// A connection: passing if it is accepted. `target` is `host:port`.
  record Tcp(String target, Rhythm rhythm) implements Probe {
    @Override
    public String word() {
      return "tcp";
    }

    @Override
    public Duration deregisterAfter() {
      return rhythm.deregisterAfter();
    }
  }

  /// When a probe runs and how many results in a row change the state.
  ///
  /// @param successesBeforePassing results in a row that are needed; 0 is as good as 1
  /// @param failuresBeforeCritical results in a row that are needed; 0 is as good as 1
  record Rhythm(
      Duration interval,
      Duration timeout,
      Duration deregisterAfter,
      int successesBeforePassing,
      int failuresBeforeCritical) {}
}
