package dev.muster.balancer.response;

import dev.muster.balancer.config.GzipConfig;
import dev.muster.balancer.config.GzipConfig.Proxied;
import dev.muster.balancer.http1.HeaderBlock;
import dev.muster.balancer.http1.HttpDate;
import dev.muster.balancer.request.Request;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Which answers are compressed (nginx's gzip module). Immutable.
public final class Compression {
  /// What is done with an answer.
  public enum Choice {
    /// Nothing.
    PLAIN,
    /// Nothing, but other clients would get it compressed.
    VARIES,
    /// It is compressed.
    GZIP
  }

  private final GzipConfig config;

  Compression(GzipConfig config) {
    this.config = config;
  }

  /// 1 to 9.
  public int level() {
    return config.level();
  }

  boolean addsVary() {
    return config.addsVary();
  }

  /// What is done with an answer.
  ///
  /// @param length of its body, -1 if unknown
  /// @param headers of an instance; null for a file, which has Last-Modified and ETag
  Choice choose(
      Request request, int status, String type, long length, @Nullable HeaderBlock headers) {
    boolean isMeant = status == 200 || status == 403 || status == 404;
    if (!isMeant || request.head().isHead() || !isOfType(type)) {
      return Choice.PLAIN;
    }
    boolean isShort = length >= 0 && length < config.minLength();
    if (isShort || (headers != null && headers.indexOf("content-encoding", 0) >= 0)) {
      return Choice.PLAIN;
    }
    boolean isOld = config.needsVersion11() && request.head().isVersion10();
    String accepted = request.header("accept-encoding");
    return !isOld
            && accepted != null
            && accepts(accepted)
            && (request.header("via") == null || isForProxies(request, headers))
        ? Choice.GZIP
        : Choice.VARIES;
  }

  private boolean isOfType(String value) {
    int end = value.indexOf(';');
    String type = (end < 0 ? value : value.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    return type.equals("text/html")
        || (!type.isEmpty() && (config.types().contains(type) || config.types().contains("*")));
  }

  /// Whether an Accept-Encoding field takes gzip.
  static boolean accepts(String field) {
    for (String part : field.split(",", -1)) {
      String[] coding = part.split(";", 2);
      if (coding[0].strip().equalsIgnoreCase("gzip")) {
        return coding.length == 1 || !isZero(coding[1]);
      }
    }
    return false;
  }

  private static boolean isZero(String parameter) {
    int equals = parameter.indexOf('=');
    if (equals < 0 || !parameter.substring(0, equals).strip().equalsIgnoreCase("q")) {
      return false;
    }
    String quality = parameter.substring(equals + 1).strip();
    return quality.startsWith("0") && quality.chars().allMatch(c -> c == '0' || c == '.');
  }

  private boolean isForProxies(Request request, @Nullable HeaderBlock headers) {
    if (config.proxied().contains(Proxied.ANY)) {
      return true;
    }
    if (config.proxied().contains(Proxied.AUTH) && request.header("authorization") != null) {
      return true;
    }
    if (headers == null) {
      return false;
    }
    int expires = headers.indexOf("expires", 0);
    if (expires >= 0) {
      return config.proxied().contains(Proxied.EXPIRED) && hasExpired(headers, expires);
    }
    int control = headers.indexOf("cache-control", 0);
    if (control >= 0) {
      String value = headers.value(control).toLowerCase(Locale.ROOT);
      return (config.proxied().contains(Proxied.NO_CACHE) && value.contains("no-cache"))
          || (config.proxied().contains(Proxied.NO_STORE) && value.contains("no-store"))
          || (config.proxied().contains(Proxied.PRIVATE) && value.contains("private"));
    }
    return (config.proxied().contains(Proxied.NO_LAST_MODIFIED)
            && headers.indexOf("last-modified", 0) < 0)
        || (config.proxied().contains(Proxied.NO_ETAG) && headers.indexOf("etag", 0) < 0);
  }

  // What is no time has expired (RFC 9111 section 5.3).
  private static boolean hasExpired(HeaderBlock headers, int index) {
    long expires = HttpDate.parse(headers.value(index));
    int date = headers.indexOf("date", 0);
    return expires == HttpDate.NONE || (date >= 0 && expires < HttpDate.parse(headers.value(date)));
  }
}
