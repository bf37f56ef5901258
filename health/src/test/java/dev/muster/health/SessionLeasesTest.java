package dev.muster.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.consensus.ConsensusConfig;
import dev.muster.consensus.testing.InMemoryEngine;
import dev.muster.health.SessionLeases.Renewal;
import dev.muster.registry.Command;
import dev.muster.registry.Registry;
import dev.muster.registry.Reply;
import dev.muster.registry.catalog.Node;
import dev.muster.registry.keys.KeyEntry;
import dev.muster.registry.session.Lock;
import dev.muster.registry.session.Session;
import dev.muster.registry.tree.WatchSet;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Sessions in a time that the test makes pass.
class SessionLeasesTest {
  private static final String ONE = "00000000-0000-0000-0000-000000000001";
  private static final String TWO = "00000000-0000-0000-0000-000000000002";
  private static final Duration TTL = Duration.ofSeconds(10);
  private static final Duration DELAY = Duration.ofSeconds(15);
  private static final Duration NANO = Duration.ofNanos(1);

  private final InMemoryEngine.Disk disk = new InMemoryEngine.Disk();
  private InMemoryEngine engine = new InMemoryEngine(disk, Integer.MAX_VALUE);

  /// Starts shortly before the clock overflows.
  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L);

  private Registry registry;
  private SessionLeases leases;

  @BeforeEach
  void start() throws IOException {
    registry = Registry.start(engine, ConsensusConfig.defaults());
    leases = SessionLeases.unticked(registry, clock::get, new Random(1));
    var node = new Node("n", "", "127.0.0.1", Map.of(), Map.of(), 0, 0);
    registry.submit(new Command.Register("n", node, null, List.of(), false));
  }

  @AfterEach
  void close() {
    leases.close();
    registry.close();
  }

  private void create(String id, Duration ttl) {
    Session.Ttl lease = ttl.isZero() ? null : new Session.Ttl(ttl.toString(), ttl);
    var definition =
        new Session.Definition(
            "", "n", DELAY, Session.Behavior.RELEASE, lease, List.of(), List.of());
    Reply reply = registry.submit(new Command.CreateSession(new Session(id, definition, 0, 0)));
    assertThat(reply).isInstanceOf(Reply.Done.class);
  }

  private boolean exists(String id) {
    return registry.localView().sessions().session(id).isPresent();
  }

  private void pass(Duration time) {
    clock.addAndGet(time.toNanos());
    leases.tick();
  }

  private boolean lock(String key, String id) {
    var acquire = new Lock.Acquire(id, leases.passedDelay(key));
    return registry.submit(new Command.PutKey(key, null, 0, null, acquire)) instanceof Reply.Done;
  }

  private void restart() throws IOException {
    leases.close();
    registry.close();
    engine = new InMemoryEngine(disk, Integer.MAX_VALUE);
    registry = Registry.start(engine, ConsensusConfig.defaults());
    leases = SessionLeases.unticked(registry, clock::get, new Random(2));
  }

  @Test
  void aSessionExpiresAtTwiceItsTtlAndNotBefore() {
    create(ONE, TTL);
    create(TWO, TTL.multipliedBy(2));
    pass(TTL.multipliedBy(2).minus(NANO));
    assertThat(exists(ONE)).isTrue();
    pass(NANO);
    assertThat(exists(ONE)).isFalse();
    assertThat(exists(TWO)).isTrue();
    assertThat(leases.renew(ONE)).isEqualTo(new Renewal.Unknown());
    pass(TTL.multipliedBy(2));
    assertThat(exists(TWO)).isFalse();
  }

  @Test
  void renewalsKeepASessionAndWriteNothing() {
    create(ONE, TTL);
    int written = disk.size();
    for (int i = 0; i < 10; i++) {
      pass(TTL);
      assertThat(leases.renew(ONE)).isInstanceOf(Renewal.Renewed.class);
    }
    assertThat(disk.size()).isEqualTo(written);
    pass(TTL.multipliedBy(2).minus(NANO));
    assertThat(exists(ONE)).isTrue();
    pass(NANO);
    assertThat(exists(ONE)).isFalse();
  }

  /// The end comes between the look at the registry and the lock.
  @Test
  @Timeout(30)
  void aSessionThatEndsWhileItIsRenewedIsUnknown() throws Exception {
    create(ONE, TTL);
    var renewal = new FutureTask<>(() -> leases.renew(ONE));
    var renews = new Thread(renewal);
    var ends = new Thread(() -> registry.submit(new Command.DestroySession(ONE)));
    synchronized (leases) {
      renews.start();
      while (renews.getState() != Thread.State.BLOCKED) {
        Thread.onSpinWait();
      }
      ends.start();
      while (exists(ONE)) {
        Thread.onSpinWait();
      }
    }
    assertThat(renewal.get()).isEqualTo(new Renewal.Unknown());
    ends.join();
  }

  @Test
  void aSessionWithoutATtlLives() {
    create(ONE, Duration.ZERO);
    pass(Duration.ofDays(1000));
    assertThat(leases.renew(ONE)).isInstanceOf(Renewal.Renewed.class);
    assertThat(leases.renew(TWO)).isEqualTo(new Renewal.Unknown());
  }

  @Test
  void whoTakesOverCountsFromTheStart() throws IOException {
    create(ONE, TTL);
    pass(TTL.multipliedBy(2).minus(NANO));
    restart();
    pass(TTL.multipliedBy(2).minus(NANO));
    assertThat(exists(ONE)).isTrue();
    pass(NANO);
    assertThat(exists(ONE)).isFalse();
  }

  @Test
  void whoLeadsNoMoreCountsNoMore() {
    create(ONE, TTL);
    engine.demote();
    pass(TTL.multipliedBy(3));
    assertThat(exists(ONE)).isTrue();
  }

  /// The other one may have been told of a renewal that is not known here.
  @Test
  void whoWasReplacedEndsNoSession() {
    create(ONE, TTL);
    registry.submit(new Command.KeepSessions(42));
    assertThat(leases.renew(ONE)).isEqualTo(new Renewal.NotCounting());
    pass(TTL.multipliedBy(2));
    assertThat(exists(ONE)).isTrue();
    pass(Duration.ZERO); // leads still, so it takes over
    assertThat(leases.renew(ONE)).isInstanceOf(Renewal.Renewed.class);
    pass(TTL.multipliedBy(2));
    assertThat(exists(ONE)).isFalse();
  }

  @Test
  void aKeyCanBeLockedWhenItsDelayIsOver() {
    create(ONE, TTL);
    create(TWO, Duration.ZERO);
    assertThat(lock("k", ONE)).isTrue();
    pass(TTL.multipliedBy(2));
    assertThat(exists(ONE)).isFalse();
    assertThat(lock("k", TWO)).isFalse();
    pass(DELAY.minus(NANO));
    assertThat(lock("k", TWO)).isFalse();
    pass(NANO);
    assertThat(lock("k", TWO)).isTrue();
  }

  @Test
  void aDelayIsNeverShorterForARestart() throws IOException {
    create(ONE, Duration.ZERO);
    create(TWO, Duration.ZERO);
    lock("k", ONE);
    registry.submit(new Command.DestroySession(ONE));
    pass(DELAY.minus(NANO));
    restart();
    pass(DELAY.minus(NANO));
    assertThat(lock("k", TWO)).isFalse();
    pass(NANO);
    assertThat(lock("k", TWO)).isTrue();
  }

  @Test
  void delaysOfKeysThatNobodyLocksAgainAreThrownAway() {
    create(ONE, Duration.ZERO);
    lock("k", ONE);
    registry.submit(new Command.DestroySession(ONE));
    pass(Duration.ZERO);
    pass(Session.LOCK_DELAY_MAX);
    assertThat(registry.localView().sessions().lockDelay("k")).isPresent();
    pass(NANO);
    assertThat(registry.localView().sessions().lockDelay("k")).isEmpty();
    int written = disk.size();
    pass(Session.LOCK_DELAY_MAX.multipliedBy(3));
    assertThat(disk.size()).as("nothing more to do").isEqualTo(written);
  }

  /// Held against a model: a session lives if and only if its last renewal is less than twice its
  /// TTL ago, and what was acknowledged is never undone.
  @RepeatedTest(5)
  void expiryFollowsTheLastRenewal(RepetitionInfo seed) {
    var random = new Random(seed.getCurrentRepetition());
    long[] renewed = new long[20];
    Duration[] ttls = new Duration[renewed.length];
    for (int step = 0; step < 400; step++) {
      int number = random.nextInt(renewed.length);
      String id = "00000000-0000-0000-0000-%012d".formatted(number);
      if (ttls[number] == null) {
        ttls[number] = Duration.ofSeconds(10 + random.nextInt(50));
        create(id, ttls[number]);
        renewed[number] = clock.get();
      } else if (random.nextInt(10) == 0) {
        registry.submit(new Command.DestroySession(id));
        ttls[number] = null;
      } else {
        assertThat(leases.renew(id)).isInstanceOf(Renewal.Renewed.class);
        renewed[number] = clock.get();
      }
      pass(Duration.ofMillis(random.nextInt(6_000)));
      for (int i = 0; i < renewed.length; i++) {
        if (ttls[i] == null) {
          continue;
        }
        boolean lives = clock.get() - renewed[i] < 2 * ttls[i].toNanos();
        String each = "00000000-0000-0000-0000-%012d".formatted(i);
        assertThat(exists(each)).as("step %d, session %d", step, i).isEqualTo(lives);
        if (!lives) {
          ttls[i] = null;
        }
      }
    }
  }

  @Test
  void theLockedKeyIsFreedWithItsSession() {
    create(ONE, TTL);
    lock("k", ONE);
    pass(TTL.multipliedBy(2));
    KeyEntry entry = registry.localView().keys().key("k", new WatchSet()).value().orElseThrow();
    assertThat(entry.session()).isEmpty();
    assertThat(entry.lockIndex()).isEqualTo(1);
  }
}
