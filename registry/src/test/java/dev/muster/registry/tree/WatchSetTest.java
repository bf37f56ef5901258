package dev.muster.registry.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class WatchSetTest {
  private static final long LONG = TimeUnit.SECONDS.toNanos(15);

  private final Watch one = new Watch();
  private final Watch two = new Watch();
  private final WatchSet both = new WatchSet();

  WatchSetTest() {
    both.add(one);
    both.add(two);
  }

  /// Waits on a thread of its own until both watches have a waiter.
  private FutureTask<Boolean> waiting(Thread.Builder threads, Thread[] started)
      throws InterruptedException {
    var task = new FutureTask<>(() -> both.await(LONG));
    started[0] = threads.start(task);
    while (!two.isWatched()) {
      Thread.onSpinWait();
    }
    return task;
  }

  @Test
  void anyOfItsWatchesWakesIt() throws Exception {
    FutureTask<Boolean> task = waiting(Thread.ofVirtual(), new Thread[1]);
    two.fire();
    assertThat(task.get()).isTrue();
    assertThat(one.isWatched()).isFalse();
    assertThat(two.isWatched()).isFalse();
  }

  @Test
  void aWatchThatFiredBeforeTheWaitCounts() throws InterruptedException {
    two.fire();
    assertThat(both.await(LONG)).isTrue();
    assertThat(one.isWatched()).isFalse();
  }

  @Test
  void leavesNoWaiterBehindWhenTheTimeIsOver() throws InterruptedException {
    assertThat(both.await(1)).isFalse();
    assertThat(one.isWatched()).isFalse();
    assertThat(two.isWatched()).isFalse();
  }

  @Test
  void leavesNoWaiterBehindWhenInterrupted() throws Exception {
    Thread[] thread = new Thread[1];
    FutureTask<Boolean> task = waiting(Thread.ofVirtual(), thread);
    thread[0].interrupt();
    thread[0].join();
    assertThat(task.state()).isEqualTo(FutureTask.State.FAILED);
    assertThat(task.exceptionNow()).isInstanceOf(InterruptedException.class);
    assertThat(one.isWatched()).isFalse();
    assertThat(two.isWatched()).isFalse();
  }

  @Test
  void manyWaitersAreAllWoken() throws InterruptedException {
    int waiters = 200;
    var woken = new CountDownLatch(waiters);
    for (int i = 0; i < waiters; i++) {
      var set = new WatchSet();
      set.add(one);
      Thread.startVirtualThread(
          () -> {
            try {
              if (set.await(LONG)) {
                woken.countDown();
              }
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
    }
    one.fire();
    assertThat(woken.await(10, TimeUnit.SECONDS)).isTrue();
  }
}
