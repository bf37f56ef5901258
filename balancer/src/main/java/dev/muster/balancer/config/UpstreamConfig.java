package dev.muster.balancer.config;

import dev.muster.balancer.variable.Template;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A group of servers that requests are spread over (nginx's `upstream`).
///
/// @param name what `proxy_pass` calls it
/// @param servers in the order of the file
/// @param balancing who is asked next
/// @param idlePerWorker unused connections kept to each server by each event loop; 0 for the
///     balancer's own limit
/// @param guards what keeps it from harm
/// @param sticky how the requests of a session find the server of the first one, if they shall
/// @param check how its servers are asked whether they are well, if they shall be
public record UpstreamConfig(
    String name,
    List<UpstreamServer> servers,
    Balancing balancing,
    int idlePerWorker,
    GuardConfig guards,
    Optional<Sticky> sticky,
    Optional<HealthCheck> check) {

  /// How a session keeps its server (nginx's `sticky`).
  public sealed interface Sticky {
    /// A cookie of ours names the server.
    ///
    /// @param name of the cookie
    /// @param expires how long browsers keep it; empty for their session
    /// @param domain where it is sent, if not only to the host that was asked
    /// @param path where it is sent
    /// @param attributes further ones as they are written, such as `HttpOnly`, `Secure`,
    ///     `SameSite=Lax`
    record Cookie(
        String name,
        Optional<Duration> expires,
        Optional<Template> domain,
        String path,
        List<String> attributes)
        implements Sticky {
      /// The cookie of sessions of which no more is said than that they are sticky.
      public static final Cookie DEFAULT =
          new Cookie("route", Optional.empty(), Optional.empty(), "/", List.of("HttpOnly"));

      /// Copies what it is given.
      public Cookie {
        attributes = List.copyOf(attributes);
      }
    }

    /// The request names the server by its [UpstreamServer#route].
    ///
    /// @param names the first that is not empty counts
    record Route(List<Template> names) implements Sticky {
      /// Copies what it is given.
      public Route {
        names = List.copyOf(names);
      }
    }

    /// The application's own session, learned from its answers.
    ///
    /// @param created what in an answer begins a session; the first that is not empty counts
    /// @param asked what in a request names the session; the first that is not empty counts
    /// @param timeout how long a session is remembered after its last request
    record Learned(List<Template> created, List<Template> asked, Duration timeout)
        implements Sticky {
      /// Copies what it is given.
      public Learned {
        created = List.copyOf(created);
        asked = List.copyOf(asked);
      }
    }
  }

  /// A line of it; it may stand for many instances.
  ///
  /// @param host a registered service, an IP address, or a name that is resolved; in this order
  /// @param port for addresses and resolved names; what is registered brings its own
  /// @param weight its share, 1 without
  /// @param maxConnections requests at one time, 0 for any number
  /// @param maxFails failures within `failTimeout` after which it is not asked for as long, 0 for
  ///     any number
  /// @param failTimeout see `maxFails`
  /// @param isBackup whether it is asked only if no other can be
  /// @param isDown whether it is never asked
  /// @param isDraining whether only bound sessions get to it
  /// @param slowStart how long it takes to get its full share after it comes back, zero for none
  /// @param route what `sticky route` calls it, empty for a name that is made up
  public record UpstreamServer(
      String host,
      int port,
      int weight,
      int maxConnections,
      int maxFails,
      Duration failTimeout,
      boolean isBackup,
      boolean isDown,
      boolean isDraining,
      Duration slowStart,
      String route) {
    /// One with defaults.
    public static UpstreamServer of(String host, int port) {
      return new UpstreamServer(
          host, port, 1, 0, 1, Duration.ofSeconds(10), false, false, false, Duration.ZERO, "");
    }
  }

  /// Who is asked next.
  public sealed interface Balancing {
    /// By turns, in proportion to the weights.
    record RoundRobin() implements Balancing {}

    /// Who has the fewest requests for its weight.
    record LeastConnections() implements Balancing {}

    /// By what the text says.
    ///
    /// @param key of the request
    /// @param isConsistent whether few keys move when servers change
    record Hash(Template key, boolean isConsistent) implements Balancing {}

    /// By the client's network (nginx's `ip_hash`).
    record IpHash() implements Balancing {}

    /// By chance.
    ///
    /// @param isOfTwo whether the better of two is taken
    record Random(boolean isOfTwo) implements Balancing {}

    /// Who answers fastest, requests in flight considered.
    record LeastTime() implements Balancing {}

    /// Who answers faster of two taken by chance.
    record RandomTwoLeastTime() implements Balancing {}

    /// The same, quick to flee who became slow.
    record PeakEwma() implements Balancing {}

    /// By what the text says, over a table; few keys move when servers change.
    ///
    /// @param key of the request
    /// @param loadFactor how far above its fair share a server may be loaded; 0 for no bound
    record Maglev(Template key, double loadFactor) implements Balancing {}

    /// By what the text says, on a ring; few keys move when servers change.
    ///
    /// @param key of the request
    /// @param loadFactor how far above its fair share a server may be loaded; 0 for no bound
    record Ring(Template key, double loadFactor) implements Balancing {}
  }

  /// Copies what it is given.
  public UpstreamConfig {
    servers = List.copyOf(servers);
  }

  /// One without guards of its own.
  public UpstreamConfig(
      String name, List<UpstreamServer> servers, Balancing balancing, int idlePerWorker) {
    this(name, servers, balancing, idlePerWorker, GuardConfig.defaults());
  }

  /// One without sessions.
  public UpstreamConfig(
      String name,
      List<UpstreamServer> servers,
      Balancing balancing,
      int idlePerWorker,
      GuardConfig guards) {
    this(name, servers, balancing, idlePerWorker, guards, Optional.empty());
  }

  /// One whose servers are not checked.
  public UpstreamConfig(
      String name,
      List<UpstreamServer> servers,
      Balancing balancing,
      int idlePerWorker,
      GuardConfig guards,
      Optional<Sticky> sticky) {
    this(name, servers, balancing, idlePerWorker, guards, sticky, Optional.empty());
  }

  /// The same with checks of its servers.
  public UpstreamConfig with(HealthCheck how) {
    return new UpstreamConfig(
        name, servers, balancing, idlePerWorker, guards, sticky, Optional.of(how));
  }

  /// The same with sessions.
  public UpstreamConfig with(Sticky other) {
    return new UpstreamConfig(
        name, servers, balancing, idlePerWorker, guards, Optional.of(other), check);
  }

  /// One with defaults.
  public static UpstreamConfig of(String name, List<UpstreamServer> servers) {
    return new UpstreamConfig(name, servers, new Balancing.RoundRobin(), 0, GuardConfig.defaults());
  }
}
