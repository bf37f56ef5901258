package dev.muster.balancer.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Counting and measuring, alone and by many threads at once; and picks that allocate nothing.
class LoadTest {
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1000 * MILLI;

  private static void answer(Load load, long latency, long now) {
    load.begin();
    load.end(now - latency, now);
  }

  @Test
  void oneSlowRequestAloneSaysNothing() {
    var load = new Load();
    answer(load, 900 * MILLI, SECOND);
    assertThat(load.latency(SECOND)).isZero();
    answer(load, 2 * MILLI, SECOND);
    assertThat(load.latency(SECOND)).isEqualTo(2 * MILLI);
    answer(load, 900 * MILLI, SECOND);
    assertThat(load.latency(SECOND)).isEqualTo(2 * MILLI);
    answer(load, 500 * MILLI, SECOND);
    assertThat(load.latency(SECOND)).isEqualTo(500 * MILLI);
  }

  @Test
  void forgetsAQuarterByEveryFasterRequest() {
    var load = new Load();
    answer(load, 100 * MILLI, SECOND);
    answer(load, 100 * MILLI, SECOND);
    answer(load, 20 * MILLI, SECOND);
    assertThat(load.latency(SECOND)).isCloseTo(80 * MILLI, within(1.0 * MILLI));
    answer(load, 20 * MILLI, SECOND);
    assertThat(load.latency(SECOND)).isCloseTo(65 * MILLI, within(1.0 * MILLI));
  }

  @Test
  void halvesEveryTenSecondsOfSilence() {
    var load = new Load();
    answer(load, 100 * MILLI, SECOND);
    answer(load, 100 * MILLI, SECOND);
    assertThat(load.latency(11 * SECOND)).isCloseTo(100.0 * MILLI, within(1.0 * MILLI));
    assertThat(load.latency(16 * SECOND)).isCloseTo(75.0 * MILLI, within(1.0 * MILLI));
    assertThat(load.latency(21 * SECOND)).isCloseTo(50.0 * MILLI, within(1.0 * MILLI));
    assertThat(load.latency(31 * SECOND)).isCloseTo(25.0 * MILLI, within(1.0 * MILLI));
    assertThat(load.latency(10_000_000 * SECOND)).isEqualTo(1);
  }

  @Test
  void costsTheLatencyTimesOneMoreThanInFlight() {
    var load = new Load();
    assertThat(load.cost(0)).isEqualTo(MILLI);
    load.begin();
    load.begin();
    assertThat(load.cost(0)).isEqualTo(3 * MILLI);
    load.abandon();
    load.end(SECOND - 5 * MILLI, SECOND);
    answer(load, 5 * MILLI, SECOND);
    load.begin();
    assertThat(load.cost(SECOND)).isEqualTo(10 * MILLI);
  }

  @Test
  void manyThreadsNeitherLoseCountNorPassTheLimit() throws Exception {
    int threads = 4;
    int limit = 3;
    int rounds = 50_000;
    var load = new Load();
    var most = new AtomicInteger();
    var begun = new AtomicInteger();
    var start = new CountDownLatch(1);
    try (var executor = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> done = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        done.add(
            executor.submit(
                () -> {
                  start.await();
                  for (int i = 0; i < rounds; i++) {
                    if (load.tryBegin(limit)) {
                      begun.incrementAndGet();
                      most.accumulateAndGet(load.active(), Math::max);
                      load.end(i, i + 1000);
                    }
                  }
                  return null;
                }));
      }
      start.countDown();
      for (Future<?> one : done) {
        one.get(60, TimeUnit.SECONDS);
      }
    }
    assertThat(load.active()).isZero();
    assertThat(most.get()).isBetween(1, limit);
    assertThat(begun.get()).isGreaterThan(rounds);
    assertThat(load.latency(rounds)).isEqualTo(1000);
  }

  @Test
  void picksAllocateNothing() {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (Algorithm algorithm : Algorithm.values()) {
      Policy policy = Policy.of(algorithm).withZone("x").withLoadFactor(1.25);
      List<Member> members = new ArrayList<>(RoundRobinTest.members(3, 1, 2, 5, 1));
      members.set(1, members.get(1).withPlace(0, "x"));
      members.set(2, members.get(2).withPlace(0, "x"));
      Members cluster = Members.of(members, policy, 1, null);
      var asking = new Asking(4);
      byte[] key = {1, 2, 3, 4};
      long allocated = Long.MAX_VALUE;
      // The first rounds include what the interpreter and the compilers do.
      for (int round = 0; round < 5 && allocated > 100_000; round++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        pickMany(cluster, asking, algorithm, key);
        allocated = threads.getCurrentThreadAllocatedBytes() - before;
      }
      // Less than an octet per pick.
      assertThat(allocated).as(algorithm.name()).isLessThan(100_000);
    }
  }

  private static void pickMany(Members cluster, Asking asking, Algorithm algorithm, byte[] key) {
    for (int i = 0; i < 100_000; i++) {
      key[0] = (byte) i;
      key[1] = (byte) (i >> 8);
      asking.hash = algorithm.hash(key, 0, 4);
      Load load = cluster.members().get(cluster.picker(0).pick(asking)).load();
      load.begin();
      asking.now += 1000;
      load.end(asking.now - 500, asking.now);
    }
  }
}
