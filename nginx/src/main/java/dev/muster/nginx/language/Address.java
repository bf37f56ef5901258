package dev.muster.nginx.language;

/// Where to listen or whom to ask, as it is written in `listen`, `server` and `proxy_pass`.
///
/// @param host a name or an IP address, the latter without brackets; `*` for every address of this
///     machine
/// @param port 0 if none was written
/// @param lastPort of a range in `listen`, otherwise the port
public record Address(String host, int port, int lastPort) {
  /// What a text turned out to be.
  public sealed interface Reading {
    /// An address.
    record Good(Address address) implements Reading {}

    /// A path after `unix:`.
    record Unix(String path) implements Reading {}

    /// No address; the reason is in nginx's words.
    record Bad(String reason) implements Reading {}
  }

  /// Reads the address of `listen`: a number alone is a port.
  public static Reading ofListener(String text) {
    boolean isPort =
        !text.isEmpty() && text.chars().allMatch(c -> (c >= '0' && c <= '9') || c == '-');
    if (isPort) {
      return withPort("*", text, true);
    }
    return read(text, true);
  }

  /// Reads the address of a server: a host, with or without port.
  public static Reading ofServer(String text) {
    return read(text, false);
  }

  private static Reading read(String text, boolean allowsRange) {
    if (text.regionMatches(true, 0, "unix:", 0, 5)) {
      return text.length() == 5
          ? new Reading.Bad("no path in the unix domain socket")
          : new Reading.Unix(text.substring(5));
    }
    if (text.indexOf('/') >= 0) {
      return new Reading.Bad("invalid host");
    }
    String host;
    String port;
    if (text.startsWith("[")) {
      int end = text.indexOf(']');
      if (end < 0) {
        return new Reading.Bad("invalid host");
      }
      host = text.substring(1, end);
      String rest = text.substring(end + 1);
      if (!isV6(host)) {
        return new Reading.Bad("invalid IPv6 address");
      }
      if (!rest.isEmpty() && !rest.startsWith(":")) {
        return new Reading.Bad("invalid host");
      }
      port = rest;
    } else {
      int colon = text.indexOf(':');
      host = colon < 0 ? text : text.substring(0, colon);
      port = colon < 0 ? "" : text.substring(colon);
    }
    if (host.isEmpty()) {
      return new Reading.Bad("no host");
    }
    return port.isEmpty()
        ? new Reading.Good(new Address(host, 0, 0))
        : withPort(host, port.substring(1), allowsRange);
  }

  private static Reading withPort(String host, String text, boolean allowsRange) {
    int dash = text.indexOf('-');
    String first = dash >= 0 && allowsRange ? text.substring(0, dash) : text;
    int port = port(first);
    int last = dash >= 0 && allowsRange ? port(text.substring(dash + 1)) : port;
    if (port == 0 || last == 0) {
      return new Reading.Bad("invalid port");
    }
    return last < port
        ? new Reading.Bad("invalid port range")
        : new Reading.Good(new Address(host, port, last));
  }

  private static boolean isV6(String text) {
    if (text.isEmpty() || text.indexOf(':') < 0) {
      return false;
    }
    return text.chars().allMatch(c -> Character.digit(c, 16) >= 0 || c == ':' || c == '.');
  }

  /// 0 for what is no port.
  private static int port(String text) {
    int port = Quantity.number(text).orElse(0);
    return port > 65_535 ? 0 : port;
  }
}
