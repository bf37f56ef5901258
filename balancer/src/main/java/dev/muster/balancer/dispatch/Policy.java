package dev.muster.balancer.dispatch;

import java.time.Duration;

/// How a cluster chooses.
///
/// @param slowStart how long a member that came up grows from a tenth of its weight to all of it;
///     zero for none. Not for hashing, whose keys have one home, nor for the only member.
/// @param panicPercent when fewer than this share of a level is healthy, all of the level is
///     used, since the few would be overrun and the checks may be wrong; 0 for never. Off by
///     default: who says that an instance is down means it, with nginx and with the registry.
/// @param zone the balancer's own; members there are preferred while enough of them are healthy.
///     Empty for no preference. Not for hashing.
/// @param loadFactor how far above its fair share of the requests in flight ring hash and Maglev
///     may load a member, at least 1; 0 for no bound
public record Policy(
    Algorithm algorithm, Duration slowStart, int panicPercent, String zone, double loadFactor) {

  /// What bounded load is when it is merely switched on.
  public static final double LOAD_FACTOR = 1.25;

  /// Refuses what is out of range.
  public Policy {
    if (slowStart.isNegative()
        || panicPercent < 0
        || panicPercent > 100
        || (loadFactor != 0 && !(loadFactor >= 1))) {
      throw new IllegalArgumentException(
          "slow start %s, panic %d%% or load factor %s is out of range"
              .formatted(slowStart, panicPercent, loadFactor));
    }
  }

  /// The algorithm and nothing else.
  public static Policy of(Algorithm algorithm) {
    return new Policy(algorithm, Duration.ZERO, 0, "", 0);
  }

  /// The same with another slow start.
  public Policy withSlowStart(Duration newSlowStart) {
    return new Policy(algorithm, newSlowStart, panicPercent, zone, loadFactor);
  }

  /// The same with another panic threshold.
  public Policy withPanicPercent(int newPanicPercent) {
    return new Policy(algorithm, slowStart, newPanicPercent, zone, loadFactor);
  }

  /// The same, preferring that zone.
  public Policy withZone(String newZone) {
    return new Policy(algorithm, slowStart, panicPercent, newZone, loadFactor);
  }

  /// The same with another bound on hashing's load.
  public Policy withLoadFactor(double newLoadFactor) {
    return new Policy(algorithm, slowStart, panicPercent, zone, newLoadFactor);
  }
}
