package dev.muster.balancer.observe;

import dev.muster.balancer.observe.Metric.Counter;
import dev.muster.balancer.observe.Metric.Gauge;
import dev.muster.balancer.observe.Statistics.Failure;
import dev.muster.balancer.request.Outcome.Try;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// What an upstream or one of its instances was asked, and how it went: one count for every try.
/// Each loop counts for itself; any thread may read.
public final class TryTraffic {
  private static final int CLASSES = 5;
  private static final int BEGUN = CLASSES;
  private static final int ENDED = BEGUN + 1;
  private static final int RETRIES = ENDED + 1;
  private static final int CONNECT = RETRIES + 1;
  private static final int HEADER = CONNECT + Latency.SIZE;
  private static final int RESPONSE = HEADER + Latency.SIZE;

  private final LoopCounts counts = new LoopCounts(RESPONSE + Latency.SIZE);
  private final Map<Failure, LongAdder> failures = new ConcurrentHashMap<>();

  /// A try begins; to be called by the loop, as what follows.
  ///
  /// @param isRetry whether the request was tried before
  public void begun(int loop, boolean isRetry) {
    long[] own = counts.of(loop);
    LoopCounts.add(own, BEGUN, 1);
    if (isRetry) {
      LoopCounts.add(own, RETRIES, 1);
    }
  }

  /// Something went wrong.
  public void failed(Failure why) {
    failures.computeIfAbsent(why, _ -> new LongAdder()).increment();
  }

  /// A try is over.
  public void ended(int loop, Try over) {
    long[] own = counts.of(loop);
    LoopCounts.add(own, ENDED, 1);
    if (over.headerNanos() >= 0) {
      LoopCounts.add(own, Traffic.classOf(over.status()), 1);
      Latency.add(own, HEADER, over.headerNanos());
      Latency.add(own, RESPONSE, over.responseNanos());
    }
    if (over.connectNanos() > 0) {
      Latency.add(own, CONNECT, over.connectNanos());
    }
  }

  /// Tries that have begun.
  public long tries() {
    return counts.sum(BEGUN);
  }

  /// Tries beyond the first of a request.
  public long retries() {
    return counts.sum(RETRIES);
  }

  /// Tries that have begun and are not over.
  public long active() {
    return Math.max(0, counts.sum(BEGUN) - counts.sum(ENDED));
  }

  /// Answers with a status of a class, 1 to 5.
  public long responses(int statusClass) {
    return counts.sum(statusClass - 1);
  }

  /// How often something went wrong.
  public long failures() {
    return failures.values().stream().mapToLong(LongAdder::sum).sum();
  }

  /// The numbers, under names that start with this.
  ///
  /// @param isWhole whether all times are told, or that until the head only
  public void readInto(
      List<Metric> metrics, String prefix, Map<String, String> labels, boolean isWhole) {
    for (int i = 0; i < CLASSES; i++) {
      metrics.add(
          new Counter(prefix + ".response", with(labels, "code", (i + 1) + "xx"), counts.sum(i)));
    }
    failures.forEach(
        (reason, count) -> {
          String word = reason.name().toLowerCase(Locale.ROOT);
          metrics.add(new Counter(prefix + ".error", with(labels, "reason", word), count.sum()));
        });
    metrics.add(new Gauge(prefix + ".active", labels, active()));
    metrics.add(Latency.read(prefix + ".header.seconds", labels, counts, HEADER));
    if (isWhole) {
      metrics.add(new Counter(prefix + ".try", labels, tries()));
      metrics.add(new Counter(prefix + ".retry", labels, retries()));
      metrics.add(Latency.read(prefix + ".connect.seconds", labels, counts, CONNECT));
      metrics.add(Latency.read(prefix + ".response.seconds", labels, counts, RESPONSE));
    }
  }

  private static Map<String, String> with(Map<String, String> labels, String name, String value) {
    Map<String, String> more = new HashMap<>(labels);
    more.put(name, value);
    return more;
  }
}
