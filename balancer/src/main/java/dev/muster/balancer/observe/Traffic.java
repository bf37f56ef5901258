package dev.muster.balancer.observe;

import dev.muster.balancer.observe.Metric.Counter;
import dev.muster.balancer.observe.Metric.Gauge;
import dev.muster.balancer.request.Outcome;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What passed through a listener or a location: requests by class of status, octets, times. Each
/// loop counts for itself; any thread may read.
public final class Traffic {
  private static final int CLASSES = 5;
  private static final int BEGUN = CLASSES;
  private static final int ENDED = BEGUN + 1;
  private static final int RECEIVED = ENDED + 1;
  private static final int SENT = RECEIVED + 1;
  private static final int TIME = SENT + 1;

  private final LoopCounts counts = new LoopCounts(TIME + Latency.SIZE);

  /// A request came; to be called by the loop, as what follows.
  public void begun(int loop) {
    LoopCounts.add(counts.of(loop), BEGUN, 1);
  }

  /// A request that came goes elsewhere.
  public void left(int loop) {
    LoopCounts.add(counts.of(loop), BEGUN, -1);
  }

  /// A request is over.
  public void ended(int loop, Outcome outcome) {
    long[] own = counts.of(loop);
    LoopCounts.add(own, classOf(outcome.status()), 1);
    LoopCounts.add(own, ENDED, 1);
    LoopCounts.add(own, RECEIVED, outcome.receivedBytes());
    LoopCounts.add(own, SENT, outcome.bytes());
    Latency.add(own, TIME, outcome.nanos());
  }

  static int classOf(int status) {
    return Math.clamp(status / 100 - 1, 0, CLASSES - 1);
  }

  /// Requests that are over.
  public long requests() {
    return counts.sum(ENDED);
  }

  /// Requests answered with a status of a class, 1 to 5.
  public long requests(int statusClass) {
    return counts.sum(statusClass - 1);
  }

  /// Requests that have begun and are not over.
  public long active() {
    return Math.max(0, counts.sum(BEGUN) - counts.sum(ENDED));
  }

  /// Octets of requests.
  public long receivedBytes() {
    return counts.sum(RECEIVED);
  }

  /// Octets of answers.
  public long sentBytes() {
    return counts.sum(SENT);
  }

  /// All numbers, under names that start with this.
  void readInto(List<Metric> metrics, String prefix, Map<String, String> labels) {
    for (int i = 0; i < CLASSES; i++) {
      Map<String, String> byClass = new HashMap<>(labels);
      byClass.put("code", (i + 1) + "xx");
      metrics.add(new Counter(prefix + ".request", byClass, counts.sum(i)));
    }
    metrics.add(new Counter(prefix + ".received.bytes", labels, receivedBytes()));
    metrics.add(new Counter(prefix + ".sent.bytes", labels, sentBytes()));
    metrics.add(new Gauge(prefix + ".active", labels, active()));
    metrics.add(Latency.read(prefix + ".seconds", labels, counts, TIME));
  }
}
