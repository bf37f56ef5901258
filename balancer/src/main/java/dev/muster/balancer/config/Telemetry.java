package dev.muster.balancer.config;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/// What is written down and reported of requests, whatever a file in nginx's language says.
///
/// @param logs access logs of routes that services ask for, and of requests without a location
/// @param traceRatio the part of requests without a trace that one is started for, 0 to 1; with 0
///     traces pass as they came
/// @param otlpEndpoint where spans are sent by OTLP over HTTP, such as `http://127.0.0.1:4318`;
///     without, traces pass as they came
public record Telemetry(List<AccessLogConfig> logs, double traceRatio, Optional<URI> otlpEndpoint) {
  /// Copies the list.
  public Telemetry {
    logs = List.copyOf(logs);
  }

  /// Nothing.
  public static Telemetry off() {
    return new Telemetry(List.of(), 0, Optional.empty());
  }

  /// Whether spans are made.
  public boolean traces() {
    return traceRatio > 0 && otlpEndpoint.isPresent();
  }

  void check(List<String> problems) {
    if (!(traceRatio >= 0 && traceRatio <= 1)) {
      problems.add("telemetry.traceRatio is " + traceRatio + ", not 0 to 1");
    }
    otlpEndpoint.ifPresent(
        uri -> {
          boolean isHttp = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
          if (!isHttp || uri.getHost() == null) {
            problems.add("telemetry.otlpEndpoint is " + uri + ", not http://HOST:PORT");
          }
        });
  }
}
