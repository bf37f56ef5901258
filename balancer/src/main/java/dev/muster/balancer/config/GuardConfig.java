package dev.muster.balancer.config;

import dev.muster.balancer.guard.CircuitBreaker;
import java.time.Duration;

/// What keeps a cluster from harm.
///
/// @param queueSize requests that may wait while every instance is at its limit
/// @param queueTimeout how long each may wait
/// @param limits what the cluster may have at a time
/// @param retryPercent of the requests in flight that may be tried once more
/// @param retriesPerSecond tries more that are allowed in any case
/// @param panicPercent when fewer are healthy, all are used; 0 for never
/// @param ejectedPercentMax of the cluster that may be left out for bad answers
public record GuardConfig(
    int queueSize,
    Duration queueTimeout,
    CircuitBreaker.Limits limits,
    int retryPercent,
    int retriesPerSecond,
    int panicPercent,
    int ejectedPercentMax) {

  /// No queue, no limits, each request in flight may be tried once more.
  public static GuardConfig defaults() {
    return new GuardConfig(0, Duration.ofSeconds(60), CircuitBreaker.Limits.NONE, 100, 100, 0, 50);
  }
}
