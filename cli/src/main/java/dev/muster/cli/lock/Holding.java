package dev.muster.cli.lock;

import dev.muster.cli.command.ApiClient;
import dev.muster.cli.command.Child;
import dev.muster.cli.command.CommandFailed;
import dev.muster.cli.command.Terminal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// One run of `lock`: get it, run the command, give it back. Whatever happens arrives as an event
/// in one queue, which one thread reads; so nothing is missed and nothing happens twice.
final class Holding {
  private static final int CHILD_FAILED = 2;

  /// What to do while holding the lock.
  ///
  /// @param passesCode whether its failure becomes this program's
  record Task(List<String> command, boolean passesStdin, boolean passesCode) {
    Task {
      command = List.copyOf(command);
    }
  }

  private sealed interface Event {
    /// The lock is held.
    record Acquired() implements Event {}

    /// It cannot be had, or nobody can tell whether it is held.
    record Failed(CommandFailed why) implements Event {}

    /// It is not held any more.
    record Lost(String why) implements Event {}

    /// The command ended by itself.
    record ChildEnded(int code) implements Event {}

    /// The person who started this wants it to end.
    record StopWanted() implements Event {}
  }

  private final Terminal terminal;
  private final Times times;
  private final Duration timeout;
  private final boolean verbose;
  private final Task task;

  /// Each of five sources sends at most two.
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>(16);

  Holding(Terminal terminal, Times times, Duration timeout, boolean verbose, Task task) {
    this.terminal = terminal;
    this.times = times;
    this.timeout = timeout;
    this.verbose = verbose;
    this.task = task;
  }

  /// Does all of it, on this thread.
  ///
  /// @param lock makes the lock for a session
  /// @return the exit code
  int run(ApiClient api, String name, String behavior, Function<String, SharedLock> lock)
      throws InterruptedException {
    terminal.stopRequests().onStop(() -> tell(new Event.StopWanted()));
    try (KeptSession session =
        KeptSession.create(
            api, name, behavior, times, () -> tell(new Event.Lost("its session ended")))) {
      SharedLock shared = lock.apply(session.id());
      say("Setting up lock at path: " + shared.key());
      if (!acquire(shared)) {
        giveBack(shared); // it may have been had the moment before
        throw new CommandFailed("Shutdown triggered or timeout during lock acquisition");
      }
      int code;
      try {
        code = hold(shared);
      } catch (CommandFailed e) {
        giveBack(shared);
        throw e;
      }
      return giveBack(shared) ? code : Terminal.FAILED;
    }
  }

  private boolean giveBack(SharedLock lock) {
    try {
      lock.release();
      say(lock.cleanUp() ? "Cleanup succeeded" : "Cleanup aborted, lock in use");
      return true;
    } catch (CommandFailed e) {
      terminal.err().println("Lock release failed: " + e.report());
      return false;
    }
  }

  private boolean acquire(SharedLock lock) throws InterruptedException {
    say("Attempting lock acquisition");
    Thread acquiring =
        inBackground(
            () -> {
              lock.acquire();
              tell(new Event.Acquired());
            });
    Event first =
        timeout.isZero() ? events.take() : events.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
    if (!(first instanceof Event.Acquired)) {
      acquiring.interrupt();
      acquiring.join(Duration.ofSeconds(5));
    }
    return switch (first) {
      case Event.Acquired() -> true;
      case Event.Failed(CommandFailed why) -> throw why;
      case Event.Lost(String why) -> throw new CommandFailed("Lock acquisition failed: " + why);
      case Event.ChildEnded(int code) ->
          throw new IllegalStateException("no child was started, and it ended with " + code);
      case Event.StopWanted() -> false;
      case null -> false;
    };
  }

  private int hold(SharedLock lock) throws InterruptedException {
    Thread watching =
        inBackground(
            () -> {
              lock.awaitLoss();
              tell(new Event.Lost("another has it, or it was taken away"));
            });
    Child child =
        Child.start(
            terminal,
            task.command(),
            Map.of("CONSUL_LOCK_HELD", "true"),
            task.passesStdin() ? Optional.of(terminal.in()) : Optional.empty());
    inBackground(() -> tell(new Event.ChildEnded(child.await())));
    say("Starting handler, process " + child.pid());
    try {
      return whatEndsIt(events.take(), child);
    } finally {
      watching.interrupt();
    }
  }

  private int whatEndsIt(Event event, Child child) throws InterruptedException {
    return switch (event) {
      case Event.ChildEnded(int code) -> {
        say("Child terminated, releasing lock");
        if (code != 0) {
          terminal.err().println("Error running handler: exit status " + code);
        }
        yield code != 0 && task.passesCode() ? CHILD_FAILED : Terminal.OK;
      }
      case Event.StopWanted() -> {
        say("Shutdown triggered, killing child");
        child.stop(times.childGrace());
        yield Terminal.FAILED;
      }
      case Event.Lost(String why) -> lost(child, why);
      case Event.Failed(CommandFailed why) -> lost(child, why.report());
      case Event.Acquired() -> throw new IllegalStateException("acquired twice");
    };
  }

  private int lost(Child child, String why) throws InterruptedException {
    terminal.err().println("Lock lost, killing child: " + why);
    child.stop(times.childGrace());
    return Terminal.FAILED;
  }

  /// What waits for the servers.
  private interface Waiting {
    void run() throws InterruptedException;
  }

  private Thread inBackground(Waiting waiting) {
    return Thread.ofVirtual()
        .start(
            () -> {
              try {
                waiting.run();
              } catch (CommandFailed e) {
                tell(new Event.Failed(e));
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  private void tell(Event event) {
    if (!events.offer(event)) {
      throw new IllegalStateException("more events than can be: " + events);
    }
  }

  private void say(String line) {
    if (verbose) {
      terminal.print(line);
    }
  }
}
