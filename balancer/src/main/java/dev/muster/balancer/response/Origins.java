package dev.muster.balancer.response;

import dev.muster.balancer.request.Request;
import dev.muster.balancer.request.Site;

/// Where clients are sent.
public final class Origins {
  private static final int HTTP_PORT = 80;

  private Origins() {}

  /// A path with scheme and host, if the virtual server wants it so; anything else as it is.
  public static String absolute(Request request, String where) {
    Site site = request.site();
    if (!where.startsWith("/") || !site.redirectsAbsolutely()) {
      return where;
    }
    int port = request.peer().ownPort();
    boolean hasPort = site.redirectsWithPort() && port != HTTP_PORT;
    return "http://" + host(request) + (hasPort ? ":" + port : "") + where;
  }

  /// The same if the head of the request may be gone: the path alone where only the head would say
  /// the host, which means the same to clients (RFC 9110 section 10.2.2).
  static String withoutHead(Request request, String path) {
    return request.site().redirectsByName() ? absolute(request, path) : path;
  }

  private static String host(Request request) {
    Site site = request.site();
    if (!site.redirectsByName()) {
      return request.host();
    }
    return site.name().isEmpty() ? request.peer().ownAddress() : site.name();
  }
}
