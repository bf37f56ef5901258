package dev.muster.balancer.proxy;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Whether and when an exchange sends a second copy of its request. Belongs to the exchange.
final class Hedging {
  private final Worker worker;
  private final Exchange exchange;
  private final long delayNanos;
  private @Nullable Hedge hedge;

  Hedging(Worker worker, Exchange exchange, long delayNanos) {
    this.worker = worker;
    this.exchange = exchange;
    this.delayNanos = delayNanos;
  }

  /// The request was sent to an instance.
  void sent(Tenure tenure, Replay request) {
    // An instance that does not know the session would answer first, and wrongly.
    if (delayNanos > 0 && !tenure.isBound()) {
      var _ = worker.loop.schedule(() -> copy(tenure, request), delayNanos, TimeUnit.NANOSECONDS);
    }
  }

  private void copy(Tenure tenure, Replay request) {
    if (hedge == null && exchange.awaitsAnswer(tenure) && tenure.mayTryAgain()) {
      hedge = Hedge.start(worker, tenure.beside(), request, this::won);
    }
  }

  private void won(Hedge winner) {
    hedge = null;
    exchange.follow(winner);
  }

  /// The first copy was answered, or nobody waits any more.
  void cancel() {
    Hedge other = hedge;
    if (other != null) {
      hedge = null;
      other.cancel();
    }
  }
}
