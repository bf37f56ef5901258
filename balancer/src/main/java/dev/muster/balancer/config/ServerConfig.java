package dev.muster.balancer.config;

import java.util.List;

/// A virtual server.
///
/// @param listens where it is reached
/// @param names what hosts it answers for
/// @param root what holds for requests that no location matches; its instructions run first for
///     every request
/// @param locations in the order of the file
/// @param requests how it reads requests
/// @param where file and line, for messages
public record ServerConfig(
    List<ListenConfig> listens,
    List<ServerName> names,
    LocationConfig root,
    List<LocationConfig> locations,
    RequestConfig requests,
    String where) {
  /// Copies what it is given.
  public ServerConfig {
    listens = List.copyOf(listens);
    names = List.copyOf(names);
    locations = List.copyOf(locations);
  }

  /// One that reads requests as nginx does without being told.
  public ServerConfig(
      List<ListenConfig> listens,
      List<ServerName> names,
      LocationConfig root,
      List<LocationConfig> locations,
      String where) {
    this(listens, names, root, locations, RequestConfig.defaults(), where);
  }

  /// The same reading requests otherwise.
  public ServerConfig with(RequestConfig others) {
    return new ServerConfig(listens, names, root, locations, others, where);
  }

  /// The first of its names that is not empty, or where it stands.
  public String called() {
    return names.stream()
        .map(ServerName::text)
        .filter(name -> !name.isEmpty())
        .findFirst()
        .orElse(where);
  }
}
