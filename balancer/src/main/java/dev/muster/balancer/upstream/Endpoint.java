package dev.muster.balancer.upstream;

import java.util.List;

/// One instance of a service: where it is, how much it can take and how it is.
///
/// @param id unique among all endpoints, for example `node/instance`
/// @param service the service it belongs to
/// @param address an IP address, or a host name that is then resolved off the data path
/// @param port 1 to 65535; with 0 the endpoint takes no traffic
/// @param weight its share among the instances of a route that have no share of their own; with 0
///     it is used only when no other instance is left
/// @param state only `PASSING` takes traffic
/// @param tags those starting with `urlprefix-` are its routes
public record Endpoint(
    String id,
    String service,
    String address,
    int port,
    int weight,
    State state,
    List<String> tags) {

  /// How an instance is, as its registry sees it.
  public enum State {
    /// Takes traffic.
    PASSING,
    /// Answers, but not well: takes no new traffic.
    WARNING,
    /// Does not answer: takes no new traffic.
    CRITICAL,
    /// Taken out on purpose: takes no new traffic.
    MAINTENANCE
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
}
