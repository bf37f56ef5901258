package dev.muster.balancer.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// The line in front of a full cluster: order, bound, time, and no lost place.
class WaitingRoomTest {
  private final List<String> heard = new ArrayList<>();

  private WaitingRoom.Waiter waiter(String name) {
    return new WaitingRoom.Waiter() {
      @Override
      public void called() {
        heard.add(name);
      }

      @Override
      public void timedOut() {
        heard.add("late " + name);
      }
    };
  }

  @Test
  void firstComeFirstServed() {
    var room = new WaitingRoom(3, 100);
    assertThat(room.isEmpty()).isTrue();
    assertThat(room.enter(waiter("a"), 0)).isNotNull();
    WaitingRoom.Ticket second = room.enter(waiter("b"), 1);
    assertThat(room.enter(waiter("c"), 2)).isNotNull();
    assertThat(room.enter(waiter("d"), 3)).isNull();
    assertThat(room.refused()).isOne();
    assertThat(room.leave(second)).isTrue();
    assertThat(room.leave(second)).isFalse();
    assertThat(room.size()).isEqualTo(2);
    room.freed();
    room.freed();
    room.freed();
    assertThat(heard).containsExactly("a", "c");
    assertThat(room.isEmpty()).isTrue();
  }

  @Test
  void whoWasCalledInVainIsFirstAgain() {
    var room = new WaitingRoom(2, 100);
    WaitingRoom.Ticket first = room.enter(waiter("a"), 0);
    room.enter(waiter("b"), 5);
    room.freed();
    assertThat(room.leave(first)).isFalse();
    room.enterFirst(first);
    room.freed();
    room.freed();
    assertThat(heard).containsExactly("a", "a", "b");
    assertThat(first.enteredAt()).isZero();
  }

  @Test
  void nobodyWaitsLongerThanTheTime() {
    var room = new WaitingRoom(3, 100);
    room.enter(waiter("a"), 0);
    room.enter(waiter("b"), 50);
    room.expire(99);
    assertThat(heard).isEmpty();
    room.expire(100);
    assertThat(heard).containsExactly("late a");
    room.expire(150);
    room.freed();
    assertThat(heard).containsExactly("late a", "late b");
    assertThat(room.timedOut()).isEqualTo(2);
  }

  /// Threads with two places between them, each entering, leaving and being called at once: in the
  /// end everyone was served.
  @Test
  void noPlaceIsLost() throws Exception {
    int threads = 4;
    int requests = 3000;
    var places = new AtomicInteger(2);
    var served = new AtomicInteger();
    var room = new WaitingRoom(threads, Long.MAX_VALUE);
    try (var executor = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> done = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        done.add(
            executor.submit(
                () -> {
                  for (int i = 0; i < requests; i++) {
                    serve(room, places);
                    served.incrementAndGet();
                  }
                  return null;
                }));
      }
      for (Future<?> one : done) {
        one.get(60, TimeUnit.SECONDS);
      }
    }
    assertThat(served.get()).isEqualTo(threads * requests);
    assertThat(places.get()).isEqualTo(2);
    assertThat(room.isEmpty()).isTrue();
  }

  private static void serve(WaitingRoom room, AtomicInteger places) throws InterruptedException {
    if (!room.isEmpty() || !take(places)) {
      Queueing queueing = new Queueing();
      WaitingRoom.Ticket ticket = room.enter(queueing, 0);
      assertThat(ticket).isNotNull();
      boolean hasPlace = take(places);
      if (hasPlace && !room.leave(ticket)) {
        room.freed();
      }
      while (!hasPlace) {
        assertThat(queueing.called.await(30, TimeUnit.SECONDS)).isTrue();
        hasPlace = take(places);
        if (!hasPlace) {
          queueing.called = new CountDownLatch(1);
          room.enterFirst(ticket);
          // As after entering: a place may have become free in between.
          hasPlace = take(places);
          if (hasPlace && !room.leave(ticket)) {
            room.freed();
          }
        }
      }
    }
    places.incrementAndGet();
    room.freed();
  }

  private static boolean take(AtomicInteger places) {
    int before = places.get();
    while (before > 0) {
      int seen = places.compareAndExchange(before, before - 1);
      if (seen == before) {
        return true;
      }
      before = seen;
    }
    return false;
  }

  private static final class Queueing implements WaitingRoom.Waiter {
    volatile CountDownLatch called = new CountDownLatch(1);

    @Override
    public void called() {
      called.countDown();
    }

    @Override
    public void timedOut() {
      throw new IllegalStateException("no time passes here");
    }
  }
}
