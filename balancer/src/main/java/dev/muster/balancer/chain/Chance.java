package dev.muster.balancer.chain;

import dev.muster.balancer.request.Request;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/// One random number for each request that needs one, the same however often it is asked for.
/// Thread-safe: the numbers of SplitMix64, whose state all loops share.
public final class Chance {
  private static final long GAMMA = 0x9e3779b97f4a7c15L;

  private final AtomicLong state;

  /// @param seed asked once
  public Chance(RandomGenerator seed) {
    this.state = new AtomicLong(seed.nextLong());
  }

  /// The request's number; drawn when it is first asked for.
  public long of(Request request) {
    if (!request.hasChance()) {
      request.setChance(mix(state.addAndGet(GAMMA)));
    }
    return request.chance();
  }

  /// Spreads what lies close together.
  static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
