package dev.muster.balancer.upstream;

import java.util.List;
import java.util.Map;
import java.util.Set;

/// One instance of a service: where it is, how much it can take and how it is.
///
/// @param id unique among all endpoints, for example `node/instance`
/// @param service the service it belongs to
/// @param address an IP address, or a host name that is then resolved off the data path
/// @param port 1 to 65535; with 0 the endpoint takes no traffic
/// @param weight its share among the instances of a route that have no share of their own; with 0
///     it is used only when no other instance is left
/// @param state whether it takes traffic
/// @param tags those starting with `urlprefix-` are its routes
/// @param facts what else its registry knows
public record Endpoint(
    String id,
    String service,
    String address,
    int port,
    int weight,
    State state,
    List<String> tags,
    Facts facts) {

  /// How an instance is, as its registry sees it.
  public enum State {
    /// Takes traffic.
    PASSING,
    /// Answers, but not well: takes new traffic if its facts say so.
    WARNING,
    /// Does not answer: takes no new traffic.
    CRITICAL,
    /// Is about to go, or to be worked on: takes no new traffic, but keeps what is bound to it.
    DRAINING,
    /// Taken out on purpose: nothing is bound to it any more.
    MAINTENANCE
  }

  /// What a registry knows of an instance beyond its place and state.
  ///
  /// @param zone where it is, such as `eu-1a`; empty if nobody said
  /// @param meta as it was registered
  /// @param groups the parts of its service that it belongs to, such as `v2`
  /// @param reason why its state is what it is, for people; empty if there is nothing to say
  /// @param takesWarned whether it takes new traffic in the state `WARNING`
  public record Facts(
      String zone,
      Map<String, String> meta,
      Set<String> groups,
      String reason,
      boolean takesWarned) {
    /// Nothing is known.
    public static final Facts NONE = new Facts("", Map.of(), Set.of(), "", false);

    /// Copies what it is given.
    public Facts {
      meta = Map.copyOf(meta);
      groups = Set.copyOf(groups);
    }

    /// The same with another reason.
    public Facts withReason(String other) {
      return new Facts(zone, meta, groups, other, takesWarned);
    }
  }

  /// Copies the tags and refuses what no registry can mean.
  public Endpoint {
    if (id.isBlank() || service.isBlank()) {
      throw new IllegalArgumentException("an endpoint needs an id and a service");
    }
    if (port < 0 || port > 65535 || weight < 0) {
      throw new IllegalArgumentException(
          "endpoint %s: port %d or weight %d is out of range".formatted(id, port, weight));
    }
    tags = List.copyOf(tags);
  }

  /// One of which nothing else is known.
  public Endpoint(
      String id,
      String service,
      String address,
      int port,
      int weight,
      State state,
      List<String> tags) {
    this(id, service, address, port, weight, state, tags, Facts.NONE);
  }

  /// Whether it has an address and takes new traffic.
  public boolean isRoutable() {
    return hasPlace()
        && (state == State.PASSING || (state == State.WARNING && facts.takesWarned()));
  }

  /// Whether it could be connected to.
  public boolean hasPlace() {
    return port != 0 && !address.isBlank();
  }

  /// The same in another state.
  public Endpoint in(State other, String reason) {
    return new Endpoint(id, service, address, port, weight, other, tags, facts.withReason(reason));
  }
}
