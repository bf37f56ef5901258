package dev.muster.consul.serving;

import java.time.Duration;

/// What the API says of the server it runs on.
///
/// @param address where other servers reach it, without the port
/// @param serverPort the port of the consensus between servers
/// @param version Muster's own
/// @param isDevelopment answers are indented, as Consul's are in development mode
/// @param sessionTtlMin the shortest TTL that a session may have
public record Server(
    String nodeName,
    String nodeId,
    String datacenter,
    String address,
    int serverPort,
    String version,
    boolean isDevelopment,
    Duration sessionTtlMin) {
  private static final Duration SESSION_TTL_MIN = Duration.ofSeconds(10);

  /// With Consul's own limit for sessions.
  public Server(
      String nodeName,
      String nodeId,
      String datacenter,
      String address,
      int serverPort,
      String version,
      boolean isDevelopment) {
    this(
        nodeName, nodeId, datacenter, address, serverPort, version, isDevelopment, SESSION_TTL_MIN);
  }

  /// The release of Consul whose API this is: what clients that look at the version are told.
  public static final String CONSUL_VERSION = "1.21.0";

  public String serverAddress() {
    return (address.contains(":") ? "[" + address + "]" : address) + ":" + serverPort;
  }
}
