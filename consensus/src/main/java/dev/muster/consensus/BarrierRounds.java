package dev.muster.consensus;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Shares one confirmation of leadership among all reads that wait for one. A read may only use a
/// confirmation that started after the read came; so those that come while a round runs gather for
/// the next, and the first of them to wake runs it for all.
///
/// Safe for all threads. The lock is not held while a round runs.
final class BarrierRounds {

  /// A round in which many may share; guarded by the lock.
  private final class Round {
    private final Condition changed = lock.newCondition();
    private @Nullable Barrier result;
  }

  /// Runs one round; blocks for at most the time that it is given.
  interface Confirming {
    Barrier run(Duration timeout) throws InterruptedException;
  }

  private final Duration timeout;
  private final Confirming confirming;
  private final ReentrantLock lock = new ReentrantLock();
  private Round gathering = new Round();
  private boolean running;

  BarrierRounds(Duration timeout, Confirming confirming) {
    this.timeout = timeout;
    this.confirming = confirming;
  }

  Barrier await() throws InterruptedException {
    lock.lock();
    try {
      Round round = gathering;
      if (awaitTurn(round)) {
        running = true;
        if (round == gathering) {
          gathering = new Round();
        }
        run(round);
      }
      Barrier result = round.result;
      return result == null ? new Barrier.TimedOut() : result;
    } finally {
      lock.unlock();
    }
  }

  /// Waits for somebody to run the round; true if the caller is to run it.
  private boolean awaitTurn(Round round) throws InterruptedException {
    long left = timeout.toNanos();
    boolean done = false;
    try {
      while (running && round.result == null && left > 0) {
        left = round.changed.awaitNanos(left);
      }
      done = true;
    } finally {
      if (!done) {
        round.changed.signal(); // the wake-up that this thread may have got is for another
      }
    }
    return !running && round.result == null;
  }

  private void run(Round round) throws InterruptedException {
    Barrier result = null;
    lock.unlock();
    try {
      result = confirming.run(timeout);
    } finally {
      lock.lock();
      running = false;
      round.result = result;
      if (result == null && lock.hasWaiters(round.changed)) {
        // This thread was interrupted: one caller that leaves must not fail the others.
        round.changed.signal();
      } else {
        round.changed.signalAll();
        gathering.changed.signal();
      }
    }
  }
}
