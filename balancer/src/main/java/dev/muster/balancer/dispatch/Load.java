package dev.muster.balancer.dispatch;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// What is known of one instance's load: requests in flight and how long they take. Shared by all
/// loops and by all clusters the instance is in; thread-safe, without locks or allocation.
///
/// The latency is a moving average that believes bad news sooner than good: a slower request
/// counts in full, a faster one as a quarter, more the longer nothing was heard. One slow request
/// alone says nothing (a cold cache, a pause): what counts is the faster of the last two. While
/// nothing ends, the estimate halves every ten seconds, so that a slow instance is looked at
/// again.
public final class Load {
  private static final long MEMORY_NANOS = 10_000_000_000L;
  private static final double UNMEASURED_NANOS = 1_000_000;
  private static final float COUNT_SHARE = 0.25f;
  private static final int HALVINGS_MAX = 40;

  private final AtomicInteger active = new AtomicInteger();

  /// The average in the high half, the last latency in the low half: two floats, in nanoseconds,
  /// which change together. An average of 0 with a last latency is one measurement alone.
  private final AtomicLong latencies = new AtomicLong();

  /// When the last request ended. A lost update costs a little accuracy.
  private volatile long endedAt;

  /// Requests in flight.
  public int active() {
    return active.get();
  }

  /// Counts a request in unless as many as the limit are in flight; 0 is no limit.
  public boolean tryBegin(int limit) {
    if (limit == 0) {
      begin();
      return true;
    }
    int now = active.get();
    while (now < limit) {
      int seen = active.compareAndExchange(now, now + 1);
      if (seen == now) {
        return true;
      }
      now = seen;
    }
    return false;
  }

  /// Counts a request in.
  public void begin() {
    active.incrementAndGet();
  }

  /// Counts a request out and learns from how long it took.
  public void end(long startedNanos, long now) {
    active.decrementAndGet();
    float latency = Math.max(1, now - startedNanos);
    long quiet = Math.max(0, now - endedAt);
    float share = Math.max(COUNT_SHARE, (float) quiet / (quiet + MEMORY_NANOS));
    long before = latencies.get();
    while (true) {
      long seen = latencies.compareAndExchange(before, learned(before, latency, share));
      if (seen == before) {
        break;
      }
      before = seen;
    }
    endedAt = now;
  }

  /// Counts a request out whose duration says nothing of the instance's speed: it failed, so that
  /// one who fails fast does not attract more, or its client left.
  public void abandon() {
    active.decrementAndGet();
  }

  private static long learned(long before, float latency, float share) {
    float last = Float.intBitsToFloat((int) before);
    float average = Float.intBitsToFloat((int) (before >>> 32));
    if (last == 0) {
      return packed(0, latency);
    }
    float told = Math.min(last, latency);
    if (average == 0 || told > average) {
      return packed(told, latency);
    }
    return packed(average + (told - average) * share, latency);
  }

  private static long packed(float average, float last) {
    return (long) Float.floatToRawIntBits(average) << 32
        | Integer.toUnsignedLong(Float.floatToRawIntBits(last));
  }

  /// The expected latency in nanoseconds, 0 while fewer than two requests have ended.
  double latency(long now) {
    double average = Float.intBitsToFloat((int) (latencies.get() >>> 32));
    long quiet = now - endedAt;
    if (average == 0 || quiet < MEMORY_NANOS) {
      return average;
    }
    // Linear between halvings: cheaper than a power, and as good.
    int halvings = (int) Math.min(HALVINGS_MAX, quiet / MEMORY_NANOS);
    double part = (double) (quiet % MEMORY_NANOS) / MEMORY_NANOS;
    return Math.max(1, average * (1 - part / 2) / (1L << (halvings - 1)));
  }

  /// What one more request there costs: the expected latency times the requests there would be.
  /// An instance not yet measured counts as taking a millisecond.
  public double cost(long now) {
    double latency = latency(now);
    return (latency == 0 ? UNMEASURED_NANOS : latency) * (active() + 1);
  }
}
