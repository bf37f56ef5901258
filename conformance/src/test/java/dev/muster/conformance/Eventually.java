package dev.muster.conformance;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/// Waits for what another program does in its own time.
public final class Eventually {
  private static final long WITHIN_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private Eventually() {}

  /// Asks until the answer is the wanted one, and returns it. A question may fail meanwhile.
  public static <T> T holds(String what, Callable<T> question, Predicate<T> isWanted) {
    long deadline = System.nanoTime() + WITHIN_NANOS;
    Object last = "nothing";
    while (System.nanoTime() - deadline < 0) {
      try {
        T answer = question.call();
        last = answer;
        if (isWanted.test(answer)) {
          return answer;
        }
      } catch (Exception e) {
        last = e;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    throw new AssertionError("not %s within a minute; last: %s".formatted(what, last));
  }
}
