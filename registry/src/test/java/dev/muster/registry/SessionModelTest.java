package dev.muster.registry;

import static dev.muster.registry.Machine.check;
import static dev.muster.registry.Machine.checks;
import static dev.muster.registry.Machine.node;
import static dev.muster.registry.Machine.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.catalog.Check;
import dev.muster.registry.keys.KeyEntry;
import dev.muster.registry.session.LockDelay;
import dev.muster.registry.session.Session;
import dev.muster.registry.transaction.KeyVerb;
import dev.muster.registry.transaction.Operation;
import dev.muster.registry.tree.WatchSet;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/// Random commands about sessions, checks, nodes and keys, held against a model of two maps: who
/// holds which key, and which keys cannot be locked.
class SessionModelTest {
  private static final List<String> NODES = List.of("n0", "n1");
  private static final List<String> KEYS = List.of("k0", "k1", "k2", "k3");

  private final Machine machine = new Machine();
  private final Map<String, Session> sessions = new HashMap<>();
  private final Map<String, String> holders = new HashMap<>();
  private final Map<String, Long> delayedSince = new HashMap<>();
  private final Map<String, Long> lockIndexes = new HashMap<>();
  private Random random = new Random(0);

  @RepeatedTest(20)
  void locksAreWhatTheModelSays(RepetitionInfo seed) {
    random = new Random(seed.getCurrentRepetition());
    for (int step = 0; step < 600; step++) {
      act();
      verify("seed %d, step %d".formatted(seed.getCurrentRepetition(), step));
    }
    machine.restore(machine.snapshot());
    verify("restored");
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private String id() {
    return "00000000-0000-0000-0000-%012d".formatted(random.nextInt(8));
  }

  private void act() {
    String node = any(NODES);
    String check = "c" + random.nextInt(2);
    switch (random.nextInt(14)) {
      case 0 -> machine.apply(node(node));
      case 1, 2 -> machine.apply(checks(node, check(node, check, "", Check.Status.PASSING)));
      case 3 -> report(node, check);
      case 4 -> {
        machine.apply(new Command.Deregister(node, "", check, ""));
        endIf(it -> it.definition().node().equals(node) && it.checks().contains(check));
      }
      case 5 -> {
        if (random.nextInt(4) == 0) {
          machine.apply(new Command.Deregister(node, "", "", ""));
          endIf(it -> it.definition().node().equals(node));
        }
      }
      case 6, 7 -> create(node, check);
      case 8 -> {
        String id = id();
        machine.apply(new Command.DestroySession(id));
        endIf(it -> it.id().equals(id));
      }
      case 9 -> delete(any(KEYS));
      case 10 -> release(any(KEYS), id());
      case 11 -> transaction();
      default -> acquire(any(KEYS), id());
    }
  }

  private void report(String node, String check) {
    Check.Status status = Check.Status.values()[random.nextInt(3)];
    Reply reply = machine.apply(new Command.Report(node, check, status, ""));
    if (reply instanceof Reply.Done && status == Check.Status.CRITICAL) {
      endIf(it -> it.definition().node().equals(node) && it.checks().contains(check));
    }
  }

  private void create(String node, String check) {
    var behavior = random.nextBoolean() ? Session.Behavior.RELEASE : Session.Behavior.DELETE;
    Duration delay = random.nextBoolean() ? Duration.ZERO : Duration.ofSeconds(1);
    String[] linked = random.nextBoolean() ? new String[] {check} : new String[0];
    var create = Machine.session(id(), node, behavior, delay, linked);
    if (machine.apply(create) instanceof Reply.Done) {
      sessions.put(create.session().id(), create.session());
    }
  }

  private void acquire(String key, String id) {
    long stamp = delayedSince.getOrDefault(key, 0L);
    long passed = random.nextBoolean() ? stamp : stamp - 1;
    String value = Integer.toString(random.nextInt(3));
    Reply reply = machine.apply(Machine.acquire(key, value, id, passed));
    String holder = holders.get(key);
    if (!sessions.containsKey(id)) {
      assertThat(reply).isInstanceOf(Reply.Refused.class);
    } else if (holder != null && !holder.equals(id)) {
      assertThat(reply).isInstanceOf(Reply.Unmet.class);
    } else if (holder == null && delayedSince.containsKey(key) && passed != stamp) {
      assertThat(reply).as("within the delay").isInstanceOf(Reply.Unmet.class);
    } else {
      assertThat(reply).isInstanceOf(Reply.Done.class);
      holders.put(key, id);
      delayedSince.remove(key);
    }
  }

  private void release(String key, String id) {
    Reply reply = machine.apply(Machine.release(key, "r", id));
    boolean holds = id.equals(holders.get(key));
    assertThat(reply instanceof Reply.Done).isEqualTo(holds);
    if (holds) {
      holders.remove(key);
    }
  }

  private void delete(String key) {
    machine.apply(new Command.DeleteKey(key, null));
    holders.remove(key);
    lockIndexes.remove(key);
  }

  /// Ends a session and writes, and half of the times fails in the end: then nothing happened.
  private void transaction() {
    String id = id();
    boolean fails = random.nextBoolean();
    Reply reply =
        machine.apply(
            new Command.Transaction(
                List.of(
                    new Operation.DestroySession(id),
                    new Operation.OnKey(KeyVerb.SET, "k0", null, random.nextInt(3), 0, "", 0),
                    new Operation.OnKey(
                        fails ? KeyVerb.GET : KeyVerb.CHECK_NOT_EXISTS,
                        "nope",
                        null,
                        0,
                        0,
                        "",
                        0))));
    assertThat(reply instanceof Reply.Failed).isEqualTo(fails);
    if (!fails) {
      endIf(it -> it.id().equals(id));
    }
  }

  private void endIf(Predicate<Session> ends) {
    for (Session session : List.copyOf(sessions.values())) {
      if (!ends.test(session)) {
        continue;
      }
      sessions.remove(session.id());
      for (String key : KEYS) {
        if (session.id().equals(holders.get(key))) {
          holders.remove(key);
          if (session.definition().behavior() == Session.Behavior.DELETE) {
            lockIndexes.remove(key);
          }
          if (session.definition().lockDelay().isPositive()) {
            delayedSince.put(key, machine.index());
          }
        }
      }
    }
  }

  private void verify(String when) {
    View view = machine.view();
    assertThat(view.sessions().all(new WatchSet()).value())
        .as(when)
        .extracting(Session::id)
        .containsExactlyInAnyOrderElementsOf(sessions.keySet());
    for (String key : KEYS) {
      Optional<KeyEntry> entry = view.keys().key(key, new WatchSet()).value();
      String holder = entry.map(KeyEntry::session).filter(it -> !it.isEmpty()).orElse(null);
      assertThat(holder).as("%s: holder of %s", when, key).isEqualTo(holders.get(key));
      long lockIndex = entry.map(KeyEntry::lockIndex).orElse(0L);
      assertThat(lockIndex).as(when).isGreaterThanOrEqualTo(lockIndexes.getOrDefault(key, 0L));
      entry.ifPresent(_ -> lockIndexes.put(key, lockIndex));
      assertThat(view.sessions().lockDelay(key).map(LockDelay::index))
          .as("%s: delay of %s", when, key)
          .isEqualTo(Optional.ofNullable(delayedSince.get(key)));
    }
    for (String id : sessions.keySet()) {
      List<String> held = KEYS.stream().filter(key -> id.equals(holders.get(key))).toList();
      assertThat(view.keys().locked().under(id)).as(when).containsExactlyElementsOf(held);
    }
    assertThat(view.keys().locked().size()).as(when).isEqualTo(holders.size());
    assertThat(view.sessions().byNode().size()).as(when).isEqualTo(sessions.size());
  }

  /// A write that any reader may make at any time changes no lock.
  @RepeatedTest(3)
  void plainWritesLeaveLocksAlone(RepetitionInfo seed) {
    random = new Random(1000 + seed.getCurrentRepetition());
    for (int step = 0; step < 200; step++) {
      act();
      machine.apply(put(any(KEYS), Integer.toString(random.nextInt())));
      verify("step " + step);
    }
  }
}
