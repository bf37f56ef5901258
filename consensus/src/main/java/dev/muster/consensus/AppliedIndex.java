package dev.muster.consensus;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// How far the log has been applied here. Written by the applying thread, read and awaited by any.
final class AppliedIndex {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition advanced = lock.newCondition();
  private volatile long index = -1;
  private volatile int waiting;

  long value() {
    return index;
  }

  void advance(long to) {
    Invariant.check(to >= index, () -> "applied index went back from " + index + " to " + to);
    index = to;
    if (waiting > 0) { // who comes now sees the new index first: both are volatile
      signal();
    }
  }

  private void signal() {
    lock.lock();
    try {
      advanced.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Waits until everything up to `target` is applied; false if that takes too long.
  @SuppressWarnings("NonAtomicVolatileUpdate") // only under the lock
  boolean await(long target, Duration timeout) throws InterruptedException {
    if (index >= target) {
      return true;
    }
    lock.lock();
    try {
      waiting++;
      long left = timeout.toNanos();
      while (index < target && left > 0) {
        left = advanced.awaitNanos(left);
      }
      return index >= target;
    } finally {
      waiting--;
      lock.unlock();
    }
  }
}
