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

  /// How a session keeps its server (nginx's `sticky`). A server that cannot take a request is
  /// replaced by another one, which the session keeps from then on.
  public sealed interface Sticky {
    /// A cookie of ours names the server.
    ///
    /// @param name of the cookie
    /// @param expires how long browsers keep it, from the last answer on; empty for their session
    /// @param domain where it is sent, if not only to the host that was asked
    /// @param path where it is sent; empty for the folder that was asked for
    /// @param attributes further ones as they are written, such as `HttpOnly`, `Secure`,
    ///     `SameSite=Lax`
    record Cookie(
        String name,
        Optional<Duration> expires,
        Optional<Template> domain,
        String path,
        List<String> attributes)
        implements Sticky {
      private static final int NAME_MAX = 64;
      private static final List<String> ATTRIBUTES = List.of("HttpOnly", "SameSite=Lax");

      /// The cookie of sessions of which no more is said than that they are sticky.
      public static final Cookie DEFAULT =
          new Cookie("muster", Optional.empty(), Optional.empty(), "/", ATTRIBUTES);

      /// Copies what it is given.
      public Cookie {
        attributes = List.copyOf(attributes);
      }

      /// The default under a name of its own, so that those of several clusters behind one host
      /// do not replace each other.
      ///
      /// @param cluster any text
      public static Cookie of(String cluster) {
        StringBuilder name = new StringBuilder(DEFAULT.name());
        boolean isGap = true;
        for (int i = 0; i < cluster.length() && name.length() < NAME_MAX; i++) {
          char c = cluster.charAt(i);
          boolean isPlain = c < 128 && (Character.isLetterOrDigit(c) || c == '-' || c == '.');
          if (isPlain) {
            name.append(isGap ? "_" : "").append(c);
          }
          isGap = !isPlain;
        }
        return new Cookie(
            name.toString(), DEFAULT.expires(), DEFAULT.domain(), DEFAULT.path(), ATTRIBUTES);
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

    /// What names a session is remembered together with its server: the application's own session,
    /// learned from its answers, or anything that requests have.
    ///
    /// @param created what in an answer begins a session; the first that is not empty counts
    /// @param asked what in a request names the session; the first that is not empty counts
    /// @param timeout how long a session is remembered after its last request
    /// @param sessionsMax how many are remembered; the one that was quiet for longest makes room
    record Learned(List<Template> created, List<Template> asked, Duration timeout, int sessionsMax)
        implements Sticky {
      private static final Duration TIMEOUT = Duration.ofMinutes(10);
      private static final int SESSIONS_MAX = 65_536;

      /// Copies what it is given.
      public Learned {
        created = List.copyOf(created);
        asked = List.copyOf(asked);
      }

      /// One that remembers as many as usual.
      public Learned(List<Template> created, List<Template> asked, Duration timeout) {
        this(created, asked, timeout, SESSIONS_MAX);
      }

      /// One whose sessions are named by what every request has: the client's address, a header,
      /// the path.
      public static Learned byRequest(Template name) {
        return new Learned(List.of(name), List.of(name), TIMEOUT);
      }
    }

    /// The same, but a session that another server had to help out goes back to its own as soon as
    /// that takes requests again.
    record Loyal(Sticky to) implements Sticky {}
  }

  /// A line of it; it may stand for many instances.
  ///
  /// @param host a registered service, a part of one as `service#part`, an IP address, or a name
  ///     that is resolved; in this order
  /// @param port for addresses and resolved names; what is registered brings its own. With 0 only
  ///     what is registered counts
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
  // Cap lifted: one component for each parameter of the line
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
