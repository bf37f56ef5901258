package dev.muster.balancer.route;

import dev.muster.balancer.http1.Octets;
import dev.muster.balancer.http1.TargetPath;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// A service tag `urlprefix-[host]/path [strip=/path] [weight=0.2]`, Fabio's convention.
sealed interface RouteTag {
  String PREFIX = "urlprefix-";

  /// A tag that routes.
  ///
  /// @param strip how many octets at the front of a matched path are not sent on
  /// @param share the instance's own share of the traffic, 0 for none
  record Valid(RouteKey key, int strip, double share) implements RouteTag {}

  /// A tag that does not, and why.
  record Malformed(String why) implements RouteTag {}

  /// Reads a tag that starts with [#PREFIX].
  static RouteTag parse(String tag) {
    String[] words = tag.substring(PREFIX.length()).strip().split(" +");
    int slash = words[0].indexOf('/');
    if (slash < 0) {
      return new Malformed("there is no / after the host");
    }
    String host = words[0].substring(0, slash).toLowerCase(Locale.ROOT);
    if (!isHost(host.startsWith("*.") ? host.substring(2) : host)
        || host.equals("*.")
        || host.endsWith(".")) {
      return new Malformed("'" + host + "' is not a host, *.suffix or nothing");
    }
    String path = normal(words[0].substring(slash));
    if (path.equals(NOT_A_PATH)) {
      return new Malformed("the path is malformed");
    }
    return options(new RouteKey(host, path), words);
  }

  private static RouteTag options(RouteKey key, String[] words) {
    int strip = 0;
    double share = 0;
    for (int i = 1; i < words.length; i++) {
      int equals = words[i].indexOf('=');
      String name = equals < 0 ? words[i] : words[i].substring(0, equals);
      String value = equals < 0 ? "" : words[i].substring(equals + 1);
      switch (name) {
        case "strip" -> {
          String stripped = value.startsWith("/") ? normal(value) : NOT_A_PATH;
          if (stripped.equals(NOT_A_PATH) || !(key.path() + "/").startsWith(stripped + "/")) {
            return new Malformed("strip=" + value + " is not the start of its path");
          }
          strip = stripped.length();
        }
        case "weight" -> {
          share = share(value);
          if (share < 0) {
            return new Malformed("weight=" + value + " is not a number from 0 to 1");
          }
        }
        case "proto" -> {
          if (!value.equals("http")) {
            return new Malformed("proto=" + value + " is not supported");
          }
        }
        // An option that is not understood may be what protects the route.
        default -> {
          return new Malformed("option " + name + " is not supported");
        }
      }
    }
    return new Valid(key, strip, share);
  }

  private static double share(String value) {
    try {
      double share = Double.parseDouble(value);
      return share >= 0 && share <= 1 ? share : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private static boolean isHost(String host) {
    return host.chars()
        .allMatch(
            c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || "-._~[]:".indexOf(c) >= 0);
  }

  // Not a path because it does not start with a slash.
  private static String normal(String path) {
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == '?' || c == '#') {
        return NOT_A_PATH;
      }
    }
    TargetPath read = new TargetPath(path.length());
    byte[] octets = Octets.ascii(path);
    if (read.read(octets, 0, octets.length) != null) {
      return NOT_A_PATH;
    }
    int end = read.end();
    while (end > read.start() && read.bytes()[end - 1] == '/') {
      end--;
    }
    return new String(read.bytes(), read.start(), end - read.start(), StandardCharsets.US_ASCII);
  }

  /// What no path is equal to.
  String NOT_A_PATH = "not a path";
}
