package dev.muster.http;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/// Where a server listens and what it allows.
///
/// @param listen an `InetSocketAddress`, of which port 0 takes a free one, or a
///     `UnixDomainSocketAddress`, of which the folder is there
/// @param tls null for plain HTTP
public record HttpConfig(
    SocketAddress listen, HttpLimits limits, HttpTimeouts timeouts, @Nullable HttpTls tls) {

  public static HttpConfig on(SocketAddress listen) {
    return new HttpConfig(listen, HttpLimits.defaults(), HttpTimeouts.defaults(), null);
  }

  public HttpConfig with(HttpLimits other) {
    return new HttpConfig(listen, other, timeouts, tls);
  }

  public HttpConfig with(HttpTimeouts other) {
    return new HttpConfig(listen, limits, other, tls);
  }

  public HttpConfig with(HttpTls other) {
    return new HttpConfig(listen, limits, timeouts, other);
  }
}
