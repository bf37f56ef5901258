package dev.muster.registry.tree;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// What one read depended on: pass it to the methods that read, then wait until any of it
/// changed. Used once, by one thread; only waking is thread-safe.
public final class WatchSet {
  private final List<Watch> watches = new ArrayList<>(4);
  private final CountDownLatch changed = new CountDownLatch(1);

  void add(Watch watch) {
    watches.add(watch);
  }

  /// Ends the wait as if something had changed, also one that has yet to begin. From any thread.
  public void wake() {
    changed.countDown();
  }

  /// Blocks until something that was read has been replaced, or the time is over. Leaves no waiter
  /// behind, also when interrupted.
  ///
  /// @return whether something changed
  public boolean await(long timeoutNanos) throws InterruptedException {
    int added = 0;
    try {
      for (Watch watch : watches) {
        if (!watch.add(this)) {
          return true;
        }
        added++;
      }
      return changed.await(timeoutNanos, TimeUnit.NANOSECONDS);
    } finally {
      for (int i = 0; i < added; i++) {
        watches.get(i).remove(this);
      }
    }
  }
}
