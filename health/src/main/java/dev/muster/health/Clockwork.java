package dev.muster.health;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Time and threads of the checks. One thread, `health`, runs all timers and owns the state of all
/// checks; what blocks runs on virtual threads of its own.
final class Clockwork implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Clockwork.class);
  private static final int PROBES_AT_ONCE_MAX = 1_024;

  private final LongSupplier nanoTime;
  private final ScheduledThreadPoolExecutor timers;
  private final Permits probing = new Permits(PROBES_AT_ONCE_MAX);

  Clockwork(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    timers =
        new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("health").factory());
    timers.setRemoveOnCancelPolicy(true);
    timers.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  long nanoTime() {
    return nanoTime.getAsLong();
  }

  ScheduledExecutorService timers() {
    return timers;
  }

  boolean isClosed() {
    return timers.isShutdown();
  }

  /// On the thread `health`.
  void execute(Runnable task) {
    after(Duration.ZERO, task);
  }

  /// On the thread `health`; null once this is closed.
  @Nullable Future<?> after(Duration delay, Runnable task) {
    try {
      return timers.schedule(() -> guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      return null;
    }
  }

  /// On the thread `health`, again and again.
  void every(Duration interval, Runnable task) {
    timers.scheduleWithFixedDelay(() -> guarded(task), 0, interval.toNanos(), TimeUnit.NANOSECONDS);
  }

  /// A task that fails must not end the others.
  private static void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.error("a task of the health checks failed", e);
    }
  }

  /// A probe to run aside, at most so many at once.
  @FunctionalInterface
  interface Probing {
    void run() throws InterruptedException;
  }

  /// Runs a probe aside, once there is a permit.
  ///
  /// @param owner whose probe it is: none may take the place of all others
  /// @return ends the probe when it is interrupted, or its waiting for a permit
  Thread probe(Permits.Owner owner, Probing work) {
    return started(
        () -> {
          try {
            probing.with(owner, work);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } catch (RejectedExecutionException e) {
            LOG.debug("closed while a probe was to start");
          }
        });
  }

  /// Runs blocking work on a thread of its own. Commands do not queue behind probes: those of many
  /// hosts that hang must not hold up an expired TTL.
  void aside(Runnable work) {
    started(work);
  }

  private static Thread started(Runnable work) {
    return Thread.ofVirtual().name("check").start(work);
  }

  @Override
  public void close() {
    timers.shutdownNow();
  }
}
