package dev.muster.cli.lock;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A wait that nothing but an interruption ends before its time.
final class Pause {
  private Pause() {}

  static void of(Duration duration) throws InterruptedException {
    boolean isOver = new CountDownLatch(1).await(duration.toNanos(), TimeUnit.NANOSECONDS);
    if (isOver) {
      throw new IllegalStateException("nobody counts this down");
    }
  }
}
