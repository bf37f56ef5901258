package dev.muster.registry;

import static dev.muster.registry.Machine.check;
import static dev.muster.registry.Machine.checks;
import static dev.muster.registry.Machine.definition;
import static dev.muster.registry.Machine.node;
import static dev.muster.registry.Machine.put;
import static dev.muster.registry.Machine.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.Node;
import dev.muster.registry.entry.ConfigEntry;
import dev.muster.registry.entry.Kind;
import dev.muster.registry.entry.ProxySettings;
import dev.muster.registry.entry.ServiceDefaults;
import dev.muster.registry.entry.ServiceSplitter;
import dev.muster.registry.event.Event;
import dev.muster.registry.query.PreparedQuery;
import dev.muster.registry.session.Session;
import dev.muster.registry.transaction.EntryVerb;
import dev.muster.registry.transaction.KeyVerb;
import dev.muster.registry.transaction.Operation;
import dev.muster.registry.tree.WatchSet;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class SnapshotTest {

  /// A command of any kind, from few names, so that they meet.
  private static Command command(Random random) {
    String node = "n" + random.nextInt(3);
    String id = "s" + random.nextInt(3);
    String name = "web" + random.nextInt(2);
    String key = "k/" + random.nextInt(6);
    Check.Status status = Check.Status.values()[random.nextInt(3)];
    String session = "00000000-0000-0000-0000-00000000000" + random.nextInt(4);
    return switch (random.nextInt(23)) {
      case 0, 1 -> node(node);
      case 2, 3 -> service(node, id, definition(name, random.nextInt(3), "t" + random.nextInt(2)));
      case 4 -> service(node, id, name, check(node, "c-" + id, id, status));
      case 5 -> checks(node, check(node, "disk", "", status));
      case 6 -> new Command.Report(node, "c-" + id, status, "out" + random.nextInt(2));
      case 7 -> new Command.Deregister(node, id, "", "");
      case 8 -> new Command.Deregister(node, "", random.nextBoolean() ? "" : "disk", "");
      case 9 -> new Command.DeleteKey(key, null);
      case 10 -> new Command.DeleteKeysUnder("k/" + random.nextInt(20));
      case 11, 12 ->
          Machine.session(
              session,
              node,
              random.nextBoolean() ? Session.Behavior.RELEASE : Session.Behavior.DELETE,
              Duration.ofSeconds(random.nextInt(2)),
              random.nextBoolean() ? "disk" : "c-" + id);
      case 13 -> Machine.acquire(key, "l", session, random.nextInt(500));
      case 14 -> Machine.release(key, "r", session);
      case 15 -> new Command.EndLockDelays(random.nextInt(500));
      case 16 ->
          new Command.Transaction(
              List.of(
                  new Operation.DestroySession(session),
                  new Operation.OnKey(KeyVerb.DELETE, key, null, 0, 0, "", 0),
                  new Operation.OnNode(
                      EntryVerb.GET, new Node(node, "", "", Map.of(), Map.of(), 0, 0))));
      case 17 -> new Command.FireEvent(new Event(id, name, null, "", "", "", 0));
      case 18 -> new Command.PutQuery(query(id, name, random.nextBoolean()), false);
      case 19 -> new Command.DeleteQuery(id);
      case 20 -> new Command.PutEntry(entry(name, random.nextBoolean()), null);
      case 21 -> new Command.DeleteEntry(Kind.SERVICE_DEFAULTS, name, null);
      default -> put(key, "v" + random.nextInt(3));
    };
  }

  private static PreparedQuery query(String id, String name, boolean isTemplate) {
    var template =
        isTemplate
            ? new PreparedQuery.Template(PreparedQuery.Template.PREFIX_MATCH, "", false)
            : PreparedQuery.Template.NONE;
    var target =
        new PreparedQuery.Target(
            name,
            PreparedQuery.Failover.NONE,
            false,
            List.of(),
            "",
            List.of(),
            Map.of(),
            Map.of(),
            false);
    return new PreparedQuery(
        id, name, "", "", template, target, PreparedQuery.DnsOptions.NONE, 0, 0);
  }

  /// Splitters and the protocols that they need.
  private static ConfigEntry entry(String name, boolean isSplitter) {
    if (isSplitter) {
      var split = new ServiceSplitter.Split(100, "", "", null, null);
      return new ServiceSplitter(name, List.of(split), Map.of());
    }
    return new ServiceDefaults(
        name,
        "http",
        ProxySettings.NONE,
        "",
        null,
        null,
        new ServiceDefaults.Inbound(0, 0, 0, ""),
        Map.of());
  }

  @RepeatedTest(10)
  void theSameCommandsGiveTheSameStateHoweverTheyAreBatched(RepetitionInfo seed) {
    var random = new Random(seed.getCurrentRepetition());
    var single = new Machine();
    var batched = new Machine();
    var restored = new Machine();
    List<byte[]> batch = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      Command command = command(random);
      Reply reply = single.apply(command);
      assertThat(restored.apply(command)).isEqualTo(reply);
      batch.add(Format.encode(command));
      if (random.nextInt(7) == 0) {
        batched.machine.apply(batch);
        batch.clear();
      }
      if (random.nextInt(50) == 0) {
        restored.restore(restored.snapshot());
      }
    }
    batched.machine.apply(batch);
    assertThat(batched.snapshotText()).isEqualTo(single.snapshotText());
    assertThat(restored.snapshotText()).isEqualTo(single.snapshotText());
  }

  @Test
  void aRestoreWakesEverybody() throws InterruptedException {
    var machine = Machine.withWeb();
    machine.apply(checks("n1", check("n1", "c", "web1", Check.Status.PASSING)));
    machine.apply(put("k", "v"));
    byte[] snapshot = machine.snapshot();
    View view = machine.view();
    List<WatchSet> waiting = new ArrayList<>();
    for (int i = 0; i < 15; i++) {
      waiting.add(new WatchSet());
    }
    view.catalog().nodes(waiting.get(0));
    view.catalog().servicesOn("n1", waiting.get(1));
    view.catalog().serviceNames(waiting.get(2));
    view.catalog().instances("web", waiting.get(3));
    view.catalog().instances("absent", waiting.get(4));
    view.catalog().checksIn(null, waiting.get(5));
    view.keys().key("k", waiting.get(6));
    view.keys().key("absent", waiting.get(7));
    view.keys().under("absent/", waiting.get(8));
    view.sessions().all(waiting.get(9));
    view.sessions().on("n1", waiting.get(10));
    view.sessions().session("absent", waiting.get(11));
    view.events().latest(waiting.get(12));
    view.queries().all(waiting.get(13));
    view.entries().all(Kind.SERVICE_ROUTER, waiting.get(14));
    var heard = new ArrayList<Registry.Applied>();
    machine.machine.add(heard::add);
    machine.restore(snapshot);
    for (WatchSet each : waiting) {
      assertThat(each.await(0)).as("reader %d", waiting.indexOf(each)).isTrue();
    }
    assertThat(heard).hasSize(1).allMatch(Registry.Applied::isRestored);
  }

  @Test
  void aSnapshotTakenEarlierIsNotDisturbedByLaterCommands() throws Exception {
    var machine = Machine.withWeb();
    String before = machine.snapshotText();
    var capture = machine.machine.capture();
    machine.apply(service("n1", "web2", "web"));
    var out = new ByteArrayOutputStream();
    capture.writeTo(out);
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(before);
  }
}
