package dev.muster.registry;

import static dev.muster.registry.Machine.check;
import static dev.muster.registry.Machine.checks;
import static dev.muster.registry.Machine.node;
import static dev.muster.registry.Machine.put;
import static dev.muster.registry.Machine.service;
import static dev.muster.registry.Machine.session;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.Probe;
import dev.muster.registry.keys.KeyEntry;
import dev.muster.registry.session.LockDelay;
import dev.muster.registry.session.Session;
import dev.muster.registry.session.Session.Behavior;
import dev.muster.registry.tree.WatchSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What begins a session, what ends it, and what becomes of the keys it holds.
class SessionsTest {
  private static final String ONE = "00000000-0000-0000-0000-000000000001";
  private static final String TWO = "00000000-0000-0000-0000-000000000002";
  private static final Duration DELAY = Duration.ofSeconds(15);

  private final Machine machine = new Machine();

  @BeforeEach
  void aNodeWithAChecks() {
    machine.apply(node("n1"));
    machine.apply(checks("n1", check("n1", "alive", "", Check.Status.PASSING)));
  }

  private Reply create(String id, Behavior behavior, Duration delay, String... checks) {
    return machine.apply(session(id, "n1", behavior, delay, checks));
  }

  private boolean exists(String id) {
    return machine.view().sessions().session(id).isPresent();
  }

  private Optional<KeyEntry> find(String key) {
    return machine.view().keys().key(key, new WatchSet()).value();
  }

  private KeyEntry entry(String key) {
    return find(key).orElseThrow();
  }

  private Reply acquire(String key, String session) {
    return machine.apply(Machine.acquire(key, "v", session, 0));
  }

  private void assertDone(Reply reply) {
    assertThat(reply).isEqualTo(new Reply.Done(machine.index()));
  }

  @Test
  void aSessionNeedsItsNodeAndHealthyChecks() {
    assertThat(machine.apply(session(ONE, "n2", Behavior.RELEASE, DELAY)))
        .isEqualTo(new Reply.Refused("Missing node registration"));
    assertThat(create(ONE, Behavior.RELEASE, DELAY, "alive", "nope"))
        .isEqualTo(new Reply.Refused("Missing check 'nope' registration"));
    machine.apply(checks("n1", check("n1", "ill", "", Check.Status.CRITICAL)));
    assertThat(create(ONE, Behavior.RELEASE, DELAY, "ill"))
        .isEqualTo(new Reply.Refused("Check 'ill' is in critical state"));
    assertThat(exists(ONE)).isFalse();
    assertDone(create(ONE, Behavior.RELEASE, DELAY, "alive"));
    assertThat(create(ONE, Behavior.RELEASE, DELAY)).isInstanceOf(Reply.Refused.class);
    Session session = machine.view().sessions().session(ONE).orElseThrow();
    assertThat(session.createIndex()).isEqualTo(session.modifyIndex()).isEqualTo(7);
  }

  @Test
  void aLockHasOneHolderAndCountsItsHolders() {
    create(ONE, Behavior.RELEASE, DELAY);
    create(TWO, Behavior.RELEASE, DELAY);
    assertDone(acquire("k", ONE));
    assertThat(acquire("k", TWO)).isEqualTo(new Reply.Unmet());
    assertThat(entry("k").session()).isEqualTo(ONE);
    assertThat(entry("k").lockIndex()).isEqualTo(1);
    long locked = entry("k").modifyIndex();

    assertDone(acquire("k", ONE));
    assertThat(entry("k").modifyIndex()).as("the same again").isEqualTo(locked);
    assertDone(machine.apply(Machine.acquire("k", "other", ONE, 0)));
    assertThat(entry("k").lockIndex()).as("still the same holder").isEqualTo(1);
    assertThat(entry("k").value()).asString().isEqualTo("other");

    assertThat(machine.apply(Machine.release("k", "x", TWO))).isEqualTo(new Reply.Unmet());
    assertDone(machine.apply(Machine.release("k", "bye", ONE)));
    assertThat(entry("k").session()).isEmpty();
    assertThat(entry("k").value()).asString().isEqualTo("bye");
    assertThat(entry("k").lockIndex()).isEqualTo(1);
    assertDone(acquire("k", TWO));
    assertThat(entry("k").lockIndex()).as("the fencing token").isEqualTo(2);
  }

  @Test
  void sessionsAreNamedInAnyCase() {
    String id = "aaaaaaaa-0000-0000-0000-000000000001";
    create(id, Behavior.RELEASE, DELAY);
    assertDone(acquire("k", id.toUpperCase(Locale.ROOT)));
    assertThat(entry("k").session()).isEqualTo(id);
  }

  @Test
  void whoHasNoSessionLocksNothing() {
    assertThat(acquire("k", TWO)).isEqualTo(new Reply.Refused("invalid session \"" + TWO + "\""));
    assertThat(acquire("k", "zz"))
        .isEqualTo(
            new Reply.Refused("failed session lookup: index error: UUID must be 36 characters"));
    assertThat(acquire("k", "")).isEqualTo(new Reply.Refused("missing session"));
    assertThat(find("k")).isEmpty();
  }

  @Test
  void aPlainWriteIgnoresTheLockAndADeletionDropsIt() {
    create(ONE, Behavior.RELEASE, DELAY);
    create(TWO, Behavior.RELEASE, DELAY);
    acquire("k", ONE);
    assertDone(machine.apply(put("k", "written")));
    assertThat(entry("k").session()).isEqualTo(ONE);
    machine.apply(new Command.DeleteKey("k", null));
    assertDone(acquire("k", TWO));
    machine.apply(new Command.DestroySession(ONE));
    assertThat(entry("k").session()).as("no longer the first one's").isEqualTo(TWO);
  }

  @Test
  void aSessionThatEndsReleasesOrDeletesWhatItHolds() {
    create(ONE, Behavior.RELEASE, DELAY);
    create(TWO, Behavior.DELETE, DELAY);
    acquire("a", ONE);
    acquire("b", TWO);
    acquire("c", TWO);
    machine.apply(Machine.release("c", "v", TWO));
    machine.apply(put("d", "v"));
    assertDone(machine.apply(new Command.DestroySession(ONE)));
    assertThat(entry("a").session()).isEmpty();
    assertThat(entry("a").modifyIndex()).isEqualTo(machine.index());
    assertDone(machine.apply(new Command.DestroySession(TWO)));
    assertThat(find("b")).isEmpty();
    assertThat(find("c")).as("unlocked before").isPresent();
    assertThat(find("d")).isPresent();
    assertDone(machine.apply(new Command.DestroySession(TWO)));
  }

  /// Each in the same command that takes away what the session hangs on.
  @Test
  void aSessionEndsWithWhatItHangsOn() {
    List<Command> ends =
        List.of(
            new Command.Report("n1", "alive", Check.Status.CRITICAL, ""),
            new Command.Deregister("n1", "", "alive", ""),
            new Command.Deregister("N1", "", "", ""),
            checks("n1", check("n1", "alive", "", Check.Status.CRITICAL, new Probe.None())));
    for (Command end : ends) {
      machine.apply(node("n1"));
      var healthy = check("n1", "alive", "", Check.Status.PASSING, new Probe.None());
      machine.apply(checks("n1", healthy));
      machine.apply(new Command.EndLockDelays(machine.index()));
      create(ONE, Behavior.RELEASE, DELAY, "alive");
      create(TWO, Behavior.RELEASE, DELAY);
      acquire("k", ONE);
      machine.apply(new Command.Report("n1", "alive", Check.Status.WARNING, ""));
      assertThat(exists(ONE)).as("a warning ends nothing").isTrue();
      machine.apply(end);
      assertThat(exists(ONE)).as(end.toString()).isFalse();
      assertThat(entry("k").session()).isEmpty();
      assertThat(entry("k").modifyIndex()).isEqualTo(machine.index());
      boolean nodeIsGone = machine.view().catalog().node("n1").isEmpty();
      assertThat(exists(TWO)).isEqualTo(!nodeIsGone);
      machine.apply(new Command.DestroySession(TWO));
    }
  }

  @Test
  void aServiceTakesItsChecksAndTheirSessionsAlong() {
    machine.apply(service("n1", "web1", "web", check("n1", "c", "web1", Check.Status.PASSING)));
    create(ONE, Behavior.DELETE, DELAY, "c");
    acquire("k", ONE);
    machine.apply(new Command.Deregister("n1", "web1", "", ""));
    assertThat(exists(ONE)).isFalse();
    assertThat(find("k")).isEmpty();
  }

  @Test
  void aCheckThatMovesToAServiceIsStillThere() {
    machine.apply(service("n1", "web1", "web"));
    create(ONE, Behavior.RELEASE, DELAY, "alive");
    machine.apply(checks("n1", check("n1", "alive", "web1", Check.Status.PASSING)));
    assertThat(exists(ONE)).isTrue();
  }

  @Test
  void aKeyCannotBeLockedUntilAServerSawItsDelayEnd() {
    create(ONE, Behavior.RELEASE, DELAY);
    create(TWO, Behavior.RELEASE, DELAY);
    acquire("k", ONE);
    machine.apply(new Command.DestroySession(ONE));
    long began = machine.index();
    assertThat(machine.view().sessions().lockDelay("k")).contains(new LockDelay("k", began, DELAY));

    assertThat(acquire("k", TWO)).isEqualTo(new Reply.Unmet());
    assertThat(machine.apply(Machine.acquire("k", "v", TWO, began - 1)))
        .as("the end of another delay")
        .isEqualTo(new Reply.Unmet());
    assertThat(acquire("k", ONE)).as("the session is gone").isInstanceOf(Reply.Refused.class);
    assertDone(machine.apply(put("k", "anybody may write")));
    assertDone(machine.apply(Machine.acquire("k", "v", TWO, began)));
    assertThat(machine.view().sessions().lockDelay("k")).isEmpty();
    machine.apply(Machine.release("k", "v", TWO));
    assertDone(acquire("k", TWO));
  }

  @Test
  void whoUnlocksLeavesNoDelay() {
    create(ONE, Behavior.RELEASE, DELAY);
    create(TWO, Behavior.RELEASE, DELAY);
    acquire("k", ONE);
    machine.apply(Machine.release("k", "v", ONE));
    machine.apply(new Command.DestroySession(ONE));
    assertDone(acquire("k", TWO));
  }

  @Test
  void aDelayIsOptionalAndBounded() {
    create(ONE, Behavior.DELETE, Duration.ZERO);
    create(TWO, Behavior.DELETE, Duration.ofHours(1));
    acquire("a", ONE);
    acquire("b", TWO);
    machine.apply(new Command.DestroySession(ONE));
    machine.apply(new Command.DestroySession(TWO));
    assertThat(machine.view().sessions().lockDelay("a")).isEmpty();
    assertThat(machine.view().sessions().lockDelay("b").orElseThrow().length())
        .isEqualTo(Session.LOCK_DELAY_MAX);
  }

  @Test
  void delaysAreEndedByTheirAge() {
    create(ONE, Behavior.RELEASE, DELAY);
    create(TWO, Behavior.RELEASE, DELAY);
    acquire("a", ONE);
    acquire("b", TWO);
    machine.apply(new Command.DestroySession(ONE));
    long first = machine.index();
    machine.apply(new Command.DestroySession(TWO));
    machine.apply(new Command.EndLockDelays(first));
    assertThat(machine.view().sessions().lockDelay("a")).isEmpty();
    assertThat(machine.view().sessions().lockDelay("b")).isPresent();
  }

  @Test
  void onlyTheServerThatKeepsTheSessionsMayLetThemExpire() {
    create(ONE, Behavior.RELEASE, DELAY);
    machine.apply(new Command.KeepSessions(5));
    machine.apply(new Command.KeepSessions(6));
    assertThat(machine.apply(new Command.ExpireSessions(5, List.of(ONE))))
        .isEqualTo(new Reply.Unmet());
    assertThat(exists(ONE)).isTrue();
    assertDone(machine.apply(new Command.ExpireSessions(6, List.of(TWO, ONE))));
    assertThat(exists(ONE)).isFalse();
  }

  @Test
  void aReaderOfASessionWakesForItAlone() throws InterruptedException {
    create(ONE, Behavior.RELEASE, DELAY);
    WatchSet one = new WatchSet();
    WatchSet all = new WatchSet();
    WatchSet node = new WatchSet();
    var found = machine.view().sessions().session(ONE, one);
    machine.view().sessions().all(all);
    machine.view().sessions().on("N1", node);
    create(TWO, Behavior.RELEASE, DELAY);
    assertThat(one.await(0)).isFalse();
    assertThat(all.await(0)).isTrue();
    assertThat(node.await(0)).isTrue();
    WatchSet again = new WatchSet();
    machine.view().sessions().session(ONE, again);
    machine.apply(new Command.DestroySession(ONE));
    assertThat(again.await(0)).isTrue();
    assertThat(machine.view().sessions().session(ONE, new WatchSet()).index())
        .isGreaterThan(found.index())
        .isEqualTo(machine.index());
  }

  @Test
  void listsAreInTheOrderOfCreation() {
    create(TWO, Behavior.RELEASE, DELAY);
    create(ONE, Behavior.RELEASE, DELAY);
    assertThat(machine.view().sessions().all(new WatchSet()).value())
        .extracting(Session::id)
        .containsExactly(TWO, ONE);
    assertThat(machine.view().sessions().on("other", new WatchSet()).value()).isEmpty();
  }

  @Test
  void listenersHearWhatBeganAndEnded() {
    var heard = new ArrayList<Registry.Applied>();
    machine.machine.add(heard::add);
    create(ONE, Behavior.RELEASE, DELAY);
    acquire("k", ONE);
    machine.apply(new Command.DestroySession(ONE));
    assertThat(heard).extracting(Registry.Applied::sessions).allMatch(it -> it.contains(ONE));
    assertThat(heard.getLast().delayedKeys()).containsExactly("k");
  }
}
