package dev.muster.balancer.upstream;

import dev.muster.balancer.config.GuardConfig;
import dev.muster.balancer.config.UpstreamConfig;
import dev.muster.balancer.config.UpstreamConfig.Balancing;
import dev.muster.balancer.dispatch.Algorithm;
import dev.muster.balancer.dispatch.Policy;
import dev.muster.balancer.guard.CircuitBreaker;
import dev.muster.balancer.guard.RetryBudget;
import dev.muster.balancer.guard.WaitingRoom;
import dev.muster.balancer.session.Sessions;
import dev.muster.balancer.variable.Template;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How a cluster chooses, and what keeps it from harm. Thread-safe.
///
/// @param key what hashing looks at; empty for the algorithms that do not hash, and for the
///     client's address
/// @param room where requests wait while every instance is at its limit
/// @param budget how many requests may be tried once more
/// @param breaker what the cluster may have at a time
/// @param ejectedPercentMax of the cluster that may be left out for bad answers
/// @param sessions whose requests stay together; null if none do
public record Rules(
    Policy policy,
    Optional<Template> key,
    WaitingRoom room,
    RetryBudget budget,
    CircuitBreaker breaker,
    int ejectedPercentMax,
    @Nullable Sessions sessions) {

  /// Turns, and nothing that needs to be told.
  public static Rules plain() {
    return of(UpstreamConfig.of("", List.of()), "", 0);
  }

  /// Of an upstream of a configuration.
  ///
  /// @param zone where the balancer is; empty if nobody said
  /// @param now the time, as of the clock of the loops
  public static Rules of(UpstreamConfig config, String zone, long now) {
    Duration slowStart =
        config.servers().stream()
            .map(UpstreamConfig.UpstreamServer::slowStart)
            .max(Duration::compareTo)
            .orElse(Duration.ZERO);
    GuardConfig guards = config.guards();
    Policy policy =
        Policy.of(algorithm(config.balancing()))
            .withSlowStart(slowStart)
            .withPanicPercent(guards.panicPercent())
            .withZone(zone)
            .withLoadFactor(loadFactor(config.balancing()));
    return new Rules(
        policy,
        key(config.balancing()),
        new WaitingRoom(guards.queueSize(), guards.queueTimeout().toNanos()),
        new RetryBudget(guards.retryPercent(), guards.retriesPerSecond(), now),
        new CircuitBreaker(guards.limits()),
        guards.ejectedPercentMax(),
        null);
  }

  /// The same with other sessions.
  public Rules with(@Nullable Sessions others) {
    return new Rules(policy, key, room, budget, breaker, ejectedPercentMax, others);
  }

  private static Algorithm algorithm(Balancing balancing) {
    return switch (balancing) {
      case Balancing.RoundRobin _ -> Algorithm.ROUND_ROBIN;
      case Balancing.LeastConnections _ -> Algorithm.LEAST_REQUESTS;
      case Balancing.Hash(_, boolean isConsistent) ->
          isConsistent ? Algorithm.RING_HASH : Algorithm.HASH;
      case Balancing.Maglev _ -> Algorithm.MAGLEV;
      case Balancing.Ring _ -> Algorithm.RING_HASH;
      case Balancing.IpHash _ -> Algorithm.IP_HASH;
      case Balancing.Random(boolean isOfTwo) ->
          isOfTwo ? Algorithm.RANDOM_TWO_LEAST_REQUESTS : Algorithm.RANDOM;
      case Balancing.RandomTwoLeastTime _ -> Algorithm.RANDOM_TWO_LEAST_TIME;
      case Balancing.PeakEwma _ -> Algorithm.PEAK_EWMA;
      case Balancing.LeastTime _ -> Algorithm.LEAST_TIME;
    };
  }

  private static Optional<Template> key(Balancing balancing) {
    return switch (balancing) {
      case Balancing.Hash(Template key, _) -> Optional.of(key);
      case Balancing.Maglev(Template key, _) -> Optional.of(key);
      case Balancing.Ring(Template key, _) -> Optional.of(key);
      case Balancing.RoundRobin _,
          Balancing.LeastConnections _,
          Balancing.IpHash _,
          Balancing.Random _,
          Balancing.RandomTwoLeastTime _,
          Balancing.PeakEwma _,
          Balancing.LeastTime _ ->
          Optional.empty();
    };
  }

  private static double loadFactor(Balancing balancing) {
    return switch (balancing) {
      case Balancing.Maglev(_, double factor) -> factor;
      case Balancing.Ring(_, double factor) -> factor;
      default -> 0;
    };
  }
}
