package dev.muster.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.consensus.ConsensusConfig.Batching;
import dev.muster.consensus.testing.InMemoryEngine;
import dev.muster.consensus.testing.Ledger;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What callers see when the engine is slow, loses its leadership or repeats itself.
@Timeout(30)
class ConsensusTest {

  private static final Duration SHORT = Duration.ofMillis(50);
  private static final Duration LONG = Duration.ofSeconds(20);

  private final InMemoryEngine engine = new InMemoryEngine();
  private final Ledger ledger = new Ledger();
  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void stop() {
    callers.close();
  }

  private Consensus<Long> open(ConsensusConfig config) throws IOException {
    return Consensus.start(engine, ledger, config);
  }

  private static ConsensusConfig patient() {
    return ConsensusConfig.defaults().withTimeouts(LONG, LONG);
  }

  private Future<Outcome<Long>> propose(Consensus<Long> consensus, String text) {
    return callers.submit(() -> consensus.propose(Ledger.command(text)));
  }

  private void untilHeld(int entries) {
    while (engine.heldEntries() < entries) {
      Thread.onSpinWait();
    }
  }

  @Test
  void fillsEntriesWhileOthersAreInFlight() throws Exception {
    var batching = new Batching(10, 1 << 20, LONG, 8);
    try (var consensus = open(patient().withBatching(batching))) {
      engine.hold();
      List<Future<Outcome<Long>>> answers = new ArrayList<>();
      for (int entry = 1; entry <= 2; entry++) {
        answers.add(propose(consensus, "alone " + entry));
        untilHeld(entry);
      }
      for (int i = 0; i < 20; i++) {
        answers.add(propose(consensus, "together " + i));
      }
      untilHeld(4);
      engine.release();
      for (Future<Outcome<Long>> answer : answers) {
        assertThat(answer.get()).isInstanceOf(Outcome.Applied.class);
      }
      assertThat(ledger.batchSizes()).containsExactly(1, 1, 10, 10);
    }
  }

  @Test
  void closesAnEntryAtItsBytes() throws Exception {
    var batching = new Batching(100, 1000, LONG, 3);
    try (var consensus = open(patient().withBatching(batching))) {
      engine.hold();
      List<Future<Outcome<Long>>> answers = new ArrayList<>();
      for (int entry = 1; entry <= 3; entry++) {
        answers.add(propose(consensus, "x".repeat(2000)));
        untilHeld(entry);
      }
      for (int i = 0; i < 5; i++) {
        answers.add(propose(consensus, "y".repeat(400)));
      }
      engine.release();
      for (Future<Outcome<Long>> answer : answers) {
        assertThat(answer.get()).isInstanceOf(Outcome.Applied.class);
      }
      assertThat(ledger.batchSizes()).allMatch(size -> size <= 2).startsWith(1, 1, 1);
    }
  }

  @Test
  void turnsAwayWhatTheQueueCannotHold() throws Exception {
    var config = patient().withBatching(new Batching(1, 1, Duration.ZERO, 1)).withQueue(2, 1 << 20);
    try (var consensus = open(config)) {
      engine.hold();
      var sent = propose(consensus, "sent");
      untilHeld(1);
      List<Future<Outcome<Long>>> more =
          IntStream.range(0, 10).mapToObj(i -> propose(consensus, "more " + i)).toList();
      int turnedAway = 0;
      while (turnedAway < 8) {
        turnedAway = (int) more.stream().filter(Future::isDone).count();
      }
      engine.release();
      assertThat(sent.get()).isInstanceOf(Outcome.Applied.class);
      for (Future<Outcome<Long>> answer : more) {
        assertThat(answer.get()).isInstanceOfAny(Outcome.Applied.class, Outcome.Overloaded.class);
      }
      assertThat(ledger.size()).isEqualTo(3);
    }
  }

  @Test
  void isCertainAboutCommandsThatWaitedInVain() throws Exception {
    var config =
        ConsensusConfig.defaults()
            .withTimeouts(SHORT, SHORT)
            .withBatching(new Batching(1, 1, Duration.ZERO, 1));
    try (var consensus = open(config)) {
      engine.hold();
      var sent = propose(consensus, "sent");
      untilHeld(1);
      assertThat(consensus.propose(Ledger.command("queued"))).isEqualTo(new Outcome.Overloaded<>());
      assertThat(sent.get()).isInstanceOf(Outcome.Unknown.class);
      engine.release();
      assertThat(consensus.barrier()).isEqualTo(new Barrier.Reached());
    }
    assertThat(ledger.lines()).containsExactly("sent");
  }

  @Test
  void doesNotKnowTheFateOfCommandsOfALostLeader() throws Exception {
    try (var consensus = open(patient())) {
      engine.hold();
      var pending = propose(consensus, "pending");
      untilHeld(1);
      engine.demote();
      assertThat(pending.get()).isInstanceOf(Outcome.Unknown.class);
      Peer other = engine.status().leader().orElseThrow();
      assertThat(consensus.propose(Ledger.command("later")))
          .isEqualTo(new Outcome.NotLeader<>(Optional.of(other)));
      assertThat(consensus.barrier()).isEqualTo(new Barrier.NoLeader());
    }
  }

  @Test
  void appliesARepeatedEntryOnce() throws IOException {
    engine.repeatEntries();
    try (var consensus = open(patient())) {
      for (int i = 0; i < 100; i++) {
        assertThat(consensus.propose(Ledger.command("" + i))).isInstanceOf(Outcome.Applied.class);
      }
    }
    assertThat(ledger.lines()).hasSize(100).doesNotHaveDuplicates();
  }

  @Test
  void remembersARepeatedEntryThroughASnapshot() throws IOException {
    var disk = new InMemoryEngine.Disk();
    byte[] entry;
    var first = new Ledger();
    var recorder = new RecordingEngine(new InMemoryEngine(disk, 1));
    try (var consensus = Consensus.start(recorder, first, patient())) {
      consensus.propose(Ledger.command("once"));
      entry = recorder.lastEntry;
    }
    var second = new Ledger();
    var again = new RecordingEngine(new InMemoryEngine(disk, 1));
    try (var consensus = Consensus.start(again, second, patient())) {
      again.submit(entry, _ -> {});
      assertThat(consensus.propose(Ledger.command("twice"))).isEqualTo(new Outcome.Applied<>(2L));
    }
    assertThat(second.lines()).containsExactly("once", "twice");
  }

  /// Remembers the last entry that went through it.
  private static final class RecordingEngine implements Engine {
    private final Engine engine;
    private volatile byte[] lastEntry = new byte[0];

    RecordingEngine(Engine engine) {
      this.engine = engine;
    }

    @Override
    public void start(Replica replica) throws IOException {
      engine.start(replica);
    }

    @Override
    public void submit(byte[] entry, Consumer<Submission> done) {
      lastEntry = entry;
      engine.submit(entry, done);
    }

    @Override
    public Confirmation confirm(Duration timeout) {
      return new Confirmation.NeedsEntry();
    }

    @Override
    public Status status() {
      return engine.status();
    }

    @Override
    public void close() {
      engine.close();
    }
  }

  @Test
  void commitsAnEmptyEntryWhereAnEngineCannotConfirm() throws IOException {
    var recorder = new RecordingEngine(engine);
    try (var consensus = Consensus.start(recorder, ledger, patient())) {
      assertThat(consensus.barrier()).isEqualTo(new Barrier.Reached());
      assertThat(Envelope.decode(recorder.lastEntry).commands()).isEmpty();
      engine.demote();
      assertThat(consensus.barrier()).isEqualTo(new Barrier.NoLeader());
    }
    assertThat(ledger.batchSizes()).isEmpty();
  }
}
