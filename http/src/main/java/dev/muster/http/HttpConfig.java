package dev.muster.http;

import java.net.InetSocketAddress;
import java.time.Duration;

/// Where a server listens and what it allows.
///
/// @param listen port 0 takes a free one
/// @param headerBytesMax request line and headers together
/// @param connectionsMax further ones are closed at once
/// @param idleTimeout how long a connection may stay silent unless a request is being answered
public record HttpConfig(
    InetSocketAddress listen,
    int headerBytesMax,
    int bodyBytesMax,
    int connectionsMax,
    Duration idleTimeout) {

  public static HttpConfig on(InetSocketAddress listen) {
    return new HttpConfig(listen, 16 * 1024, 512 * 1024, 16_384, Duration.ofMinutes(2));
  }
}
