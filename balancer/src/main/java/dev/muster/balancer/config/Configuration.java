package dev.muster.balancer.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What a file in nginx's language and the registry say about serving requests. Immutable.
///
/// @param servers the virtual servers, in the order of the file
/// @param upstreams the named groups of servers
/// @param zones what is counted, by name
/// @param chains the ways of requests to services, by the service's name in lower case
public record Configuration(
    List<ServerConfig> servers,
    Map<String, UpstreamConfig> upstreams,
    Map<String, ZoneConfig> zones,
    Map<String, ChainConfig> chains) {
  /// Copies what it is given; refuses locations that pass requests to what there is none of.
  public Configuration {
    servers = List.copyOf(servers);
    upstreams = Map.copyOf(upstreams);
    zones = Map.copyOf(zones);
    chains = Map.copyOf(chains);
    for (ServerConfig server : servers) {
      check(server.locations(), upstreams);
    }
    for (ChainConfig chain : chains.values()) {
      check(chain, upstreams);
    }
  }

  /// One without chains.
  public Configuration(
      List<ServerConfig> servers,
      Map<String, UpstreamConfig> upstreams,
      Map<String, ZoneConfig> zones) {
    this(servers, upstreams, zones, Map.of());
  }

  /// One without zones and chains.
  public Configuration(List<ServerConfig> servers, Map<String, UpstreamConfig> upstreams) {
    this(servers, upstreams, Map.of(), Map.of());
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

  private static void check(ChainConfig chain, Map<String, UpstreamConfig> upstreams) {
    for (ChainConfig.Route route : chain.routes()) {
      for (ChainConfig.Split split : route.splits()) {
        if (!upstreams.keySet().containsAll(split.to().upstreams())) {
          throw new IllegalArgumentException("there is no upstream for " + split.to().upstreams());
        }
      }
    }
  }

  /// Both; what is named in both is as the other one says.
  public Configuration and(Configuration other) {
    List<ServerConfig> bothServers = new ArrayList<>(servers);
    bothServers.addAll(other.servers);
    return new Configuration(
        bothServers,
        both(upstreams, other.upstreams),
        both(zones, other.zones),
        both(chains, other.chains));
  }

  private static <T> Map<String, T> both(Map<String, T> one, Map<String, T> other) {
    Map<String, T> both = new HashMap<>(one);
    both.putAll(other);
    return both;
  }

  /// Without any server.
  public static Configuration empty() {
    return new Configuration(List.of(), Map.of());
  }
}
