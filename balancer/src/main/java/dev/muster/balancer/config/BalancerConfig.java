package dev.muster.balancer.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Where the balancer listens, and every bound it keeps. Wrong values are reported together.
///
/// @param listenAddress the IP address to listen on; default `127.0.0.1`
/// @param port the port to listen on for the routes that services ask for, 0 for a free one, -1 for
///     none; default 8080
/// @param threads event loops, each with its own listener; default the number of processors
/// @param timeouts how long to wait for what
/// @param limits how much to take of what
/// @param telemetry what is written down and reported of requests
/// @param sessionKey what session cookies are signed with; by default one that is made up on every
///     start
/// @param takesBareLf whether lines of heads may end in a line feed alone; they are read as if they
///     ended in both, so that nothing ambiguous is forwarded; default no
public record BalancerConfig(
    String listenAddress,
    int port,
    int threads,
    Timeouts timeouts,
    Limits limits,
    Telemetry telemetry,
    Optional<SessionKey> sessionKey,
    boolean takesBareLf) {

  /// How long to wait for what.
  ///
  /// @param clientHeader for the whole request head, from its first byte; default 60 s
  /// @param clientIdle for the next request on a kept connection; default 75 s
  /// @param clientBody between two pieces of a request body; default 60 s
  /// @param clientSend for a client that does not read its response; default 60 s
  /// @param connect for an instance to accept a connection; default 5 s
  /// @param response for the response head, and between two pieces of its body; default 60 s
  /// @param upstreamIdle how long an unused connection to an instance is kept; default 60 s
  /// @param retry no further instance is tried this long after the first; default 10 s
  /// @param skip how long an instance whose connect failed is skipped, doubled by every further
  ///     failure up to 32 times; default 1 s
  /// @param drain how long requests in flight may take to finish on close; default 30 s
  public record Timeouts(
      Duration clientHeader,
      Duration clientIdle,
      Duration clientBody,
      Duration clientSend,
      Duration connect,
      Duration response,
      Duration upstreamIdle,
      Duration retry,
      Duration skip,
      Duration drain) {

    /// The documented defaults.
    public static Timeouts defaults() {
      return new Timeouts(
          Duration.ofSeconds(60),
          Duration.ofSeconds(75),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          Duration.ofSeconds(5),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          Duration.ofSeconds(10),
          Duration.ofSeconds(1),
          Duration.ofSeconds(30));
    }

    private void check(List<String> problems) {
      positive(problems, "clientHeader", clientHeader);
      positive(problems, "clientIdle", clientIdle);
      positive(problems, "clientBody", clientBody);
      positive(problems, "clientSend", clientSend);
      positive(problems, "connect", connect);
      positive(problems, "response", response);
      positive(problems, "upstreamIdle", upstreamIdle);
      positive(problems, "retry", retry);
      positive(problems, "skip", skip);
      positive(problems, "drain", drain);
    }

    private static void positive(List<String> problems, String name, Duration value) {
      if (!value.isPositive() || value.compareTo(Duration.ofDays(1)) > 0) {
        problems.add("timeouts." + name + " is " + value + ", not above zero and up to a day");
      }
    }
  }

  /// How much to take of what.
  ///
  /// @param requestLineBytes of a request or status line; default 8 KiB, else 414
  /// @param headerBytes of a header block; default 32 KiB, else 431
  /// @param headerCount lines of a header block; default 100, else 431
  /// @param bodyBytes of a request body; default 1 GiB, else 413
  /// @param replayBytes of a request body kept so that it can be sent to another instance, until
  ///     the response head arrives; default 64 KiB
  /// @param tries instances tried for one request; default 16
  /// @param idlePerInstance unused connections kept to an instance by each event loop; default 1024
  /// @param connections of clients, all event loops together; default 16384
  public record Limits(
      int requestLineBytes,
      int headerBytes,
      int headerCount,
      long bodyBytes,
      int replayBytes,
      int tries,
      int idlePerInstance,
      int connections) {

    /// The documented defaults.
    public static Limits defaults() {
      return new Limits(8 * 1024, 32 * 1024, 100, 1L << 30, 64 * 1024, 16, 1024, 16_384);
    }

    private void check(List<String> problems) {
      between(problems, "requestLineBytes", requestLineBytes, 64, 1 << 20);
      between(problems, "headerBytes", headerBytes, 64, 1 << 20);
      between(problems, "headerCount", headerCount, 1, 10_000);
      between(problems, "bodyBytes", bodyBytes, 0, Long.MAX_VALUE);
      between(problems, "replayBytes", replayBytes, 0, 1 << 24);
      between(problems, "tries", tries, 1, 1000);
      between(problems, "idlePerInstance", idlePerInstance, 0, 100_000);
      between(problems, "connections", connections, 1, 10_000_000);
    }

    private static void between(
        List<String> problems, String name, long value, long least, long most) {
      if (value < least || value > most) {
        problems.add("limits." + name + " is " + value + ", not " + least + " to " + most);
      }
    }
  }

  /// Throws an `IllegalArgumentException` that names every wrong value.
  public BalancerConfig {
    List<String> problems = new ArrayList<>();
    if (Addresses.literal(listenAddress) == null) {
      problems.add("listenAddress '" + listenAddress + "' is not an IP address");
    }
    if (port < -1 || port > 65535) {
      problems.add("port is " + port + ", not -1 to 65535");
    }
    if (threads < 1 || threads > 1024) {
      problems.add("threads is " + threads + ", not 1 to 1024");
    }
    timeouts.check(problems);
    limits.check(problems);
    telemetry.check(problems);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException("balancer: " + String.join("; ", problems));
    }
  }

  /// One without a session key.
  public BalancerConfig(
      String listenAddress, int port, int threads, Timeouts timeouts, Limits limits) {
    this(listenAddress, port, threads, timeouts, limits, Telemetry.off(), Optional.empty(), false);
  }

  /// The documented defaults.
  public static BalancerConfig defaults() {
    return new BalancerConfig(
        "127.0.0.1",
        8080,
        Runtime.getRuntime().availableProcessors(),
        Timeouts.defaults(),
        Limits.defaults(),
        Telemetry.off(),
        Optional.empty(),
        false);
  }

  /// The same, listening elsewhere.
  public BalancerConfig withListen(String address, int listenPort) {
    return new BalancerConfig(
        address, listenPort, threads, timeouts, limits, telemetry, sessionKey, takesBareLf);
  }

  /// The same with another number of event loops.
  public BalancerConfig withThreads(int count) {
    return new BalancerConfig(
        listenAddress, port, count, timeouts, limits, telemetry, sessionKey, takesBareLf);
  }

  /// The same with other timeouts.
  public BalancerConfig withTimeouts(Timeouts others) {
    return new BalancerConfig(
        listenAddress, port, threads, others, limits, telemetry, sessionKey, takesBareLf);
  }

  /// The same with other limits.
  public BalancerConfig withLimits(Limits others) {
    return new BalancerConfig(
        listenAddress, port, threads, timeouts, others, telemetry, sessionKey, takesBareLf);
  }

  /// The same, with other reports.
  public BalancerConfig with(Telemetry others) {
    return new BalancerConfig(
        listenAddress, port, threads, timeouts, limits, others, sessionKey, takesBareLf);
  }

  /// The same with a key that outlives the process.
  public BalancerConfig withSessionKey(SessionKey key) {
    return new BalancerConfig(
        listenAddress, port, threads, timeouts, limits, telemetry, Optional.of(key), takesBareLf);
  }

  /// The same, which takes lines of heads that end in a line feed alone.
  public BalancerConfig withBareLf() {
    return new BalancerConfig(
        listenAddress, port, threads, timeouts, limits, telemetry, sessionKey, true);
  }
}
