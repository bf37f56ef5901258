package dev.muster.health.probe;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Looks up the addresses of hosts. The system does that in code that cannot be broken off and
/// holds its thread: so on threads of their own, for which nobody waits longer than he has time.
/// Thread-safe.
final class Names {
  private static final int AT_ONCE_MAX = 64;
  private static final int WAITING_MAX = 1_024;
  private static final int IDLE_SECONDS = 10;

  private final Lookup lookup;
  private final ThreadPoolExecutor threads;

  Names(Lookup lookup) {
    this.lookup = lookup;
    threads =
        new ThreadPoolExecutor(
            AT_ONCE_MAX,
            AT_ONCE_MAX,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(WAITING_MAX),
            Thread.ofPlatform().daemon().name("check names").factory());
    threads.allowCoreThreadTimeOut(true);
  }

  /// Asks the system, for as long as that takes.
  @FunctionalInterface
  interface Lookup {
    InetAddress[] addresses(String host) throws UnknownHostException;
  }

  /// All addresses of a host, at least one.
  ///
  /// @throws IOException in Go's words, also if the time is over before they are known
  InetAddress[] addresses(String network, String host, Deadline deadline) throws IOException {
    try {
      return new InetAddress[] {InetAddress.ofLiteral(host)};
    } catch (IllegalArgumentException e) {
      // a name
    }
    String asked = "dial %s: lookup %s: ".formatted(network, host);
    var task = new FutureTask<>(() -> lookup.addresses(host));
    Closeable giveUp = () -> task.cancel(false);
    deadline.guard(giveUp);
    try {
      threads.execute(task);
      return task.get();
    } catch (RejectedExecutionException e) {
      throw new IOException(asked + "too many lookups are under way on this server", e);
    } catch (CancellationException e) {
      throw new SocketTimeoutException(asked + "i/o timeout");
    } catch (ExecutionException e) {
      throw new UnknownHostException(asked + "no such host");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(asked + "operation was canceled");
    } finally {
      task.cancel(false);
      threads.remove(task);
    }
  }
}
