package dev.muster.balancer.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// How the servers of an upstream are asked whether they are well (nginx's `health_check`). The
/// instances of registered services are not: their checks say it.
///
/// @param uri what is asked for; empty for a connection alone
/// @param host the Host field
/// @param interval between two questions to a server
/// @param timeout of each
/// @param fails in a row after which a server gets no requests
/// @param passes in a row after which it gets them again
/// @param port where it is asked, 0 for where it is served
/// @param isMandatory whether a new server gets no requests before it was well
/// @param expected what an answer must be like
public record HealthCheck(
    String uri,
    String host,
    Duration interval,
    Duration timeout,
    int fails,
    int passes,
    int port,
    boolean isMandatory,
    Expected expected) {

  /// What an answer must be like (nginx's `match`).
  ///
  /// @param statuses any of them
  /// @param headers all of them
  /// @param body found in the first 64 KiB, if given
  public record Expected(List<Statuses> statuses, List<Header> headers, Optional<Body> body) {
    /// Copies what it is given.
    public Expected {
      statuses = List.copyOf(statuses);
      headers = List.copyOf(headers);
    }

    /// Success or a redirect.
    public static Expected defaults() {
      return new Expected(List.of(new Statuses(200, 399)), List.of(), Optional.empty());
    }
  }

  /// A range of statuses, both ends included.
  ///
  /// @param isNegated whether the others are meant
  public record Statuses(int first, int last, boolean isNegated) {
    /// The range itself.
    public Statuses(int first, int last) {
      this(first, last, false);
    }

    /// Whether a status is meant.
    public boolean has(int status) {
      return (first <= status && status <= last) != isNegated;
    }
  }

  /// What a header must be like.
  ///
  /// @param name in lower case
  /// @param pattern found in its value; empty: it is there at all
  /// @param isNegated whether the contrary is meant
  public record Header(String name, Optional<Pattern> pattern, boolean isNegated) {}

  /// What the body must be like.
  ///
  /// @param pattern found in it
  /// @param isNegated whether the contrary is meant
  public record Body(Pattern pattern, boolean isNegated) {}

  /// Refuses what cannot be counted.
  public HealthCheck {
    if (fails < 1 || passes < 1 || port < 0 || port > 0xffff) {
      throw new IllegalArgumentException(
          "fails %d and passes %d must be positive, port %d a port".formatted(fails, passes, port));
    }
    if (!interval.isPositive() || !timeout.isPositive()) {
      throw new IllegalArgumentException(
          "interval %s and timeout %s must be positive".formatted(interval, timeout));
    }
  }

  /// `GET /` every 5 s; one failure and one success count.
  public static HealthCheck defaults() {
    return new HealthCheck(
        "/",
        "localhost",
        Duration.ofSeconds(5),
        Duration.ofSeconds(5),
        1,
        1,
        0,
        false,
        Expected.defaults());
  }
}
