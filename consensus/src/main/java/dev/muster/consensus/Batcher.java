package dev.muster.consensus;

import dev.muster.consensus.ConsensusConfig.Batching;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/// Makes log entries of the commands that many callers bring. An entry costs a round trip and a
/// disk flush whether it carries one command or 256.
///
/// An entry leaves when it is full, at once while fewer than two are in flight, and otherwise when
/// one of those comes back or the linger has passed. Commands keep the order in which they came.
///
/// One lock guards everything; it is never held while sending or completing.
final class Batcher<R> implements AutoCloseable {

  /// With two in flight the next flush never waits for the next batch to form.
  private static final int LINGER_FROM_IN_FLIGHT = 2;

  private final Batching batching;
  private final int queueCommandsMax;
  private final long queueBytesMax;
  private final Function<List<Proposal<R>>, CompletableFuture<?>> send;

  private final ReentrantLock lock = new ReentrantLock();

  /// Signalled when the sending thread may have something to do.
  private final Condition changed = lock.newCondition();

  private final ArrayDeque<Proposal<R>> queue = new ArrayDeque<>();
  private long queuedBytes;
  private int inFlight;
  private boolean closed;

  /// @param send sends an entry; what it returns is done when the entry has ended
  Batcher(ConsensusConfig config, Function<List<Proposal<R>>, CompletableFuture<?>> send) {
    this.batching = config.batching();
    this.queueCommandsMax = config.queueCommandsMax();
    this.queueBytesMax = config.queueBytesMax();
    this.send = send;
  }

  void start() {
    Thread.ofPlatform().daemon().name("consensus-batcher").start(this::run);
  }

  /// Queues a command, or says why not.
  Optional<Outcome<R>> offer(Proposal<R> proposal) {
    int bytes = proposal.command().length;
    lock.lock();
    try {
      if (closed) {
        return Optional.of(new Outcome.NotLeader<>(Optional.empty()));
      }
      if (queue.size() >= queueCommandsMax || queuedBytes + bytes > queueBytesMax) {
        return Optional.of(new Outcome.Overloaded<>());
      }
      queue.add(proposal);
      queuedBytes += bytes;
      if (queue.size() == 1 || isFull()) {
        changed.signal();
      }
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /// Turns away what waits and all that comes. What is in flight goes on.
  @Override
  public void close() {
    List<Proposal<R>> waiting;
    lock.lock();
    try {
      closed = true;
      waiting = List.copyOf(queue);
      queue.clear();
      queuedBytes = 0;
      changed.signal();
    } finally {
      lock.unlock();
    }
    for (Proposal<R> proposal : waiting) {
      if (proposal.claim()) {
        proposal.complete(new Outcome.NotLeader<>(Optional.empty()));
      }
    }
  }

  private void run() {
    try {
      for (Optional<List<Proposal<R>>> batch = next(); batch.isPresent(); batch = next()) {
        send.apply(batch.get()).whenComplete((_, _) -> entryEnded());
      }
    } catch (InterruptedException _) {
      close();
    }
  }

  private void entryEnded() {
    lock.lock();
    try {
      inFlight--;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /// Waits for the next entry's commands, and counts the entry as in flight. Empty when closed.
  private Optional<List<Proposal<R>>> next() throws InterruptedException {
    lock.lock();
    try {
      while (!closed) {
        awaitReadiness();
        List<Proposal<R>> batch = drain();
        if (!batch.isEmpty()) {
          inFlight++;
          return Optional.of(batch);
        }
      }
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private void awaitReadiness() throws InterruptedException {
    while (!closed && (queue.isEmpty() || inFlight >= batching.entriesInFlightMax())) {
      changed.await();
    }
    long lingerNanos = batching.linger().toNanos();
    while (!closed && inFlight >= LINGER_FROM_IN_FLIGHT && !isFull() && lingerNanos > 0) {
      lingerNanos = changed.awaitNanos(lingerNanos);
    }
  }

  private boolean isFull() {
    return queue.size() >= batching.commandsMax() || queuedBytes >= batching.bytesMax();
  }

  /// The longest run of commands that fits an entry, without those whose callers have gone.
  private List<Proposal<R>> drain() {
    List<Proposal<R>> batch = new ArrayList<>();
    long bytes = 0;
    while (batch.size() < batching.commandsMax() && !queue.isEmpty()) {
      int next = queue.element().command().length;
      if (!batch.isEmpty() && bytes + next > batching.bytesMax()) {
        break;
      }
      Proposal<R> proposal = queue.remove();
      queuedBytes -= next;
      if (proposal.claim()) {
        bytes += next;
        batch.add(proposal);
      }
    }
    return batch;
  }
}
