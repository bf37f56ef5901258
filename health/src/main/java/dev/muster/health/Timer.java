package dev.muster.health;

import java.time.Duration;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// One task that is due once and can be called off. Owned by the thread of the [Clockwork], so that
/// a task that was called off never runs.
final class Timer {
  private final Clockwork clockwork;
  private @Nullable Future<?> due;
  private boolean ended;

  Timer(Clockwork clockwork) {
    this.clockwork = clockwork;
  }

  /// In place of what was due.
  void set(Duration delay, Runnable task) {
    cancel();
    if (!ended) {
      due = clockwork.after(delay, task);
    }
  }

  void cancel() {
    if (due != null) {
      due.cancel(false);
      due = null;
    }
  }

  /// For good.
  void end() {
    ended = true;
    cancel();
  }

  boolean hasEnded() {
    return ended;
  }
}
