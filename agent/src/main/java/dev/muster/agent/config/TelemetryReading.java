package dev.muster.agent.config;

import dev.muster.balancer.config.AccessLogConfig;
import dev.muster.balancer.config.AccessLogConfig.Escape;
import dev.muster.balancer.config.AccessLogConfig.Format;
import dev.muster.balancer.config.Telemetry;
import dev.muster.balancer.variable.Template;
import dev.muster.balancer.variable.UnknownVariable;
import dev.muster.balancer.variable.Variables;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/// Reads what the balancer writes down and reports of requests.
final class TelemetryReading {
  private static final String FORMAT = "balancer.access_log_format";
  private static final String RATIO = "balancer.trace_ratio";
  private static final String ENDPOINT = "telemetry.otlp_endpoint";

  private final Values values;
  private final Problems problems;

  TelemetryReading(Values values, Problems problems) {
    this.values = values;
    this.problems = problems;
  }

  Telemetry telemetry() {
    List<AccessLogConfig> logs =
        values
            .text("balancer.access_log")
            .filter(path -> !path.isBlank())
            .map(path -> List.of(AccessLogConfig.of(path, format())))
            .orElse(List.of());
    Optional<URI> endpoint = endpoint();
    double ratio = ratio();
    if (ratio > 0 && endpoint.isEmpty()) {
      problems.warn(
          values.place(RATIO),
          RATIO + " has no effect without " + ENDPOINT + ": nobody would get the spans");
    }
    return new Telemetry(logs, ratio, endpoint);
  }

  private Format format() {
    String text = values.textOrFail(FORMAT);
    try {
      return switch (text) {
        case "combined" -> new Format.Combined();
        case "json" -> new Format.Json();
        default -> new Format.Custom(Template.compile(text, new Variables()), Escape.DEFAULT);
      };
    } catch (UnknownVariable e) {
      problems.add(values.place(FORMAT), FORMAT, "" + e.getMessage());
      return new Format.Combined();
    }
  }

  private double ratio() {
    double ratio = Double.parseDouble(values.textOrFail(RATIO));
    if (ratio >= 0 && ratio <= 1) {
      return ratio;
    }
    problems.add(values.place(RATIO), RATIO, ratio + " is not 0 to 1");
    return 0;
  }

  private Optional<URI> endpoint() {
    Optional<String> text = values.text(ENDPOINT).filter(it -> !it.isBlank());
    try {
      Optional<URI> uri = text.map(URI::create);
      boolean isFine =
          uri.stream()
              .allMatch(it -> ("" + it.getScheme()).matches("https?") && it.getHost() != null);
      if (isFine) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // Told below.
    }
    problems.add(
        values.place(ENDPOINT), ENDPOINT, "\"" + text.orElse("") + "\" is not http://HOST:PORT");
    return Optional.empty();
  }
}
