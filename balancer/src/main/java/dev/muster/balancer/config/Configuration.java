package dev.muster.balancer.config;

import java.util.List;
import java.util.Map;

/// Everything a file in nginx's language says about serving requests. Immutable.
///
/// @param servers the virtual servers, in the order of the file
/// @param upstreams the named groups of servers
/// @param zones what is counted, by name
public record Configuration(
    List<ServerConfig> servers,
    Map<String, UpstreamConfig> upstreams,
    Map<String, ZoneConfig> zones) {
  /// Copies what it is given; refuses locations that pass requests to an upstream there is none of.
  public Configuration {
    servers = List.copyOf(servers);
    upstreams = Map.copyOf(upstreams);
    zones = Map.copyOf(zones);
    for (ServerConfig server : servers) {
      check(server.locations(), upstreams);
    }
  }

  /// One without zones.
  public Configuration(List<ServerConfig> servers, Map<String, UpstreamConfig> upstreams) {
    this(servers, upstreams, Map.of());
  }

  private static void check(List<LocationConfig> locations, Map<String, UpstreamConfig> upstreams) {
    for (LocationConfig location : locations) {
      boolean isMissing =
          location.proxy().isPresent()
              && location.proxy().get().to() instanceof ProxyConfig.Target.Named(String name)
              && !upstreams.containsKey(name);
      if (isMissing) {
        throw new IllegalArgumentException("there is no upstream for " + location.match());
      }
      check(location.nested(), upstreams);
    }
  }

  /// Without any server.
  public static Configuration empty() {
    return new Configuration(List.of(), Map.of());
  }
}
