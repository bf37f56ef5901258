package dev.muster.balancer.observe;

import dev.muster.balancer.observe.Statistics.Failure;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/// The running totals behind [Statistics]. Thread-safe.
public final class Counters {
  private final LongAdder connections = new LongAdder();
  private final LongAdder accepted = new LongAdder();
  private final LongAdder reading = new LongAdder();
  private final LongAdder waiting = new LongAdder();
  private final LongAdder requests = new LongAdder();
  private final LongAdder retries = new LongAdder();
  private final Map<Failure, LongAdder> failures = new EnumMap<>(Failure.class);

  /// All zero.
  public Counters() {
    for (Failure failure : Failure.values()) {
      failures.put(failure, new LongAdder());
    }
  }

  /// Clients connected now.
  public LongAdder connections() {
    return connections;
  }

  /// Clients that ever connected.
  public LongAdder accepted() {
    return accepted;
  }

  /// Clients whose request is being read, as of the last tick of each loop.
  public LongAdder reading() {
    return reading;
  }

  /// Clients without a request, as of the last tick of each loop.
  public LongAdder waiting() {
    return waiting;
  }

  /// Requests understood.
  public LongAdder requests() {
    return requests;
  }

  /// Requests sent once more.
  public LongAdder retries() {
    return retries;
  }

  /// Counts a failure.
  public void failed(Failure failure) {
    LongAdder total = failures.get(failure);
    if (total != null) {
      total.increment();
    }
  }

  /// How often what went wrong.
  public Map<Failure, Long> failures() {
    Map<Failure, Long> totals = new EnumMap<>(Failure.class);
    failures.forEach((failure, total) -> totals.put(failure, total.sum()));
    return totals;
  }
}
