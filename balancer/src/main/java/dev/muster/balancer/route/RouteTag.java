package dev.muster.balancer.route;

import dev.muster.balancer.config.UpstreamConfig.Sticky;
import dev.muster.balancer.http1.Octets;
import dev.muster.balancer.http1.TargetPath;
import dev.muster.balancer.variable.Template;
import dev.muster.balancer.variable.UnknownVariable;
import dev.muster.balancer.variable.Variables;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A service tag `urlprefix-[host]/path [strip=/path] [weight=0.2]`, Fabio's convention, with
/// `[sticky=cookie|ip|header:name]`.
sealed interface RouteTag {
  String PREFIX = "urlprefix-";

  /// A tag that routes.
  ///
  /// @param strip how many octets at the front of a matched path are not sent on
  /// @param share the instance's own share of the traffic, 0 for none
  /// @param sticky how sessions keep their instance; null if there are none
  record Valid(RouteKey key, int strip, double share, @Nullable Sticky sticky)
      implements RouteTag {}

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
    Sticky sticky = null;
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
        case "sticky" -> {
          sticky = sticky(key, value);
          if (sticky == null) {
            return new Malformed("sticky=" + value + " is not cookie, ip or header:name");
          }
        }
        // An option that is not understood may be what protects the route.
        default -> {
          return new Malformed("option " + name + " is not supported");
        }
      }
    }
    return new Valid(key, strip, share, sticky);
  }

  private static @Nullable Sticky sticky(RouteKey key, String value) {
    String header = value.startsWith("header:") ? value.substring("header:".length()) : "";
    if (value.equals("cookie")) {
      return Sticky.Cookie.of(key.host() + key.path());
    }
    if (value.equals("ip")) {
      return byRequest("$remote_addr");
    }
    boolean isHeader =
        !header.isEmpty() && header.chars().allMatch(c -> c == '-' || isAlphanumeric(c));
    return isHeader
        ? byRequest("$http_" + header.toLowerCase(Locale.ROOT).replace('-', '_'))
        : null;
  }

  private static boolean isAlphanumeric(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  private static Sticky byRequest(String variable) {
    try {
      return Sticky.Learned.byRequest(Template.compile(variable, new Variables()));
    } catch (UnknownVariable e) {
      throw new IllegalStateException("a built-in variable is unknown", e);
    }
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
