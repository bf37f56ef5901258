package dev.muster.consensus;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/// One caller's command and what became of it. Whoever claims it first decides: the batcher, to
/// send it, or the caller, to give up while it is certain that nothing was sent.
final class Proposal<R> {

  private final byte[] command;
  private final AtomicBoolean claimed = new AtomicBoolean();
  private final CompletableFuture<Outcome<R>> outcome = new CompletableFuture<>();

  Proposal(byte[] command) {
    this.command = command;
  }

  byte[] command() {
    return command;
  }

  boolean claim() {
    return claimed.compareAndSet(false, true);
  }

  /// Only the first one counts.
  void complete(Outcome<R> result) {
    outcome.complete(result);
  }

  Outcome<R> await(Duration timeout) {
    try {
      return outcome.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      return claim()
          ? new Outcome.Overloaded<>()
          : new Outcome.Unknown<>("no answer within " + timeout);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return claim() ? new Outcome.Overloaded<>() : new Outcome.Unknown<>("interrupted");
    } catch (ExecutionException e) {
      throw new IllegalStateException("an outcome is never a failure", e);
    }
  }
}
