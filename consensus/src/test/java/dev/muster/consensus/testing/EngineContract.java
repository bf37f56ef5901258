package dev.muster.consensus.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.consensus.Barrier;
import dev.muster.consensus.Consensus;
import dev.muster.consensus.ConsensusConfig;
import dev.muster.consensus.Engine;
import dev.muster.consensus.Outcome;
import dev.muster.consensus.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What every [Engine] must do, seen through [Consensus]. A module with an engine extends this.
@Timeout(60)
public abstract class EngineContract {

  /// More than this much in the log makes an engine of [#engine] take a snapshot soon.
  protected static final long SNAPSHOT_BYTES = 16 << 10;

  @TempDir Path folder;

  /// A new engine for a group of one on a folder that an earlier one may have used.
  protected abstract Engine engine(Path folder);

  /// How many entries the folder's log still has; any measure will do that shrinks by forgetting.
  protected abstract long logSize(Path folder) throws IOException;

  private Consensus<Long> open(Ledger ledger) throws IOException {
    return Consensus.start(engine(folder), ledger, ConsensusConfig.defaults());
  }

  private static long reply(Outcome<Long> outcome) {
    return switch (outcome) {
      case Outcome.Applied<Long>(Long reply) -> reply;
      case Outcome.NotLeader<Long> _, Outcome.Overloaded<Long> _, Outcome.Unknown<Long> _ ->
          throw new AssertionError("not applied: " + outcome);
    };
  }

  private static void barrier(Consensus<Long> consensus) {
    assertThat(consensus.barrier()).isInstanceOf(Barrier.Reached.class);
  }

  private static <T> List<T> together(int callers, Callable<T> task)
      throws InterruptedException, ExecutionException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<T>> futures =
          IntStream.range(0, callers).mapToObj(_ -> threads.submit(task)).toList();
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get());
      }
      return results;
    }
  }

  @Test
  void appliesCommandsInTheOrderOfTheirCaller() throws IOException {
    var ledger = new Ledger();
    try (var consensus = open(ledger)) {
      for (int i = 1; i <= 50; i++) {
        assertThat(reply(consensus.propose(Ledger.command("line " + i)))).isEqualTo(i);
      }
    }
    assertThat(ledger.lines())
        .isEqualTo(IntStream.rangeClosed(1, 50).mapToObj(i -> "line " + i).toList());
  }

  @Test
  void givesEachOfManyCallersItsOwnReply() throws Exception {
    var ledger = new Ledger();
    try (var consensus = open(ledger)) {
      List<String> answered =
          together(
              300,
              () -> {
                String mine = "by " + Thread.currentThread().threadId();
                return mine + "=" + reply(consensus.propose(Ledger.command(mine)));
              });
      List<String> lines = ledger.lines();
      assertThat(answered)
          .allSatisfy(
              answer -> {
                String[] parts = answer.split("=");
                assertThat(lines.get(Integer.parseInt(parts[1]) - 1)).isEqualTo(parts[0]);
              });
    }
  }

  @Test
  void putsManyCallersIntoOneEntry() throws Exception {
    var ledger = new Ledger();
    try (var consensus = open(ledger)) {
      together(2000, () -> reply(consensus.propose(Ledger.command("x"))));
    }
    assertThat(ledger.batchSizes()).hasSizeLessThan(1000).allMatch(size -> size <= 256);
  }

  @Test
  void remembersAcknowledgedCommandsAfterARestart() throws IOException {
    var before = new Ledger();
    for (int start = 0; start < 3; start++) {
      try (var consensus = open(start == 0 ? before : new Ledger())) {
        reply(consensus.propose(Ledger.command("start " + start)));
      }
    }
    var after = new Ledger();
    try (var consensus = open(after)) {
      barrier(consensus);
      assertThat(after.lines()).containsExactly("start 0", "start 1", "start 2");
    }
  }

  @Test
  void replacesTheLogBySnapshots() throws Exception {
    String filling = "x".repeat(1000);
    List<String> expected = new ArrayList<>();
    long before;
    try (var consensus = open(new Ledger())) {
      for (int i = 0; i < 150; i++) {
        expected.add(i + filling);
        reply(consensus.propose(Ledger.command(i + filling)));
      }
      before = 150L;
    }
    for (int start = 0; start < 3; start++) {
      var ledger = new Ledger();
      try (var consensus = open(ledger)) {
        barrier(consensus);
        assertThat(ledger.lines()).isEqualTo(expected);
        assertThat(ledger.batchSizes().size()).isLessThan((int) before);
        expected.add("more " + start);
        assertThat(reply(consensus.propose(Ledger.command("more " + start))))
            .isEqualTo(expected.size());
      }
    }
    assertThat(logSize(folder)).isLessThan(before);
  }

  @Test
  void showsEveryAcknowledgedCommandBehindABarrier() throws Exception {
    var ledger = new Ledger();
    try (var consensus = open(ledger)) {
      Set<Boolean> seen =
          new HashSet<>(
              together(
                  200,
                  () -> {
                    long line = reply(consensus.propose(Ledger.command("x")));
                    barrier(consensus);
                    return ledger.size() >= line;
                  }));
      assertThat(seen).containsExactly(true);
    }
  }

  @Test
  void reachesABarrierBeforeTheFirstCommand() throws IOException {
    try (var consensus = open(new Ledger())) {
      barrier(consensus);
    }
  }

  @Test
  void leadsAGroupOfOneFromTheStart() throws IOException {
    try (var consensus = open(new Ledger())) {
      reply(consensus.propose(Ledger.command("x")));
      var status = consensus.status();
      assertThat(status.role()).isEqualTo(Role.LEADER);
      assertThat(status.leader()).contains(status.peers().getFirst());
      assertThat(status.leader().orElseThrow().id()).isEqualTo(status.id());
      assertThat(status.committedIndex()).isGreaterThanOrEqualTo(status.appliedIndex());
      assertThat(status.appliedIndex()).isNotNegative();
    }
  }

  @Test
  void refusesACommandThatIsTooLarge() throws IOException {
    try (var consensus = open(new Ledger())) {
      int max = ConsensusConfig.defaults().commandBytesMax();
      assertThat(reply(consensus.propose(new byte[max]))).isEqualTo(1);
      assertThatThrownBy(() -> consensus.propose(new byte[max + 1]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(String.valueOf(max));
    }
  }

  @Test
  void turnsCallersAwayWhenTheQueueIsFull() throws Exception {
    var config =
        ConsensusConfig.defaults()
            .withQueue(4, 1 << 20)
            .withBatching(new ConsensusConfig.Batching(1, 1, Duration.ofMillis(1), 1));
    var ledger = new Ledger();
    try (var consensus = Consensus.start(engine(folder), ledger, config)) {
      List<Outcome<Long>> outcomes = together(500, () -> consensus.propose(Ledger.command("x")));
      long applied = outcomes.stream().filter(o -> o instanceof Outcome.Applied).count();
      long overloaded = outcomes.stream().filter(o -> o instanceof Outcome.Overloaded).count();
      assertThat(applied).isPositive();
      assertThat(overloaded).isPositive();
      assertThat(applied + overloaded).isEqualTo(500);
      assertThat(ledger.lines()).hasSize((int) applied);
    }
  }

  @Test
  void stopsLoudlyWhenTheStateMachineThrows() throws Exception {
    var failure = new CompletableFuture<Throwable>();
    var ledger = new Ledger();
    var config = ConsensusConfig.defaults().withOnFailure(failure::complete);
    try (var consensus = Consensus.start(engine(folder), ledger, config)) {
      reply(consensus.propose(Ledger.command("good")));
      assertThat(consensus.propose(Ledger.command(Ledger.POISON)))
          .isInstanceOf(Outcome.Unknown.class);
      assertThat(failure.get(10, TimeUnit.SECONDS)).hasMessageContaining("poisoned");
      assertThat(consensus.propose(Ledger.command("after"))).isInstanceOf(Outcome.NotLeader.class);
      assertThat(consensus.barrier()).isInstanceOf(Barrier.NoLeader.class);
      assertThat(ledger.lines()).containsExactly("good");
    }
  }

  @Test
  void answersEveryCallerWhenItIsClosed() throws Exception {
    var ledger = new Ledger();
    var consensus = open(ledger);
    List<Outcome<Long>> outcomes;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running =
          LongStream.range(0, 200)
              .mapToObj(i -> threads.submit(() -> consensus.propose(Ledger.command("" + i))))
              .toList();
      consensus.close();
      outcomes = new ArrayList<>();
      for (var call : running) {
        outcomes.add(call.get(10, TimeUnit.SECONDS));
      }
    }
    consensus.close();
    assertThat(consensus.propose(new byte[1])).isInstanceOf(Outcome.NotLeader.class);
    assertThat(consensus.barrier()).isInstanceOf(Barrier.NoLeader.class);
    assertThat(consensus.status().peers()).isNotEmpty();
    var reopened = new Ledger();
    try (var again = open(reopened)) {
      barrier(again);
      Set<String> kept = Set.copyOf(reopened.lines());
      for (int i = 0; i < 200; i++) {
        if (outcomes.get(i) instanceof Outcome.Applied) {
          assertThat(kept).contains("" + i);
        }
      }
    }
  }
}
