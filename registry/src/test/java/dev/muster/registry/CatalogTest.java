package dev.muster.registry;

import static dev.muster.registry.Machine.check;
import static dev.muster.registry.Machine.checks;
import static dev.muster.registry.Machine.definition;
import static dev.muster.registry.Machine.node;
import static dev.muster.registry.Machine.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.CheckRef;
import dev.muster.registry.catalog.Node;
import dev.muster.registry.catalog.Probe;
import dev.muster.registry.catalog.Service;
import dev.muster.registry.tree.WatchSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// What registering and deregistering mean, and which index and which waiter they move.
class CatalogTest {
  @Test
  void idsAreFoundWhileOnlyOneNodeHasThemAlsoFromASnapshot() {
    Machine before = Machine.withWeb();
    before.apply(Machine.node("n2"));
    before.apply(Machine.checks("n1", Machine.check("n1", "Disk", "web1", Check.Status.PASSING)));
    var after = new Machine();
    after.restore(before.snapshot());
    for (Machine it : List.of(before, after)) {
      assertThat(it.view().catalog().onlyService("web1")).isPresent();
      assertThat(it.view().catalog().onlyService("web")).isEmpty();
      assertThat(it.view().catalog().onlyCheck("Disk")).isPresent();
      assertThat(it.view().catalog().onlyCheck("disk")).isEmpty();
      it.apply(Machine.service("n2", "web1", "web"));
      assertThat(it.view().catalog().onlyService("web1")).isEmpty();
      it.apply(new Command.Deregister("n1", "web1", "", ""));
      assertThat(it.view().catalog().onlyService("web1").orElseThrow().node()).isEqualTo("n2");
      assertThat(it.view().catalog().onlyCheck("Disk")).isEmpty();
    }
  }

  @Test
  void aNodeIsFoundByTheIdThatItHasNow() {
    Machine machine = Machine.withWeb();
    for (String id : List.of("a", "b")) {
      var node = new Node("n1", id, "10.0.0.1", Map.of(), Map.of(), 0, 0);
      machine.apply(new Command.Register("n1", node, null, List.of(), false));
    }
    assertThat(machine.view().catalog().nodeWithId("a")).isEmpty();
    assertThat(machine.view().catalog().nodeWithId("B")).isPresent();
    machine.apply(new Command.Deregister("n1", "", "", ""));
    assertThat(machine.view().catalog().nodeWithId("b")).isEmpty();
  }

  private final Machine machine = Machine.withWeb();

  private long indexOf(String service) {
    return machine.view().catalog().instances(service, new WatchSet()).index();
  }

  private Check found(String id) {
    return machine.view().catalog().check(new CheckRef("n1", id)).orElseThrow();
  }

  /// Whether a reader that read before the command is woken by it.
  private boolean wakes(Function<WatchSet, ?> read, Command... commands) {
    WatchSet watches = new WatchSet();
    read.apply(watches);
    for (Command command : commands) {
      machine.apply(command);
    }
    try {
      return watches.await(0);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private Function<WatchSet, ?> instances(String service) {
    return watches -> machine.view().catalog().instances(service, watches);
  }

  @Test
  void aServiceNeedsItsNode() {
    assertThat(machine.apply(service("n2", "a", "a")))
        .isEqualTo(new Reply.Refused("Missing node registration"));
    assertThat(machine.view().catalog().serviceNames(new WatchSet()).value())
        .containsOnlyKeys("web");
  }

  @Test
  void aCheckNeedsItsServiceAndNothingOfTheRegistrationStaysWithoutIt() {
    var orphan = check("n1", "c", "other", Check.Status.PASSING);
    assertThat(machine.apply(service("n1", "db1", "db", orphan)))
        .isEqualTo(new Reply.Refused("Missing service registration"));
    assertThat(machine.view().catalog().service("n1", "db1")).isEmpty();
  }

  @Test
  void registeringTheSameAgainMovesNoIndexAndWakesNobody() {
    Command command = service("n1", "web1", "web", check("n1", "c", "web1", Check.Status.CRITICAL));
    machine.apply(command);
    machine.apply(new Command.Report("n1", "c", Check.Status.PASSING, "fine"));
    long index = indexOf("web");
    long checksIndex = machine.view().catalog().checksIn(null, new WatchSet()).index();
    assertThat(wakes(instances("web"), command, node("n1"))).isFalse();
    assertThat(indexOf("web")).isEqualTo(index);
    assertThat(machine.view().catalog().checksIn(null, new WatchSet()).index())
        .isEqualTo(checksIndex);
    assertThat(machine.view().catalog().nodes(new WatchSet()).index()).isEqualTo(1);
  }

  @Test
  void aCheckRegisteredAgainKeepsStatusAndOutput() {
    machine.apply(checks("n1", check("n1", "c", "web1", Check.Status.CRITICAL)));
    machine.apply(new Command.Report("n1", "c", Check.Status.PASSING, "fine"));
    var renamed =
        new Check("n1", "c", "web1", "new name", "", Check.Status.CRITICAL, "", Machine.TTL, 0, 0);
    machine.apply(service("n1", "web1", "web", renamed));
    assertThat(found("c").name()).isEqualTo("new name");
    assertThat(found("c").status()).isEqualTo(Check.Status.PASSING);
    assertThat(found("c").output()).isEqualTo("fine");
    assertThat(found("c").createIndex()).isEqualTo(3);
    assertThat(found("c").modifyIndex()).isEqualTo(5);
  }

  /// Whoever looks after such a check has no other way to tell its state.
  @Test
  void aCheckThatSomebodyElseRunsIsSetByRegisteringIt() {
    Probe external = new Probe.External(new Probe.None());
    machine.apply(checks("n1", check("n1", "c", "web1", Check.Status.PASSING, external)));
    assertThat(
            wakes(
                instances("web"),
                checks("n1", check("n1", "c", "web1", Check.Status.CRITICAL, external))))
        .isTrue();
    assertThat(found("c").status()).isEqualTo(Check.Status.CRITICAL);
  }

  @Test
  void checksThatAreNotNamedGoIfTheRegistrationReplacesThem() {
    machine.apply(
        checks(
            "n1",
            check("n1", "a", "web1", Check.Status.PASSING),
            check("n1", "b", "web1", Check.Status.PASSING),
            check("n1", "node", "", Check.Status.PASSING)));
    var web = new Service("n1", "web1", definition("web", 80), 0, 0);
    machine.apply(
        new Command.Register(
            "n1", null, web, List.of(check("n1", "b", "web1", Check.Status.PASSING)), true));
    assertThat(machine.view().catalog().check(new CheckRef("n1", "a"))).isEmpty();
    assertThat(machine.view().catalog().check(new CheckRef("n1", "b"))).isPresent();
    assertThat(machine.view().catalog().check(new CheckRef("n1", "node"))).isPresent();
  }

  @Test
  void aCheckMovesFromOneInstanceToAnother() {
    machine.apply(service("n1", "db1", "db"));
    machine.apply(checks("n1", check("n1", "c", "web1", Check.Status.PASSING)));
    machine.apply(checks("n1", check("n1", "c", "db1", Check.Status.PASSING)));
    assertThat(machine.view().catalog().instances("web").getFirst().checks()).isEmpty();
    assertThat(machine.view().catalog().instances("db").getFirst().checks()).hasSize(1);
    assertThat(indexOf("web")).isEqualTo(machine.index());
  }

  @Test
  void anInstanceTakesItsChecksWithIt() {
    machine.apply(checks("n1", check("n1", "c", "web1", Check.Status.PASSING)));
    machine.apply(checks("n1", check("n1", "node", "", Check.Status.PASSING)));
    machine.apply(new Command.Deregister("n1", "web1", "", ""));
    assertThat(machine.view().catalog().service("n1", "web1")).isEmpty();
    assertThat(machine.view().catalog().checksIn(null, new WatchSet()).value())
        .extracting(it -> it.check().id())
        .containsExactly("node");
  }

  @Test
  void aNodeTakesAllWithIt() {
    machine.apply(node("n10"));
    machine.apply(service("n10", "web1", "web"));
    machine.apply(checks("n1", check("n1", "c", "web1", Check.Status.PASSING)));
    machine.apply(new Command.Deregister("n1", "", "", ""));
    View view = machine.view();
    assertThat(view.catalog().nodes(new WatchSet()).value())
        .extracting(Node::name)
        .containsExactly("n10");
    assertThat(view.catalog().checksIn(null, new WatchSet()).value()).isEmpty();
    assertThat(view.catalog().instances("web"))
        .extracting(it -> it.node().name())
        .containsExactly("n10");
    assertThat(indexOf("web")).isEqualTo(machine.index());
  }

  @Test
  void whatIsGoneAlreadyIsDeregisteredWithoutAWord() {
    for (Command command :
        List.of(
            new Command.Deregister("n1", "no", "", ""),
            new Command.Deregister("n1", "", "no", ""),
            new Command.Deregister("no", "", "", ""))) {
      assertThat(machine.apply(command)).isInstanceOf(Reply.Done.class);
    }
    assertThat(indexOf("web")).isEqualTo(2);
  }

  @Test
  void anInstanceIsOnlyRemovedWhileItsCheckIsCritical() {
    machine.apply(checks("n1", check("n1", "c", "web1", Check.Status.PASSING)));
    Command command = new Command.Deregister("n1", "web1", "", "c");
    assertThat(machine.apply(command)).isEqualTo(new Reply.Unmet());
    machine.apply(new Command.Report("n1", "c", Check.Status.CRITICAL, ""));
    assertThat(machine.apply(command)).isInstanceOf(Reply.Done.class);
    assertThat(machine.view().catalog().service("n1", "web1")).isEmpty();
    assertThat(machine.apply(command)).isEqualTo(new Reply.Unmet());
  }

  @Test
  void anInstanceThatIsRenamedIsFoundByItsNewNameOnly() {
    boolean woken = wakes(instances("web"), service("n1", "web1", "shop"));
    assertThat(woken).isTrue();
    View view = machine.view();
    assertThat(view.catalog().instances("web", new WatchSet()).isAbsent()).isTrue();
    assertThat(view.catalog().instances("shop")).hasSize(1);
    assertThat(view.catalog().serviceNames(new WatchSet()).value()).containsOnlyKeys("shop");
    assertThat(view.catalog().service("n1", "web1").orElseThrow().createIndex()).isEqualTo(2);
  }

  /// A list of checks shows the name and the tags of each check's service.
  @Test
  void readersOfChecksHearOfTheirServicesNameAndTags() {
    machine.apply(checks("n1", check("n1", "c", "web1", Check.Status.PASSING)));
    boolean woken =
        wakes(
            watches -> machine.view().catalog().checksIn(null, watches),
            service("n1", "web1", definition("web", 80, "blue")));
    assertThat(woken).isTrue();
    assertThat(machine.view().catalog().checksIn(null, new WatchSet()).index())
        .isEqualTo(machine.index());
    assertThat(
            wakes(
                watches -> machine.view().catalog().checksIn(null, watches),
                service("n1", "web1", definition("web", 81, "blue"))))
        .as("a port is nothing that checks show")
        .isFalse();
  }

  @Test
  void onlyTheReadersOfAServiceHearOfIt() {
    machine.apply(service("n1", "db1", "db"));
    long db = indexOf("db");
    assertThat(wakes(instances("db"), service("n1", "web1", definition("web", 81)))).isFalse();
    assertThat(wakes(instances("db"), service("n1", "web2", "web"))).isFalse();
    assertThat(wakes(instances("db"), checks("n1", check("n1", "c", "web1", Check.Status.PASSING))))
        .isFalse();
    assertThat(indexOf("db")).isEqualTo(db);
    assertThat(indexOf("web")).isEqualTo(machine.index());
    assertThat(wakes(instances("web"), service("n1", "web2", definition("web", 82)))).isTrue();
    assertThat(wakes(instances("web"), new Command.Deregister("n1", "", "c", ""))).isTrue();
  }

  @Test
  void aNodesCheckWakesTheReadersOfEveryServiceOnIt() {
    machine.apply(service("n1", "db1", "db"));
    machine.apply(node("n2"));
    machine.apply(service("n2", "mail1", "mail"));
    Command command = checks("n1", check("n1", "disk", "", Check.Status.CRITICAL));
    WatchSet mail = new WatchSet();
    long mailIndex = machine.view().catalog().instances("mail", mail).index();
    assertThat(wakes(instances("db"), command)).isTrue();
    assertThat(indexOf("web")).isEqualTo(machine.index());
    assertThat(indexOf("db")).isEqualTo(machine.index());
    assertThat(indexOf("mail")).isEqualTo(mailIndex);
    assertThat(machine.view().catalog().instances("web").getFirst().status())
        .isEqualTo(Check.Status.CRITICAL);
    var moved = new Node("n1", "", "10.0.0.9", Map.of(), Map.of(), 0, 0);
    assertThat(wakes(instances("web"), new Command.Register("n1", moved, null, List.of(), false)))
        .isTrue();
  }

  @Test
  void theIndexOfAnAbsentServiceIsThatOfTheLastExtinction() {
    assertThat(indexOf("nope")).isZero();
    machine.apply(service("n1", "db1", "db"));
    machine.apply(new Command.Deregister("n1", "web1", "", ""));
    long extinction = machine.index();
    machine.apply(service("n1", "db1", definition("db", 9)));
    assertThat(indexOf("web")).isEqualTo(extinction);
    assertThat(indexOf("nope")).isEqualTo(extinction);
    assertThat(wakes(instances("web"), service("n1", "web9", "web"))).isTrue();
    assertThat(indexOf("web")).isEqualTo(machine.index());
  }

  @Test
  void reportsChangeOneCheckAndRepeatedOnesNothing() {
    machine.apply(checks("n1", check("n1", "c", "web1", Check.Status.PASSING)));
    Command report = new Command.Report("n1", "c", Check.Status.WARNING, "slow");
    assertThat(wakes(instances("web"), report)).isTrue();
    assertThat(wakes(instances("web"), report)).isFalse();
    assertThat(found("c").modifyIndex()).isEqualTo(4);
    assertThat(machine.apply(new Command.Report("n1", "no", Check.Status.PASSING, "")))
        .isInstanceOf(Reply.Refused.class);
  }

  @Test
  void namesAreFoundWithoutRegardToCase() {
    machine.apply(service("N1", "WEB1", definition("Web", 81)));
    View view = machine.view();
    assertThat(view.catalog().node("N1")).isPresent();
    assertThat(view.catalog().instances("WEB")).hasSize(1);
    assertThat(view.catalog().service("n1", "Web1").map(it -> it.definition().port()))
        .isEqualTo(Optional.of(81));
    machine.apply(new Command.Deregister("N1", "wEB1", "", ""));
    assertThat(machine.view().catalog().instances("web")).isEmpty();
    assertThat(machine.view().catalog().instances("web", new WatchSet()).isAbsent()).isTrue();
  }

  @Test
  void listenersHearWhichServicesAndChecksChanged() {
    var heard = new ArrayList<Registry.Applied>();
    machine.machine.add(heard::add);
    machine.apply(checks("n1", check("n1", "disk", "", Check.Status.CRITICAL)));
    machine.apply(Machine.put("k", "v"));
    assertThat(heard).hasSize(1);
    assertThat(heard.getFirst().services()).isEqualTo(Set.of("web"));
    assertThat(heard.getFirst().checks()).isEqualTo(Set.of(new CheckRef("n1", "disk")));
    assertThat(heard.getFirst().view().index()).isEqualTo(3);
  }
}
