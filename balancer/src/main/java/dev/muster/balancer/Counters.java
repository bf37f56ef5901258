package dev.muster.balancer;

import dev.muster.balancer.Statistics.Failure;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/// The running totals behind [Statistics]. Thread-safe.
final class Counters {
  final LongAdder connections = new LongAdder();
  final LongAdder requests = new LongAdder();
  final LongAdder retries = new LongAdder();
  private final Map<Failure, LongAdder> failures = new EnumMap<>(Failure.class);

  Counters() {
    for (Failure failure : Failure.values()) {
      failures.put(failure, new LongAdder());
    }
  }

  void failed(Failure failure) {
    LongAdder total = failures.get(failure);
    if (total != null) {
      total.increment();
    }
  }

  Map<Failure, Long> failures() {
    Map<Failure, Long> totals = new EnumMap<>(Failure.class);
    failures.forEach((failure, total) -> totals.put(failure, total.sum()));
    return totals;
  }
}
