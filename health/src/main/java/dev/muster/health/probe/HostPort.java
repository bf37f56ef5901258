package dev.muster.health.probe;

/// Where a probe goes. `host` has no brackets.
record HostPort(String host, int port) {

  /// Reads `host:port`, `[::1]:port`.
  ///
  /// @throws IllegalArgumentException with Go's words if it is neither
  static HostPort parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("address " + text + ": missing port in address");
    }
    String host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.contains(":")) {
      throw new IllegalArgumentException("address " + text + ": too many colons in address");
    }
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      if (port > 0 && port <= 65_535) {
        return new HostPort(host.isEmpty() ? "localhost" : host, port);
      }
    } catch (NumberFormatException e) {
      // refused below
    }
    throw new IllegalArgumentException("address " + text + ": invalid port");
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
