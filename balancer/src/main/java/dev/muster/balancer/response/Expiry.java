package dev.muster.balancer.response;

import dev.muster.balancer.config.ResponseConfig.Expires;
import dev.muster.balancer.http1.HeadWriter;
import dev.muster.balancer.http1.HttpDate;
import dev.muster.balancer.http1.Octets;
import dev.muster.balancer.request.Request;
import java.util.OptionalLong;

/// How long caches may keep answers (`expires`). Immutable.
public final class Expiry {
  private static final byte[] EPOCH =
      Octets.ascii("Expires: Thu, 01 Jan 1970 00:00:01 GMT\r\nCache-Control: no-cache\r\n");
  private static final byte[] MAX =
      Octets.ascii(
          "Expires: Thu, 31 Dec 2037 23:55:55 GMT\r\nCache-Control: max-age=315360000\r\n");

  private final Expires config;

  Expiry(Expires config) {
    this.config = config;
  }

  /// Whether answers of this request say it.
  boolean applies(Request request) {
    String text = config.value().text(request);
    return text.equals("epoch") || text.equals("max") || seconds(text).isPresent();
  }

  /// Appends Expires and Cache-Control.
  ///
  /// @param now seconds since 1970
  /// @param modified when the file was last changed, or [HttpDate#NONE]
  void write(Request request, long now, long modified, HeadWriter out) {
    String text = config.value().text(request);
    if (text.equals("epoch")) {
      out.write(EPOCH);
      return;
    }
    if (text.equals("max")) {
      out.write(MAX);
      return;
    }
    OptionalLong given = seconds(text);
    if (given.isEmpty()) {
      return;
    }
    long from = config.isModified() && modified != HttpDate.NONE ? modified : now;
    long until = from + given.getAsLong();
    String control = until < now ? "no-cache" : "max-age=" + (until - now);
    out.write(
        Octets.ascii("Expires: " + HttpDate.of(until) + "\r\nCache-Control: " + control + "\r\n"));
  }

  /// A time in nginx's words, such as `1h30m`, `-1` or `+10d`; empty for what is none.
  public static OptionalLong seconds(String text) {
    int at = 0;
    boolean isNegative = text.startsWith("-");
    if (isNegative || text.startsWith("+")) {
      at++;
    }
    long total = 0;
    boolean hasAny = false;
    while (at < text.length()) {
      long number = 0;
      int start = at;
      while (at < text.length() && Character.isDigit(text.charAt(at)) && at - start < 10) {
        number = number * 10 + (text.charAt(at++) - '0');
      }
      if (at == start) {
        return OptionalLong.empty();
      }
      long unit = at == text.length() ? 1 : unit(text.charAt(at++));
      if (unit == 0) {
        return OptionalLong.empty();
      }
      total += number * unit;
      hasAny = true;
      while (at < text.length() && text.charAt(at) == ' ') {
        at++;
      }
    }
    return hasAny ? OptionalLong.of(isNegative ? -total : total) : OptionalLong.empty();
  }

  private static long unit(char c) {
    return switch (c) {
      case 's', ' ' -> 1;
      case 'm' -> 60;
      case 'h' -> 3600;
      case 'd' -> 86_400;
      case 'w' -> 7 * 86_400;
      case 'M' -> 30 * 86_400;
      case 'y' -> 365L * 86_400;
      default -> 0;
    };
  }
}
