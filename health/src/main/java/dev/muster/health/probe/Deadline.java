package dev.muster.health.probe;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// The time one probe has, from connecting to the last byte. When it is over, it closes what the
/// probe waits on, which then fails, whether it was reading, writing or shaking hands.
final class Deadline implements AutoCloseable {
  private final Duration time;
  private final Future<?> alarm;
  private final Deque<Closeable> guarded = new ArrayDeque<>();
  private boolean over;

  private Deadline(Duration time, ScheduledExecutorService timers) {
    this.time = time;
    alarm = timers.schedule(this::expire, time.toNanos(), TimeUnit.NANOSECONDS);
  }

  static Deadline in(Duration time, ScheduledExecutorService timers) {
    return new Deadline(time, timers);
  }

  Duration time() {
    return time;
  }

  /// @throws SocketTimeoutException if the time is over already
  synchronized <C extends Closeable> C guard(C closeable) throws IOException {
    if (over) {
      closeable.close();
      throw new SocketTimeoutException("i/o timeout");
    }
    guarded.push(closeable);
    return closeable;
  }

  synchronized boolean isOver() {
    return over;
  }

  private synchronized void expire() {
    over = true;
    for (Closeable closeable : guarded) {
      try {
        closeable.close();
      } catch (IOException e) {
        // whoever waits on it is told all the same
      }
    }
  }

  @Override
  public void close() {
    alarm.cancel(false);
  }
}
