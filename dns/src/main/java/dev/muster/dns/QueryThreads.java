package dev.muster.dns;

import java.net.InetAddress;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/// Answers each query on a virtual thread of its own, only so many at a time. Thread-safe.
final class QueryThreads implements AutoCloseable {
  private final Semaphore permits;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("dns-", 0).factory());
  private final Counters counters;
  private volatile Exchange exchange;

  QueryThreads(Exchange exchange, int queriesMax, Counters counters) {
    this.exchange = exchange;
    this.permits = new Semaphore(queriesMax);
    this.counters = counters;
  }

  /// Queries that come from now on are answered by another one.
  void use(Exchange next) {
    exchange = next;
  }

  /// Starts to answer a query.
  ///
  /// @param reply told once, on another thread, what to send; nothing, if no answer is due
  /// @return false if there are too many already: then `reply` hears nothing
  boolean start(
      byte[] packet, InetAddress client, boolean byTcp, Consumer<Optional<byte[]>> reply) {
    if (!permits.tryAcquire()) {
      counters.shed();
      return false;
    }
    try {
      threads.execute(
          () -> {
            Optional<byte[]> answer = Optional.empty();
            try {
              answer = exchange.answer(packet, client, byTcp);
            } finally {
              permits.release();
              reply.accept(answer);
            }
          });
      return true;
    } catch (RejectedExecutionException e) {
      permits.release(); // it is being closed
      return false;
    }
  }

  /// Ends what waits for others.
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
