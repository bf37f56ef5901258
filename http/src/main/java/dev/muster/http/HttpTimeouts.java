package dev.muster.http;

import java.time.Duration;

/// How long a server waits for its clients. Looked after four times within the shortest of them,
/// and at least once a second: what is too late ends that much later.
///
/// @param request from the first byte of a request to its last, a second more for every 16 KiB; a
///     later one gets 408 and the connection ends. A TLS handshake has as long.
/// @param stall how long a client may leave its answer unread; then it is cut
/// @param idle how long a connection may stay without a request
/// @param closing how long a server that closes waits for the answers that are under way
public record HttpTimeouts(Duration request, Duration stall, Duration idle, Duration closing) {

  public static HttpTimeouts defaults() {
    return new HttpTimeouts(
        Duration.ofSeconds(30),
        Duration.ofMinutes(1),
        Duration.ofMinutes(2),
        Duration.ofSeconds(5));
  }

  /// How often to look.
  Duration interval() {
    Duration shortest = request;
    for (Duration each : new Duration[] {stall, idle}) {
      shortest = each.compareTo(shortest) < 0 ? each : shortest;
    }
    return Duration.ofMillis(Math.clamp(shortest.toMillis() / 4, 1, 1_000));
  }
}
