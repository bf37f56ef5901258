package dev.muster.consul.serving;

/// What the API says of the server it runs on.
///
/// @param address where other servers reach it, without the port
/// @param serverPort the port of the consensus between servers
/// @param version Muster's own
/// @param isDevelopment answers are indented, as Consul's are in development mode
public record Server(
    String nodeName,
    String nodeId,
    String datacenter,
    String address,
    int serverPort,
    String version,
    boolean isDevelopment) {

  /// The release of Consul whose API this is: what clients that look at the version are told.
  public static final String CONSUL_VERSION = "1.21.0";

  public String serverAddress() {
    return (address.contains(":") ? "[" + address + "]" : address) + ":" + serverPort;
  }
}
