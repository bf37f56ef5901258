package dev.muster.http;

import java.net.InetSocketAddress;

/// Where a server listens and what it allows.
///
/// @param listen port 0 takes a free one
public record HttpConfig(InetSocketAddress listen, HttpLimits limits, HttpTimeouts timeouts) {

  public static HttpConfig on(InetSocketAddress listen) {
    return new HttpConfig(listen, HttpLimits.defaults(), HttpTimeouts.defaults());
  }

  public HttpConfig with(HttpLimits other) {
    return new HttpConfig(listen, other, timeouts);
  }

  public HttpConfig with(HttpTimeouts other) {
    return new HttpConfig(listen, limits, other);
  }
}
