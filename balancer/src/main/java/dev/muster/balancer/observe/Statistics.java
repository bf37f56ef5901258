package dev.muster.balancer.observe;

import java.util.Map;

/// What the balancer has done so far; a copy that does not change.
///
/// @param connections clients connected now
/// @param requests requests whose head was read and understood
/// @param retries requests sent once more, to another instance or on another connection
/// @param failures how often what went wrong; a retried failure counts too
/// @param instances per endpoint id, for the instances known now
public record Statistics(
    long connections,
    long requests,
    long retries,
    Map<Failure, Long> failures,
    Map<String, InstanceStatistics> instances) {

  /// What can go wrong with a request.
  public enum Failure {
    /// The client's bytes were refused: 400, 413, 414, 431, 501 or 505.
    REFUSED,
    /// No route matched: 404.
    NO_ROUTE,
    /// The route had no passing instance: 503.
    NO_INSTANCE,
    /// An instance did not accept the connection: 502 if none did.
    CONNECT,
    /// An instance closed the connection before its response was complete: 502, or cut off.
    UPSTREAM_CLOSED,
    /// An instance did not answer in time: 504, or cut off.
    UPSTREAM_TIMEOUT,
    /// An instance answered with what is no HTTP: 502, or cut off.
    UPSTREAM_INVALID,
    /// The client was too slow: 408, or cut off.
    CLIENT_TIMEOUT,
    /// The client left before its response was complete.
    CLIENT_CLOSED
  }

  /// What one instance was asked.
  ///
  /// @param requests requests given to it, retries included
  /// @param failures those it did not answer properly
  public record InstanceStatistics(long requests, long failures) {}

  /// Copies the maps.
  public Statistics {
    failures = Map.copyOf(failures);
    instances = Map.copyOf(instances);
  }
}
