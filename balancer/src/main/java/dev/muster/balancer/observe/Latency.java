package dev.muster.balancer.observe;

import dev.muster.balancer.observe.Metric.Histogram;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// How long something took, as counts by bound in [LoopCounts]: [#SIZE] numbers from an offset on,
/// the last of which is the sum of nanoseconds.
final class Latency {
  private static final long[] BOUNDS = {
    500_000L,
    1_000_000L,
    2_500_000L,
    5_000_000L,
    10_000_000L,
    25_000_000L,
    50_000_000L,
    100_000_000L,
    250_000_000L,
    500_000_000L,
    1_000_000_000L,
    2_500_000_000L,
    5_000_000_000L,
    10_000_000_000L
  };
  private static final List<Double> SECONDS =
      Arrays.stream(BOUNDS).mapToObj(nanos -> nanos / 1e9).toList();

  /// How many numbers it needs: one per bound, one for what is beyond, the sum.
  static final int SIZE = BOUNDS.length + 2;

  private Latency() {}

  static void add(long[] numbers, int offset, long nanos) {
    int bucket = 0;
    while (bucket < BOUNDS.length && nanos > BOUNDS[bucket]) {
      bucket++;
    }
    LoopCounts.add(numbers, offset + bucket, 1);
    LoopCounts.add(numbers, offset + SIZE - 1, nanos);
  }

  static Histogram read(String name, Map<String, String> labels, LoopCounts counts, int offset) {
    Long[] buckets = new Long[BOUNDS.length + 1];
    for (int i = 0; i < buckets.length; i++) {
      buckets[i] = counts.sum(offset + i);
    }
    double seconds = counts.sum(offset + SIZE - 1) / 1e9;
    return new Histogram(name, labels, SECONDS, List.of(buckets), seconds);
  }
}
