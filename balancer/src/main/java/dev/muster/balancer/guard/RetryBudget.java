package dev.muster.balancer.guard;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// How many requests of a cluster may be repeated: a share of those in flight, and a few per
/// second so that a quiet cluster may repeat at all. When an instance dies most requests succeed
/// elsewhere; when the cluster dies, retries must not multiply the load. Thread-safe.
public final class RetryBudget {
  private static final long SECOND = 1_000_000_000L;

  private final int percent;
  private final long nanosPerRetry;
  private final long creditNanosMax;
  private final AtomicInteger active = new AtomicInteger();
  private final AtomicLong refused = new AtomicLong();

  /// Up to when the retries of the minimum are used up: a bucket of tokens kept as a time.
  private final AtomicLong usedUntil;

  /// @param percent of the requests in flight that may be retries
  /// @param perSecond retries allowed in any case; 0 for none
  /// @param now the minimum of the first second is there at once
  public RetryBudget(int percent, int perSecond, long now) {
    if (percent < 0 || perSecond < 0) {
      throw new IllegalArgumentException(
          "a retry budget of %d%% and %d per second must not be negative"
              .formatted(percent, perSecond));
    }
    this.percent = percent;
    this.nanosPerRetry = perSecond == 0 ? 0 : Math.max(1, SECOND / perSecond);
    this.creditNanosMax = nanosPerRetry * perSecond;
    this.usedUntil = new AtomicLong(now - creditNanosMax);
  }

  /// Takes one retry, to be given back by [#end], unless the budget is used up.
  ///
  /// @param activeRequests of the cluster, retries among them
  public boolean tryBegin(int activeRequests, long now) {
    long allowed = (long) activeRequests * percent / 100;
    int before = active.get();
    while (before < allowed) {
      int seen = active.compareAndExchange(before, before + 1);
      if (seen == before) {
        return true;
      }
      before = seen;
    }
    if (takesOfMinimum(now)) {
      active.incrementAndGet();
      return true;
    }
    refused.incrementAndGet();
    return false;
  }

  private boolean takesOfMinimum(long now) {
    if (nanosPerRetry == 0) {
      return false;
    }
    long before = usedUntil.get();
    while (true) {
      long from = now - before > creditNanosMax ? now - creditNanosMax : before;
      long to = from + nanosPerRetry;
      if (to - now > 0) {
        return false;
      }
      long seen = usedUntil.compareAndExchange(before, to);
      if (seen == before) {
        return true;
      }
      before = seen;
    }
  }

  /// Gives a retry back when it has ended.
  public void end() {
    active.decrementAndGet();
  }

  /// Retries in flight.
  public int active() {
    return active.get();
  }

  /// How many were refused since the start.
  public long refused() {
    return refused.get();
  }
}
