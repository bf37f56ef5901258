package dev.muster.balancer.config;

import java.util.List;
import java.util.Map;

/// Everything a file in nginx's language says about serving requests. Immutable.
///
/// @param servers the virtual servers, in the order of the file
/// @param upstreams the named groups of servers
public record Configuration(List<ServerConfig> servers, Map<String, UpstreamConfig> upstreams) {
  /// Copies what it is given.
  public Configuration {
    servers = List.copyOf(servers);
    upstreams = Map.copyOf(upstreams);
  }

  /// Without any server.
  public static Configuration empty() {
    return new Configuration(List.of(), Map.of());
  }
}
