package dev.muster.cli.command;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Runs what may take for ever so that a request to stop ends it.
public final class Stoppable {
  /// How long what was interrupted may take to leave things in order.
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final FutureTask<Integer> work;
  private final int whenStopped;
  private final AtomicBoolean isStopped = new AtomicBoolean();
  private final CountDownLatch over = new CountDownLatch(1);

  private Stoppable(Callable<Integer> work, int whenStopped) {
    this.work = new FutureTask<>(work);
    this.whenStopped = whenStopped;
  }

  /// Runs the work on a virtual thread, which is interrupted when the command is asked to stop.
  ///
  /// @param whenStopped the exit code then, unless the work, interrupted, returns one itself
  /// @throws CommandFailed if the work fails with it before it is asked to stop
  public static int run(Terminal terminal, int whenStopped, Callable<Integer> work) {
    return new Stoppable(work, whenStopped).run(terminal);
  }

  private int run(Terminal terminal) {
    Thread worker =
        Thread.ofVirtual()
            .unstarted(
                () -> {
                  work.run();
                  over.countDown();
                });
    // First: who sees that the work has begun may ask it to stop.
    terminal.stopRequests().onStop(() -> stop(worker));
    worker.start();
    try {
      over.await();
      return work.isDone() ? result() : whenStopped;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      worker.interrupt();
      return whenStopped;
    }
  }

  private void stop(Thread worker) {
    isStopped.set(true);
    worker.interrupt();
    try {
      boolean ended = over.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (!ended) {
        over.countDown();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      over.countDown();
    }
  }

  private int result() throws InterruptedException {
    try {
      return work.get();
    } catch (ExecutionException e) {
      if (isStopped.get()) {
        return whenStopped; // what an interrupted thread says is only that it was interrupted
      }
      if (e.getCause() instanceof CommandFailed failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
