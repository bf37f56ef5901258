package dev.muster.dns;

import java.util.concurrent.atomic.LongAdder;

/// What the server counts. Thread-safe.
final class Counters {
  private final LongAdder byUdp = new LongAdder();
  private final LongAdder byTcp = new LongAdder();
  private final LongAdder malformed = new LongAdder();
  private final LongAdder shed = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder cut = new LongAdder();
  private final LongAdder recursed = new LongAdder();
  private final LongAdder unresolved = new LongAdder();

  void query(boolean isByTcp) {
    (isByTcp ? byTcp : byUdp).increment();
  }

  void malformed() {
    malformed.increment();
  }

  void shed() {
    shed.increment();
  }

  void failed() {
    failed.increment();
  }

  void cut() {
    cut.increment();
  }

  void recursed() {
    recursed.increment();
  }

  void unresolved() {
    unresolved.increment();
  }

  DnsStatistics read() {
    return new DnsStatistics(
        byUdp.sum(),
        byTcp.sum(),
        malformed.sum(),
        shed.sum(),
        failed.sum(),
        cut.sum(),
        recursed.sum(),
        unresolved.sum());
  }
}
