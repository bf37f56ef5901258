package dev.muster.registry;

import static dev.muster.registry.Machine.check;
import static dev.muster.registry.Machine.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.Node;
import dev.muster.registry.catalog.Service;
import dev.muster.registry.session.Session;
import dev.muster.registry.transaction.EntryVerb;
import dev.muster.registry.transaction.Failure;
import dev.muster.registry.transaction.KeyVerb;
import dev.muster.registry.transaction.Operation;
import dev.muster.registry.transaction.Result;
import dev.muster.registry.tree.WatchSet;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// All or nothing, at one index, each operation in sight of those before it.
class TransactionTest {
  private static final String ID = "00000000-0000-0000-0000-000000000001";

  private final Machine machine = Machine.withWeb();

  private Reply run(Operation... operations) {
    return machine.apply(new Command.Transaction(List.of(operations)));
  }

  private List<Result> results(Operation... operations) {
    Reply reply = run(operations);
    assertThat(reply).isInstanceOf(Reply.Results.class);
    return ((Reply.Results) reply).results();
  }

  private List<String> failures(Operation... operations) {
    String before = withoutIndex();
    Reply reply = run(operations);
    assertThat(reply).isInstanceOf(Reply.Failed.class);
    assertThat(withoutIndex()).as("nothing changed").isEqualTo(before);
    return ((Reply.Failed) reply).failures().stream().map(Failure::what).toList();
  }

  private String withoutIndex() {
    return machine.snapshotText().replaceFirst("\"index\":\\d+", "");
  }

  private static Operation key(KeyVerb verb, String key, String value, long index) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    return new Operation.OnKey(verb, key, bytes, 0, index, "", 0);
  }

  private static Operation lock(KeyVerb verb, String key, String session) {
    return new Operation.OnKey(verb, key, null, 0, 0, session, 0);
  }

  private static Operation node(EntryVerb verb, String name, String address, long index) {
    return new Operation.OnNode(verb, new Node(name, "", address, Map.of(), Map.of(), 0, index));
  }

  private static Operation service(EntryVerb verb, String node, String id, long index) {
    return new Operation.OnService(
        verb, new Service(node, id, Machine.definition("web", 80), 0, index));
  }

  private static Operation check(EntryVerb verb, String id, String serviceId, long index) {
    Check check =
        new Check("n1", id, serviceId, id, "", Check.Status.PASSING, "", Machine.TTL, 0, index);
    return new Operation.OnCheck(verb, check);
  }

  @Test
  void nobodyHearsOfWhatWasUndone() {
    results(check(EntryVerb.SET, "ttl", "", 0));
    var session = Machine.session(ID, "n1", Session.Behavior.RELEASE, Duration.ofSeconds(15));
    machine.apply(session);
    machine.apply(Machine.acquire("lock", "v", ID, 0));
    var heard = new ArrayList<Registry.Applied>();
    machine.machine.add(heard::add);
    failures(
        check(EntryVerb.SET, "ttl", "", 0),
        check(EntryVerb.SET, "new", "web1", 0),
        new Operation.DestroySession(ID),
        new Operation.Impossible("no"));
    assertThat(heard).isEmpty();
  }

  private static Operation identified(EntryVerb verb, String name, String id, long index) {
    return new Operation.OnNode(verb, new Node(name, id, "10.0.0.9", Map.of(), Map.of(), 0, index));
  }

  @Test
  void theIdAndTheNameOfANodeMustLeadToTheSameOne() {
    results(identified(EntryVerb.SET, "n2", ID, 0));
    long index = machine.index();
    String mixedUp = "node ID \"" + ID + "\" is that of node \"n2\", not of node ";
    for (EntryVerb verb : EntryVerb.values()) {
      assertThat(failures(identified(verb, "n1", ID, index)))
          .singleElement()
          .asString()
          .startsWith(mixedUp + "\"n1\"");
    }
    assertThat(failures(identified(EntryVerb.DELETE, "zzz", ID, 0)))
        .singleElement()
        .asString()
        .startsWith(mixedUp + "\"zzz\"");
    assertThat(results(identified(EntryVerb.GET, "", ID, 0))).hasSize(1);
    assertThat(results(identified(EntryVerb.DELETE_CAS, "N2", ID, index))).isEmpty();
    assertThat(machine.view().catalog().node("n2")).isEmpty();
  }

  private static String value(Result result) {
    byte[] value = ((Result.OfKey) result).entry().value();
    return value == null ? "null" : new String(value, StandardCharsets.UTF_8);
  }

  @Test
  void readsSeeWhatWasWrittenBeforeThem() {
    List<Result> results =
        results(
            key(KeyVerb.SET, "a/1", "one", 0),
            key(KeyVerb.GET, "a/1", "", 0),
            key(KeyVerb.SET, "a/2", "two", 0),
            key(KeyVerb.DELETE, "a/1", "", 0),
            key(KeyVerb.GET_TREE, "a/", "", 0),
            key(KeyVerb.GET_OR_EMPTY, "a/1", "", 0),
            key(KeyVerb.CHECK_NOT_EXISTS, "a/1", "", 0),
            key(KeyVerb.DELETE_TREE, "a/", "", 0));
    assertThat(results)
        .extracting(TransactionTest::value)
        .containsExactly("null", "one", "null", "two", "null");
    assertThat(machine.view().keys().under("a/", new WatchSet()).value()).isEmpty();
    assertThat(((Result.OfKey) results.get(1)).entry().modifyIndex()).isEqualTo(machine.index());
  }

  @Test
  void everyFailureIsToldAndNothingHolds() {
    machine.apply(put("k", "v"));
    long index = machine.index();
    assertThat(
            failures(
                key(KeyVerb.SET, "new", "x", 0),
                key(KeyVerb.GET, "nope", "", 0),
                key(KeyVerb.CAS, "k", "x", 1),
                key(KeyVerb.CHECK_INDEX, "k", "", 1),
                key(KeyVerb.CHECK_INDEX, "nope", "", 1),
                key(KeyVerb.CHECK_NOT_EXISTS, "k", "", 0),
                key(KeyVerb.DELETE_CAS, "k", "", 1),
                lock(KeyVerb.CHECK_SESSION, "k", "zz"),
                lock(KeyVerb.CHECK_SESSION, "nope", "zz"),
                lock(KeyVerb.LOCK, "k", "zz"),
                lock(KeyVerb.LOCK, "k", ID),
                lock(KeyVerb.LOCK, "k", ""),
                lock(KeyVerb.UNLOCK, "k", ID),
                lock(KeyVerb.UNLOCK, "k", ""),
                new Operation.Impossible("unknown KV verb \"frob\""),
                key(KeyVerb.GET, "a\"b\\", "", 0)))
        .containsExactly(
            "key \"nope\" doesn't exist",
            "failed to set key \"k\", index is stale",
            "failed index check for key \"k\", current modify index " + index + " != 1",
            "failed to check index, key \"nope\" doesn't exist",
            "key \"k\" exists",
            "failed to delete key \"k\", index is stale",
            "failed session check for key \"k\", current session \"\" != \"zz\"",
            "failed to check session, key \"nope\" doesn't exist",
            "failed session lookup: index error: UUID must be 36 characters",
            "invalid session \"" + ID + "\"",
            "missing session",
            "failed to unlock key \"k\", lock isn't held, or is held by another session",
            "missing session",
            "unknown KV verb \"frob\"",
            "key \"a\\\"b\\\\\" doesn't exist");
  }

  @Test
  void aFailureNamesItsOperation() {
    Reply reply = run(key(KeyVerb.SET, "k", "", 0), key(KeyVerb.GET, "nope", "", 0));
    assertThat(reply)
        .isEqualTo(new Reply.Failed(List.of(new Failure(1, "key \"nope\" doesn't exist"))));
  }

  @Test
  void whatFailedWakesNobodyAndTheNextChangeStillDoes() throws InterruptedException {
    machine.apply(put("k", "v"));
    WatchSet watches = new WatchSet();
    machine.view().keys().key("k", watches);
    machine.view().catalog().nodes(watches);
    failures(
        key(KeyVerb.SET, "k", "x", 0),
        node(EntryVerb.DELETE, "n1", "", 0),
        key(KeyVerb.GET, "nope", "", 0));
    assertThat(watches.await(0)).isFalse();
    machine.apply(put("k", "y"));
    assertThat(watches.await(0)).isTrue();
  }

  @Test
  void compareAndSet() {
    results(key(KeyVerb.CAS, "k", "1", 0));
    long index = machine.index();
    results(key(KeyVerb.CAS, "k", "2", index), key(KeyVerb.CHECK_INDEX, "k", "", index + 1));
    results(key(KeyVerb.DELETE_CAS, "k", "", index + 1), key(KeyVerb.DELETE_CAS, "k", "", 7));
  }

  @Test
  void locksWithinATransaction() {
    machine.apply(Machine.session(ID, "n1", Session.Behavior.RELEASE, Duration.ofSeconds(1)));
    results(
        lock(KeyVerb.LOCK, "k", ID),
        lock(KeyVerb.CHECK_SESSION, "k", ID),
        key(KeyVerb.SET, "guarded", "x", 0));
    String other = ID.replace('1', '2');
    machine.apply(Machine.session(other, "n1", Session.Behavior.RELEASE, Duration.ofSeconds(1)));
    assertThat(failures(lock(KeyVerb.LOCK, "k", other)))
        .containsExactly("failed to lock key \"k\", lock is already held");
    assertThat(failures(new Operation.DestroySession(ID), lock(KeyVerb.LOCK, "k", other)))
        .containsExactly("failed to lock key \"k\" due to lock delay");
    results(lock(KeyVerb.UNLOCK, "k", ID), lock(KeyVerb.LOCK, "k", other));
    results(new Operation.DestroySession(other), new Operation.DestroySession(other));
    assertThat(machine.view().sessions().session(other)).isEmpty();
  }

  @Test
  void nodesServicesAndChecks() {
    List<Result> results =
        results(
            node(EntryVerb.SET, "n9", "10.0.0.9", 0),
            service(EntryVerb.SET, "n9", "s", 0),
            service(EntryVerb.GET, "n9", "s", 0),
            check(EntryVerb.SET, "c", "web1", 0),
            check(EntryVerb.GET, "c", "", 0),
            node(EntryVerb.GET, "n9", "", 0));
    assertThat(results).hasSize(6);
    long index = machine.index();
    assertThat(((Result.OfNode) results.getLast()).node().modifyIndex()).isEqualTo(index);
    assertThat(((Result.OfCheck) results.get(4)).check().service()).isPresent();
    results(
        node(EntryVerb.CAS, "n9", "10.0.0.10", index),
        service(EntryVerb.CAS, "n9", "s", index),
        check(EntryVerb.CAS, "c", "web1", index));
    assertThat(
            failures(
                node(EntryVerb.CAS, "n9", "", index),
                node(EntryVerb.CAS, "n8", "", 1),
                node(EntryVerb.GET, "n8", "", 0),
                node(EntryVerb.DELETE_CAS, "n8", "", 0),
                service(EntryVerb.SET, "n8", "s", 0),
                service(EntryVerb.GET, "n9", "no", 0),
                service(EntryVerb.CAS, "n9", "s", 1),
                service(EntryVerb.DELETE_CAS, "n9", "s", 1),
                check(EntryVerb.SET, "d", "no", 0),
                check(EntryVerb.GET, "d", "", 0),
                check(EntryVerb.CAS, "c", "", 1),
                check(EntryVerb.DELETE_CAS, "c", "", 1)))
        .containsExactly(
            "failed to set node \"n9\", index is stale",
            "failed to set node \"n8\", index is stale",
            "node \"n8\" doesn't exist",
            "failed to delete node \"n8\", index is stale",
            "Missing node registration",
            "service \"no\" on node \"n9\" doesn't exist",
            "failed to set service \"s\" on node \"n9\", index is stale",
            "failed to delete service \"s\" on node \"n9\", index is stale",
            "Missing service registration",
            "check \"d\" on node \"n1\" doesn't exist",
            "failed to set check \"c\" on node \"n1\", index is stale",
            "failed to delete check \"c\" on node \"n1\", index is stale");
    assertThat(
            results(
                check(EntryVerb.DELETE_CAS, "c", "", index),
                service(EntryVerb.DELETE, "n9", "s", 0),
                service(EntryVerb.DELETE, "n9", "s", 0),
                node(EntryVerb.DELETE, "n9", "", 0)))
        .isEmpty();
    assertThat(machine.view().catalog().node("n9")).isEmpty();
    assertThat(machine.view().catalog().service("n1", "web1")).isPresent();
  }

  @Test
  void aViewTriesWithoutKeeping() {
    machine.apply(put("k", "v"));
    View view = machine.view();
    Reply reply = view.attempt(new Command.Transaction(List.of(key(KeyVerb.GET, "k", "", 0))));
    assertThat(((Reply.Results) reply).results())
        .extracting(TransactionTest::value)
        .containsExactly("v");
    assertThat(machine.view()).isSameAs(view);
  }
}
