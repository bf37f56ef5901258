package dev.muster.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BarrierRoundsTest {

  private final AtomicInteger rounds = new AtomicInteger();
  private final CountDownLatch firstRuns = new CountDownLatch(1);
  private final CountDownLatch firstMayEnd = new CountDownLatch(1);

  private Barrier slowFirstRound(Duration timeout) throws InterruptedException {
    if (rounds.incrementAndGet() == 1) {
      firstRuns.countDown();
      firstMayEnd.await();
    }
    return new Barrier.Reached();
  }

  private static void untilWaiting(List<Thread> threads) {
    while (threads.stream().anyMatch(t -> t.getState() != Thread.State.TIMED_WAITING)) {
      Thread.onSpinWait();
    }
  }

  @Test
  void oneRoundServesAllWhoWaitedForItToStart() throws Exception {
    var barriers = new BarrierRounds(Duration.ofSeconds(20), this::slowFirstRound);
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Barrier> first = callers.submit(barriers::await);
      firstRuns.await();
      AtomicInteger reached = new AtomicInteger();
      List<Thread> others =
          IntStream.range(0, 100)
              .mapToObj(
                  _ ->
                      Thread.ofVirtual()
                          .start(
                              () -> {
                                try {
                                  if (barriers.await() instanceof Barrier.Reached) {
                                    reached.incrementAndGet();
                                  }
                                } catch (InterruptedException _) {
                                  Thread.currentThread().interrupt();
                                }
                              }))
              .toList();
      untilWaiting(others);
      assertThat(reached).as("none may use a round that began before it came").hasValue(0);
      firstMayEnd.countDown();
      assertThat(first.get()).isEqualTo(new Barrier.Reached());
      for (Thread other : others) {
        other.join();
      }
      assertThat(reached).hasValue(100);
      assertThat(rounds).hasValue(2);
    }
  }

  @Test
  void whoGivesUpLeavesTheRoundToOthers() throws Exception {
    var barriers = new BarrierRounds(Duration.ofMillis(30), this::slowFirstRound);
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Barrier> first = callers.submit(barriers::await);
      firstRuns.await();
      assertThat(barriers.await()).isEqualTo(new Barrier.TimedOut());
      firstMayEnd.countDown();
      assertThat(first.get()).isEqualTo(new Barrier.Reached());
      assertThat(barriers.await()).isEqualTo(new Barrier.Reached());
    }
  }

  @Test
  void aRoundThatFailsDoesNotBlockTheNext() throws InterruptedException {
    var barriers =
        new BarrierRounds(
            Duration.ofSeconds(20),
            _ -> {
              if (rounds.incrementAndGet() == 1) {
                throw new IllegalStateException("on purpose");
              }
              return new Barrier.Reached();
            });
    org.assertj.core.api.Assertions.assertThatThrownBy(barriers::await)
        .isInstanceOf(IllegalStateException.class);
    assertThat(barriers.await()).isEqualTo(new Barrier.Reached());
  }
}
