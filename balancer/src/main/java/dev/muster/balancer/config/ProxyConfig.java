package dev.muster.balancer.config;

import dev.muster.balancer.variable.Template;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How requests are passed on (nginx's proxy module).
///
/// @param to who is asked
/// @param uri what takes the place of the part of the path that the location matched, if given
/// @param headers the fields that requests get instead of their own of that name, empty for none
/// @param timeouts how long to wait for what
/// @param retry when another instance is asked
public record ProxyConfig(
    Target to, Optional<Template> uri, List<Header> headers, Timeouts timeouts, Retry retry) {
  /// Who is asked.
  public sealed interface Target {
    /// An upstream of the configuration, or one made of a single name with a port.
    ///
    /// @param name its name in [Configuration#upstreams]
    record Named(String name) implements Target {}

    /// Whoever the text names for this request: an upstream, a service, or `host:port`.
    ///
    /// @param url without `http://`, its URI included
    record Computed(Template url) implements Target {}
  }

  /// `proxy_set_header name value`.
  ///
  /// @param name of the field
  /// @param value an empty one removes the field
  public record Header(String name, Template value) {}

  /// How long to wait for what.
  ///
  /// @param connect for a connection
  /// @param read for the next octets of an answer
  /// @param send for the instance to take the next octets
  public record Timeouts(Duration connect, Duration read, Duration send) {
    /// Those of nginx, but for connecting: a retry elsewhere should come while someone waits.
    public static Timeouts defaults() {
      return new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofSeconds(60));
    }
  }

  /// When another instance is asked.
  ///
  /// @param tries instances asked at most, 0 for no limit but the balancer's
  /// @param within none is asked later than this, zero for no limit but the balancer's
  /// @param statuses answers that count as failures
  /// @param isNonIdempotent whether requests that must not be repeated are repeated all the same
  /// @param isAfterTimeout whether another is asked when an instance does not answer in time
  /// @param hedgeAfter when a second instance is asked beside one that has not answered yet, zero
  ///     for never
  public record Retry(
      int tries,
      Duration within,
      List<Integer> statuses,
      boolean isNonIdempotent,
      boolean isAfterTimeout,
      Duration hedgeAfter) {
    /// Copies what it is given.
    public Retry {
      statuses = List.copyOf(statuses);
    }

    /// After errors, never what must not be repeated.
    public static Retry defaults() {
      return new Retry(0, Duration.ZERO, List.of(), false, false, Duration.ZERO);
    }
  }

  /// Copies what it is given.
  public ProxyConfig {
    headers = List.copyOf(headers);
  }

  /// One with defaults.
  public static ProxyConfig to(String upstream) {
    return new ProxyConfig(
        new Target.Named(upstream),
        Optional.empty(),
        List.of(),
        Timeouts.defaults(),
        Retry.defaults());
  }
}
