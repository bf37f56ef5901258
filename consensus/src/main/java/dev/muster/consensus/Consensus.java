package dev.muster.consensus;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/// The door to a replicated state: commands in, replies out, and a barrier that makes reads of the
/// local copy linearizable. Methods block and are meant for virtual threads; all are safe for all
/// threads.
///
/// A caller that proposes again after an answer finds its commands applied in that order.
///
/// @param <R> what commands answer
public final class Consensus<R> implements AutoCloseable {

  private final Engine engine;
  private final ConsensusConfig config;
  private final AppliedIndex appliedIndex = new AppliedIndex();
  private final EntriesInFlight<R> inFlight;
  private final Batcher<R> batcher;
  private final BarrierRounds barriers;
  private final ReplicatedState<R> state;
  private final AtomicBoolean hasFailed = new AtomicBoolean();
  private volatile boolean closed;

  private Consensus(Engine engine, StateMachine<R> machine, ConsensusConfig config) {
    this.engine = engine;
    this.config = config;
    var proposer = new UUID(config.random().nextLong(), config.random().nextLong());
    this.inFlight = new EntriesInFlight<>(proposer, engine);
    this.batcher = new Batcher<>(config, inFlight::send);
    this.barriers = new BarrierRounds(config.barrierTimeout(), this::confirm);
    this.state = new ReplicatedState<>(machine, inFlight, appliedIndex, this::stopLoudly);
  }

  /// Recovers the state machine and joins the group. A group of one takes commands when this
  /// returns; a larger one as soon as it has a leader, see [#status].
  ///
  /// @param engine a fresh one; closed with the result, or right away if the start fails
  /// @throws DataFolderException if the engine's data folder cannot be used
  public static <R> Consensus<R> start(
      Engine engine, StateMachine<R> machine, ConsensusConfig config) throws IOException {
    var consensus = new Consensus<>(engine, machine, config);
    boolean started = false;
    try {
      engine.start(consensus.state);
      consensus.batcher.start();
      started = true;
      return consensus;
    } finally {
      if (!started) {
        engine.close();
      }
    }
  }

  /// Proposes a command and waits for its fate, at most for [ConsensusConfig#proposeTimeout].
  ///
  /// @param command not to be changed afterwards
  /// @throws IllegalArgumentException if it is larger than [ConsensusConfig#commandBytesMax]
  public Outcome<R> propose(byte[] command) {
    if (command.length > config.commandBytesMax()) {
      throw new IllegalArgumentException(
          "a command of %s bytes; at most %s fit"
              .formatted(command.length, config.commandBytesMax()));
    }
    var proposal = new Proposal<R>(command);
    return batcher.offer(proposal).orElseGet(() -> proposal.await(config.proposeTimeout()));
  }

  /// Waits until reads of the local state machine are linearizable, at most for
  /// [ConsensusConfig#barrierTimeout]. One round serves all that waited when it started.
  public Barrier barrier() {
    try {
      return barriers.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return new Barrier.TimedOut();
    }
  }

  /// What this server knows about its group. Does not block.
  public Status status() {
    long applied = appliedIndex.value();
    return engine.status().withAppliedIndex(applied);
  }

  /// Turns away new commands, saves a snapshot if that makes the next start cheaper, stops the
  /// engine and answers those who still wait. Harmless when repeated.
  @Override
  public void close() {
    closed = true;
    batcher.close();
    engine.close();
    inFlight.stop("this server was stopped");
  }

  private Barrier confirm(Duration timeout) throws InterruptedException {
    if (closed || hasFailed.get()) {
      return new Barrier.NoLeader();
    }
    Duration step = timeout.dividedBy(2);
    return switch (engine.confirm(step)) {
      case Confirmation.Confirmed(long index) ->
          appliedIndex.await(index, step) ? new Barrier.Reached() : new Barrier.TimedOut();
      case Confirmation.NeedsEntry _ -> commitEmptyEntry(step);
      case Confirmation.NoLeader _ -> new Barrier.NoLeader();
      case Confirmation.TimedOut _ -> new Barrier.TimedOut();
    };
  }

  private Barrier commitEmptyEntry(Duration timeout) throws InterruptedException {
    CompletableFuture<Submission> entry = inFlight.send(List.of());
    try {
      return switch (entry.get(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
        case Submission.Committed _ -> new Barrier.Reached();
        case Submission.NotLeader _ -> new Barrier.NoLeader();
        case Submission.Overloaded _, Submission.Unknown _ -> new Barrier.TimedOut();
      };
    } catch (TimeoutException _) {
      return new Barrier.TimedOut();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a submission is answered, never failed", e);
    }
  }

  private void stopLoudly(Throwable cause) {
    if (closed || !hasFailed.compareAndSet(false, true)) {
      return;
    }
    // Not on the engine's thread, which has to end before the engine is closed.
    Thread.ofVirtual()
        .name("consensus-failure")
        .start(
            () -> {
              batcher.close();
              inFlight.stop("this server stopped: " + cause);
              engine.close();
              config.onFailure().accept(cause);
            });
  }
}
