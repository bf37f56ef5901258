package dev.muster.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.registry.autopilot.Autopilot;
import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.Node;
import dev.muster.registry.catalog.Probe;
import dev.muster.registry.catalog.Service;
import dev.muster.registry.entry.ConfigEntry;
import dev.muster.registry.entry.Kept;
import dev.muster.registry.entry.Kind;
import dev.muster.registry.entry.ServiceResolver;
import dev.muster.registry.event.Event;
import dev.muster.registry.query.PreparedQuery;
import dev.muster.registry.query.Resolution;
import dev.muster.registry.session.Lock;
import dev.muster.registry.session.Session;
import dev.muster.registry.session.Sessions;
import dev.muster.registry.transaction.EntryVerb;
import dev.muster.registry.transaction.KeyVerb;
import dev.muster.registry.transaction.Operation;
import dev.muster.registry.tree.WatchSet;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FormatTest {
  private static final Probe.Rhythm RHYTHM =
      new Probe.Rhythm(Duration.ofSeconds(1), Duration.ofMillis(500), Duration.ofMinutes(1), 1, 2);
  private static final Probe.Tls TLS = new Probe.Tls(true, false, "name");
  private static final Node NODE =
      new Node("n1", "id", "10.0.0.1", Map.of("lan", "10.0.0.1"), Map.of("rack", "r1"), 0, 0);
  private static final Service SERVICE =
      new Service(
          "n1",
          "web-1",
          new Service.Definition(
              "web",
              "",
              List.of("a", "b"),
              "10.0.0.2",
              80,
              Map.of("k", "v"),
              Map.of("lan", new Service.Address("10.0.0.2", 80)),
              new Service.Weights(3, 1),
              true),
          0,
          0);

  private static final String ID = "00000000-0000-0000-0000-000000000001";
  private static final Session.Definition SESSION =
      new Session.Definition(
          "name",
          "n1",
          Duration.ofMillis(1),
          Session.Behavior.DELETE,
          new Session.Ttl("15.0s", Duration.ofSeconds(15)),
          List.of("none"),
          List.of("ttl"));
  private static final PreparedQuery QUERY =
      new PreparedQuery(
          "3909e3af-97ab-7ddc-d745-727a4c62765c",
          "geo-",
          "",
          "token",
          new PreparedQuery.Template(PreparedQuery.Template.PREFIX_MATCH, "^geo-(.+)$", true),
          new PreparedQuery.Target(
              "${match(1)}",
              new PreparedQuery.Failover(
                  3, List.of("dc2"), List.of(new PreparedQuery.FailoverTarget("dc3"))),
              true,
              List.of("c"),
              "_agent",
              List.of("a", "!b"),
              Map.of("k", "v"),
              Map.of("k", "v"),
              true),
          new PreparedQuery.DnsOptions("10s", Duration.ofSeconds(10)),
          0,
          0);
  private static final ConfigEntry ENTRY =
      new ServiceResolver(
          "web",
          "v1",
          Map.of("v1", new ServiceResolver.Subset("Service.Meta.v == 1", true)),
          null,
          Map.of(
              "*",
              new ServiceResolver.Failover(
                  "",
                  "",
                  List.of(),
                  List.of(new ServiceResolver.Target("db", "", "dc2")),
                  new ServiceResolver.Policy("default", List.of()))),
          Duration.ofMillis(1500),
          Duration.ZERO,
          null,
          Map.of("owner", "us"));

  private static Check check(String id, Probe probe) {
    return new Check("n1", id, "web-1", "name", "notes", Check.Status.WARNING, "out", probe, 0, 0);
  }

  private static List<Check> checksOfEveryKind() {
    Probe http =
        new Probe.Http("http://x/", "GET", Map.of("H", List.of("1", "2")), "body", true, RHYTHM);
    return List.of(
        check("none", new Probe.None()),
        check("ttl", new Probe.Ttl(Duration.ofSeconds(10), Duration.ZERO)),
        check("http", http),
        check("udp", new Probe.Udp("x:1", RHYTHM)),
        check("grpc", new Probe.Grpc("x:1/s", RHYTHM, TLS)),
        check("h2ping", new Probe.H2Ping("x:1", RHYTHM, TLS)),
        check("script", new Probe.Script(List.of("a", "b"), true, 10, RHYTHM)),
        check("os-service", new Probe.OsService("x", RHYTHM)),
        check("alias", new Probe.Alias("n2", "x", Duration.ofMinutes(2))),
        check("tls", new Probe.Tcp("x:1", RHYTHM, TLS)),
        check("tcp", new Probe.Tcp("x:1", RHYTHM)),
        check("external", new Probe.External(http)));
  }

  @Test
  void commandsAreReadAsTheyWereWritten() {
    List<Command> commands =
        List.of(
            new Command.Register("n1", NODE, SERVICE, checksOfEveryKind(), true),
            new Command.Register("n1", null, null, List.of(), false),
            new Command.Deregister("n1", "web-1", "", "ttl"),
            new Command.Report("n1", "ttl", Check.Status.CRITICAL, "TTL expired"),
            new Command.DeleteKey("a/b", 7L),
            new Command.DeleteKeysUnder("a/"),
            new Command.CreateSession(new Session(ID, SESSION, 0, 0)),
            new Command.DestroySession(ID),
            new Command.KeepSessions(-7),
            new Command.ExpireSessions(-7, List.of(ID)),
            new Command.EndLockDelays(9),
            new Command.PutKey("k", null, 0, null, new Lock.Acquire(ID, 3)),
            new Command.PutKey("k", null, 0, null, new Lock.Release(ID)),
            new Command.Transaction(
                List.of(
                    new Operation.OnKey(KeyVerb.GET_TREE, "k", null, 1, 2, ID, 3),
                    new Operation.OnNode(EntryVerb.DELETE_CAS, NODE),
                    new Operation.OnService(EntryVerb.SET, SERVICE),
                    new Operation.OnCheck(EntryVerb.CAS, checksOfEveryKind().getFirst()),
                    new Operation.DestroySession(ID),
                    new Operation.Impossible("no"))),
            new Command.PutQuery(QUERY, true),
            new Command.DeleteQuery("q"),
            new Command.PutEntry(ENTRY, 3L),
            new Command.DeleteEntry(Kind.SERVICE_ROUTER, "web", null),
            new Command.PutAutopilot(Autopilot.DEFAULT, -1L),
            new Command.Restore("r", 2));
    for (Command command : commands) {
      assertThat(Format.decode(Format.encode(command))).isEqualTo(command);
    }
  }

  /// Members that came later have the values that were meant when they were not there.
  @Test
  void checksOfOlderLogsAreRead() {
    String rhythm =
        """
        {"interval":"PT1S","timeout":"PT0.5S","deregisterAfter":"PT1M","successesBeforePassing":1,
         "failuresBeforeCritical":2}\
        """;
    String command =
        """
        {"do":"register","nodeName":"n1","node":null,"service":null,"replacesChecks":false,"checks":[
          {"node":"n1","id":"http","serviceId":"web-1","name":"name","notes":"notes",
           "status":"WARNING","output":"out","createIndex":0,"modifyIndex":0,
           "probe":{"probe":"http","url":"http://x/","method":"GET","headers":{"H":["1","2"]},
             "body":"body","skipsTlsVerification":true,"rhythm":%1$s}},
          {"node":"n1","id":"tcp","serviceId":"web-1","name":"name","notes":"notes",
           "status":"WARNING","output":"out","createIndex":0,"modifyIndex":0,
           "probe":{"probe":"tcp","target":"x:1","rhythm":%1$s}}]}
        """
            .formatted(rhythm);
    Command.Register read = (Command.Register) Format.decode(command.getBytes(UTF_8));
    assertThat(read.checks())
        .containsExactlyElementsOf(
            checksOfEveryKind().stream()
                .filter(check -> check.id().equals("http") || check.id().equals("tcp"))
                .toList());
  }

  @Test
  void keysKeepTheirBytes() {
    byte[] value = {0, -1, 10, 127};
    var put = new Command.PutKey("ключ", value, -1L, 0L);

    Command.PutKey read = (Command.PutKey) Format.decode(Format.encode(put));

    assertThat(read.value()).isEqualTo(value);
    assertThat(read.key()).isEqualTo("ключ");
    assertThat(read.flags()).isEqualTo(-1L);
    assertThat(read.cas()).isZero();
  }

  @Test
  void aSnapshotHoldsEverything() throws IOException {
    Change change = new Change(Tables.EMPTY);
    change.apply(new Command.Register("n1", NODE, SERVICE, checksOfEveryKind(), false));
    change.apply(new Command.PutKey("a", null, 1, null));
    change.apply(new Command.PutKey("b", "x".getBytes(UTF_8), 2, null));
    change.apply(new Command.DeleteKey("a", null));
    change.apply(new Command.KeepSessions(-7));
    for (String id : List.of(ID, ID.replace('1', '2'))) {
      change.apply(new Command.CreateSession(new Session(id, SESSION, 0, 0)));
      change.apply(new Command.PutKey("l" + id, null, 0, null, new Lock.Acquire(id, 0)));
    }
    change.apply(new Command.DestroySession(ID));
    byte[] payload = {1, 2};
    change.apply(new Command.FireEvent(new Event("id", "deploy", payload, "n", "s", "t", 0)));
    change.apply(new Command.PutQuery(QUERY, false));
    change.apply(new Command.PutEntry(ENTRY, null));
    change.apply(new Command.PutAutopilot(Autopilot.DEFAULT, 0L));
    change.apply(new Command.RestorePart("r", 0, new byte[] {3, 4}));
    Tables before = change.tables();

    var out = new ByteArrayOutputStream();
    Format.write(before, out);
    View after = new View(Format.read(new ByteArrayInputStream(out.toByteArray())), 0);

    assertThat(after.index()).isEqualTo(before.index());
    assertThat(after.catalog().marks()).isEqualTo(before.catalog().marks());
    assertThat(after.keys().marks()).isEqualTo(before.keys().marks());
    assertThat(after.catalog().instances("web"))
        .isEqualTo(new View(before, 0).catalog().instances("web"));
    assertThat(after.keys().key("b", new WatchSet()).value().orElseThrow().value())
        .isEqualTo(new byte[] {'x'});
    assertThat(after.keys().under("a", new WatchSet()).index())
        .as("the deletion below the prefix is remembered")
        .isEqualTo(4);
    assertThat(after.sessions().marks()).isEqualTo(before.sessions().marks());
    assertThat(after.sessions().all(new WatchSet()).value())
        .isEqualTo(before.sessions().all(new WatchSet()).value())
        .hasSize(1);
    assertThat(after.sessions().lockDelay("l" + ID)).isPresent();
    assertThat(after.keys().locked().under(ID.replace('1', '2'))).hasSize(1);
    assertThat(after.events().latest(new WatchSet()))
        .singleElement()
        .satisfies(event -> assertThat(event.payload()).isEqualTo(payload))
        .satisfies(event -> assertThat(event.time()).isEqualTo(1));
    assertThat(after.queries().resolve("geo-db"))
        .isEqualTo(new View(before, 0).queries().resolve("geo-db"))
        .isInstanceOf(Resolution.Found.class);
    assertThat(after.entries().entry(Kind.SERVICE_RESOLVER, "web", new WatchSet()).value())
        .contains(new Kept(ENTRY, 13, 13));
    assertThat(after.autopilot()).isEqualTo(Autopilot.DEFAULT.at(14, 14));
    assertThat(after.tables().incoming().parts()).containsExactly(new byte[] {3, 4});
    var again = new ByteArrayOutputStream();
    Format.write(after.tables(), again);
    assertThat(again.toString(UTF_8)).isEqualTo(out.toString(UTF_8));
  }

  /// Logs and snapshots outlive the versions that wrote them.
  @Test
  void whatWasWrittenBeforeThereWereSessionsIsRead() throws IOException {
    String put = "{\"do\":\"put-key\",\"key\":\"k\",\"value\":\"eA==\",\"flags\":1,\"cas\":null}";
    assertThat(((Command.PutKey) Format.decode(put.getBytes(UTF_8))).lock()).isNull();
    String snapshot =
        """
        {"format":"muster-registry","version":2,"index":7,"catalog":{"nodes":0,"services":0,"checks":0,"extinction":0},"keys":{"keys":7,"tombstoneFloor":0}}
        {"key":{"key":"k","value":"eA==","flags":0,"lockIndex":0,"session":"","createIndex":7,"modifyIndex":7}}
        """;
    Tables tables = Format.read(new ByteArrayInputStream(snapshot.getBytes(UTF_8)));
    assertThat(tables.sessions()).isEqualTo(Sessions.EMPTY);
    assertThat(tables.keys().entries().size()).isEqualTo(1);
  }

  @Test
  void aDamagedSnapshotSaysWhere() {
    String snapshot =
        """
        {"format":"muster-registry","version":2,"index":1,"catalog":{"nodes":0,"services":0,"checks":0,"extinction":0},"keys":{"keys":0,"tombstoneFloor":0}}
        {"node":{"name":
        """;

    assertThatThrownBy(() -> Format.read(new ByteArrayInputStream(snapshot.getBytes(UTF_8))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("line 2");
  }
}
