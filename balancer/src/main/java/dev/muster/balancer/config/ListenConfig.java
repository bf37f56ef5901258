package dev.muster.balancer.config;

/// An address that a virtual server is reached at.
///
/// @param address an IP address; `0.0.0.0` and `::` for all
/// @param port 1 to 65535, or 0 for one that is free
/// @param isDefault whether its server answers requests for hosts that no server names
/// @param takesProxyProtocol whether connections start with a PROXY protocol header
/// @param backlog connections that may wait to be accepted
public record ListenConfig(
    String address, int port, boolean isDefault, boolean takesProxyProtocol, int backlog) {
  /// What is listened on, without how: servers that share it share a socket.
  ///
  /// @param address an IP address
  /// @param port its port
  public record Socket(String address, int port) {
    @Override
    public String toString() {
      return (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
    }
  }

  /// A plain one.
  public static ListenConfig of(String address, int port) {
    return new ListenConfig(address, port, false, false, 511);
  }

  /// What is listened on.
  public Socket socket() {
    return new Socket(address, port);
  }
}
