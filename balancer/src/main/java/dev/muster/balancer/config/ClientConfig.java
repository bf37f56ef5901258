package dev.muster.balancer.config;

import java.time.Duration;

/// What is taken from clients and how long they are waited for (nginx's core module). What holds
/// before a location is known is what the default server of the socket says.
///
/// @param head of a request
/// @param body of a request
/// @param keepAlive how long a connection is used again
/// @param lingering how a connection is closed that still sends
/// @param send how long a client may take none of its answer (`send_timeout`)
/// @param resetsTimedOut whether connections of clients that were too slow are reset
///     (`reset_timedout_connection`)
public record ClientConfig(
    Head head,
    Body body,
    KeepAlive keepAlive,
    Lingering lingering,
    Duration send,
    boolean resetsTimedOut) {

  /// Of a request's head.
  ///
  /// @param timeout for all of it (`client_header_timeout`)
  /// @param lineBytesMax for the request line, and for each header line
  ///     (`large_client_header_buffers`)
  /// @param bytesMax for all of it (`large_client_header_buffers`)
  /// @param countMax header lines (`max_headers`)
  /// @param takesUnderscores whether names with underscores count (`underscores_in_headers`)
  /// @param dropsInvalid whether names of other than letters, digits and hyphens are left out
  ///     (`ignore_invalid_headers`)
  public record Head(
      Duration timeout,
      int lineBytesMax,
      int bytesMax,
      int countMax,
      boolean takesUnderscores,
      boolean dropsInvalid) {}

  /// Of a request's body.
  ///
  /// @param bytesMax else 413, 0 for no limit but the balancer's (`client_max_body_size`)
  /// @param timeout between two pieces of it (`client_body_timeout`)
  /// @param rateMin octets in a second that it must come with after the grace, 0 for any
  /// @param grace how long it may come slower
  public record Body(long bytesMax, Duration timeout, long rateMin, Duration grace) {}

  /// How long a connection is used again.
  ///
  /// @param timeout how long the next request may keep waiting, zero for no next
  ///     (`keepalive_timeout`)
  /// @param requestsMax requests on one connection (`keepalive_requests`)
  /// @param time after which it is closed behind the request in work (`keepalive_time`)
  public record KeepAlive(Duration timeout, int requestsMax, Duration time) {}

  /// How a connection is closed on which something still comes.
  ///
  /// @param mode when what comes is read and thrown away first (`lingering_close`)
  /// @param time for how long at most (`lingering_time`)
  /// @param timeout how long for the next of it (`lingering_timeout`)
  public record Lingering(Mode mode, Duration time, Duration timeout) {
    /// `lingering_close`.
    public enum Mode {
      /// Never.
      OFF,
      /// When more may come.
      ON,
      /// Whether or not more may come.
      ALWAYS
    }
  }

  /// nginx's.
  public static ClientConfig defaults() {
    return new ClientConfig(
        new Head(Duration.ofSeconds(60), 8 * 1024, 32 * 1024, 1000, false, true),
        new Body(1 << 20, Duration.ofSeconds(60), 0, Duration.ofSeconds(10)),
        new KeepAlive(Duration.ofSeconds(75), 1000, Duration.ofHours(1)),
        new Lingering(Lingering.Mode.ON, Duration.ofSeconds(30), Duration.ofSeconds(5)),
        Duration.ofSeconds(60),
        false);
  }

  /// The same with other rules for heads.
  public ClientConfig with(Head other) {
    return new ClientConfig(other, body, keepAlive, lingering, send, resetsTimedOut);
  }

  /// The same with other rules for bodies.
  public ClientConfig with(Body other) {
    return new ClientConfig(head, other, keepAlive, lingering, send, resetsTimedOut);
  }

  /// The same with other rules for kept connections.
  public ClientConfig with(KeepAlive other) {
    return new ClientConfig(head, body, other, lingering, send, resetsTimedOut);
  }

  /// The same with another way of closing.
  public ClientConfig with(Lingering other) {
    return new ClientConfig(head, body, keepAlive, other, send, resetsTimedOut);
  }
}
