package dev.muster.health.probe;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// A URL in the parts that a request needs. Names with underscores are fine, as containers have
/// them; `java.net.URI` knows no host then.
///
/// @param uri as it was given, to resolve redirects against
/// @param userInfo empty if there is none
/// @param target path and query, as they stand in the request line
record HttpUrl(URI uri, boolean isSecure, HostPort peer, String userInfo, String target) {

  /// @throws IllegalArgumentException if it is no URL of HTTP
  static HttpUrl of(String text) {
    try {
      return of(new URI(text));
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("parse \"%s\": %s".formatted(text, e.getReason()), e);
    }
  }

  static HttpUrl of(URI uri) {
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    boolean isSecure = scheme.equals("https");
    if (!isSecure && !scheme.equals("http")) {
      throw new IllegalArgumentException("unsupported protocol scheme \"" + scheme + "\"");
    }
    String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
    int at = authority.lastIndexOf('@');
    String host = authority.substring(at + 1);
    if (host.isEmpty()) {
      throw new IllegalArgumentException("http: no Host in request URL");
    }
    boolean hasPort = host.lastIndexOf(':') > host.lastIndexOf(']');
    HostPort peer = HostPort.parse(hasPort ? host : host + (isSecure ? ":443" : ":80"));
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String target = uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    String userInfo = at < 0 ? "" : decoded(authority.substring(0, at));
    return new HttpUrl(uri, isSecure, peer, userInfo, target);
  }

  private static String decoded(String userInfo) {
    return URLDecoder.decode(userInfo.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /// What `Host` says if the definition does not.
  String host() {
    String authority = uri.getRawAuthority();
    return authority.substring(authority.lastIndexOf('@') + 1);
  }
}
