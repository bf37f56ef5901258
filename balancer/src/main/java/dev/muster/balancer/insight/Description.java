package dev.muster.balancer.insight;

import java.util.List;

/// What a balancer does at one moment: where it listens, where requests go, who answers them.
///
/// @param listeners the sockets it listens on
/// @param servers the virtual servers of the configuration
/// @param routes that services ask for by tags
/// @param upstreams the groups of instances behind them
public record Description(
    List<Listener> listeners, List<Server> servers, List<Route> routes, List<Upstream> upstreams) {
  /// A socket.
  ///
  /// @param followsTags whether the routes that services ask for are reached here
  /// @param requests that are over
  /// @param active requests that are not
  public record Listener(String address, boolean followsTags, long requests, long active) {}

  /// A virtual server.
  ///
  /// @param name the first of its names, or where it stands in the configuration
  /// @param names all of them, as nginx writes them
  /// @param listens its sockets
  /// @param where file and line
  public record Server(
      String name,
      List<String> names,
      List<String> listens,
      String where,
      List<Location> locations) {
    /// Copies the lists.
    public Server {
      names = List.copyOf(names);
      listens = List.copyOf(listens);
      locations = List.copyOf(locations);
    }
  }

  /// A location.
  ///
  /// @param answer who answers, in words
  /// @param requests that are over
  public record Location(String name, String answer, long requests) {}

  /// A route that services ask for.
  ///
  /// @param host exact, `*.suffix`, or empty for any
  /// @param requests that are over
  public record Route(String host, String path, String upstream, long requests) {}

  /// A group of instances.
  ///
  /// @param algorithm how it chooses
  /// @param state `NORMAL`, `PANIC`, `BACKUP` or `EMPTY`
  /// @param reason the same in a sentence
  /// @param waiting requests in its queue
  /// @param tries requests given to its instances
  public record Upstream(
      String name,
      String algorithm,
      String state,
      String reason,
      int waiting,
      long tries,
      long retries,
      long failures,
      List<Member> members) {
    /// Copies the list.
    public Upstream {
      members = List.copyOf(members);
    }
  }

  /// An instance as a group uses it.
  ///
  /// @param state in a word: `up`, `slow-start`, `ejected`, `draining`, `unhealthy`, `full`
  /// @param reason why, in a sentence
  /// @param registry what the registry says of it; empty for one it does not know
  /// @param weight now
  /// @param active requests on their way to it, of all groups
  // Cap lifted: one component for each column that is shown
  public record Member(
      String instance,
      String address,
      String state,
      String reason,
      String registry,
      double weight,
      int priority,
      String zone,
      int active,
      long tries,
      long failures) {}

  /// Copies the lists.
  public Description {
    listeners = List.copyOf(listeners);
    servers = List.copyOf(servers);
    routes = List.copyOf(routes);
    upstreams = List.copyOf(upstreams);
  }
}
