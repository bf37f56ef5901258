package dev.muster.registry;

import static dev.muster.registry.Machine.put;
import static dev.muster.registry.Machine.service;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.consensus.ConsensusConfig;
import dev.muster.consensus.testing.InMemoryEngine;
import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.CheckRef;
import dev.muster.registry.catalog.Probe;
import dev.muster.registry.entry.ProxyDefaults;
import dev.muster.registry.entry.ProxySettings;
import dev.muster.registry.session.Session;
import dev.muster.registry.tree.WatchSet;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A saved state takes the place of the present one, wholly and at one place of the log.
class RestoreTest {
  private static byte[] compressed(byte[] bytes) {
    var out = new ByteArrayOutputStream();
    try (var zip = new GZIPOutputStream(out)) {
      zip.write(bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return out.toByteArray();
  }

  private static List<Command> parts(String id, byte[] saved, int count) {
    List<Command> parts = new ArrayList<>();
    int size = saved.length / count + 1;
    for (int i = 0; i < count; i++) {
      byte[] part =
          Arrays.copyOfRange(
              saved, Math.min(saved.length, i * size), Math.min(saved.length, (i + 1) * size));
      parts.add(new Command.RestorePart(id, i, part));
    }
    return parts;
  }

  @Test
  void nothingIsSeenOfItUntilAllOfIt() throws InterruptedException {
    var old = Machine.withWeb();
    old.apply(put("k", "old"));
    byte[] saved = compressed(old.snapshot());
    var machine = new Machine();
    for (int i = 0; i < 50; i++) {
      machine.apply(put("k", "new" + i));
    }
    var heard = new ArrayList<Registry.Applied>();
    machine.machine.add(heard::add);
    var waiting = new WatchSet();
    machine.view().keys().key("k", waiting);
    long restores = machine.view().restores();

    parts("r1", saved, 3).forEach(machine::apply);
    assertThat(machine.view().catalog().instances("web")).isEmpty();
    assertThat(waiting.await(0)).isFalse();
    var between = new Machine();
    between.restore(machine.snapshot());
    Reply reply = machine.apply(new Command.Restore("r1", 3));

    assertThat(reply).isEqualTo(new Reply.Done(54));
    assertThat(machine.index()).as("the index never falls").isEqualTo(54);
    assertThat(machine.view().catalog().instances("web")).hasSize(1);
    assertThat(machine.view().keys().key("k", new WatchSet()).value().orElseThrow().value())
        .asString()
        .isEqualTo("old");
    assertThat(waiting.await(0)).isTrue();
    assertThat(machine.view().restores()).isEqualTo(restores + 1);
    assertThat(heard).hasSize(1).allMatch(Registry.Applied::isRestored);
    between.apply(new Command.Restore("r1", 3));
    assertThat(between.snapshotText())
        .as("a server that started in between has the parts, too")
        .isEqualTo(machine.snapshotText());
    machine.apply(service("n1", "web2", "web"));
    assertThat(machine.view().catalog().instances("web")).hasSize(2);
  }

  @Test
  void itsIndexIsBeyondThatOfTheSavedState() {
    var old = new Machine();
    for (int i = 0; i < 50; i++) {
      old.apply(put("k", "v" + i));
    }
    var machine = new Machine();
    parts("r", compressed(old.snapshot()), 1).forEach(machine::apply);
    machine.apply(new Command.Restore("r", 1));
    assertThat(machine.index()).isEqualTo(50);
    machine.apply(put("k", "x"));
    assertThat(machine.view().keys().key("k", new WatchSet()).index()).isEqualTo(51);
  }

  @Test
  void partsOfTwoAreNeverMixed() {
    byte[] saved = compressed(Machine.withWeb().snapshot());
    var machine = new Machine();
    List<Command> first = parts("r1", saved, 2);
    List<Command> second = parts("r2", saved, 2);
    machine.apply(first.get(0));
    machine.apply(second.get(0));
    var refused = new Reply.Refused("another restore came in between; try again");
    assertThat(machine.apply(first.get(1))).isEqualTo(refused);
    assertThat(machine.apply(new Command.Restore("r1", 2))).isEqualTo(refused);
    assertThat(machine.apply(second.get(0))).as("from the start").isInstanceOf(Reply.Done.class);
    machine.apply(second.get(1));
    assertThat(machine.apply(new Command.Restore("r2", 2))).isInstanceOf(Reply.Done.class);
    assertThat(machine.view().catalog().instances("web")).hasSize(1);
    assertThat(machine.apply(new Command.Restore("r2", 2))).as("once").isEqualTo(refused);
  }

  @Test
  void aStateOfManyPartsGoesThroughTheLogAndADamagedOneNowhere() throws IOException {
    var old = new Machine();
    byte[] noise = new byte[400_000];
    new Random(7).nextBytes(noise);
    old.apply(new Command.PutKey("a", noise, 0, null));
    old.apply(new Command.PutKey("b", noise.clone(), 0, null));
    byte[] saved = compressed(old.snapshot());
    assertThat(saved.length).isGreaterThan(2 * (256 << 10));
    try (Registry registry = Registry.start(new InMemoryEngine(), ConsensusConfig.defaults())) {
      registry.submit(put("c", "here"));
      byte[] damaged = saved.clone();
      damaged[damaged.length / 2] ^= 1;
      assertThatThrownBy(() -> registry.restore("r0", damaged)).isInstanceOf(IOException.class);
      assertThat(registry.view().index()).as("not even a part").isEqualTo(1);

      assertThat(registry.restore("r1", saved)).isInstanceOf(Reply.Done.class);
      var out = new ByteArrayOutputStream();
      registry.save(registry.view(), out);
      assertThat(registry.view().keys().under("", new WatchSet()).value()).hasSize(2);
      assertThat(registry.restore("r2", compressed(out.toByteArray())))
          .isInstanceOf(Reply.Done.class);
    }
  }

  @Test
  void aLineWithoutEndIsRefused() {
    byte[] endless = new byte[5 << 20];
    Arrays.fill(endless, (byte) '{');
    var machine = new Machine();
    machine.apply(new Command.RestorePart("r", 0, compressed(endless)));
    assertThat(machine.apply(new Command.Restore("r", 1)))
        .isEqualTo(
            new Reply.Refused(
                "failed to restore snapshot: the registry's snapshot has a line of more than"
                    + " 4194304 bytes"));
  }

  @Test
  void aScriptInItIsNoneOfAConfigurationFile() {
    var rhythm =
        new Probe.Rhythm(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ZERO, 0, 0);
    Probe trusted = new Probe.Script(List.of("/bin/true"), true, 0, rhythm);
    var old = Machine.withWeb();
    old.apply(Machine.checks("n1", Machine.check("n1", "c", "", Check.Status.PASSING, trusted)));
    var restarted = new Machine();
    restarted.restore(old.snapshot());
    assertThat(probe(restarted)).as("a server's own disk").isEqualTo(trusted);

    var machine = new Machine();
    machine.apply(new Command.RestorePart("r", 0, compressed(old.snapshot())));
    assertThat(machine.apply(new Command.Restore("r", 1))).isInstanceOf(Reply.Done.class);

    assertThat(probe(machine)).isEqualTo(new Probe.Script(List.of("/bin/true"), false, 0, rhythm));
  }

  private static Probe probe(Machine machine) {
    return machine.view().catalog().check(new CheckRef("n1", "c")).orElseThrow().probe();
  }

  /// What could not have been written by a server would make a later command fail, on all servers.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"address\":\"10.0.0.1\",| | address is missing",
        "\"tags\":[]|\"tags\":[null]| ",
        "\"node\":\"n1\",\"id\":\"web1\"|\"node\":\"n2\",\"id\":\"web1\"| node \"n2\"",
        "\"serviceId\":\"web1\"|\"serviceId\":\"web2\"| service \"web2\"",
        "\"modifyIndex\":5|\"modifyIndex\":99| the index 99",
        "\"createIndex\":5|\"createIndex\":-1| the index -1",
        "\"index\":5,\"catalog\"|\"index\":9223372036854775807,\"catalog\"| index",
        "\"keys\":{\"keys\":5,\"tombstoneFloor\":0}|\"keys\":null| ",
        "\"lockDelay\":\"PT15S\"|\"lockDelay\":1e18| too long",
      })
  void whatNoServerWroteIsRefused(String written, String crafted, String reason) {
    var old = Machine.withWeb();
    old.apply(Machine.checks("n1", Machine.check("n1", "c", "web1", Check.Status.PASSING)));
    old.apply(Machine.session("s1", "n1", Session.Behavior.RELEASE, Duration.ofSeconds(15)));
    old.apply(put("k", "v"));
    String text = old.snapshotText();
    assertThat(text).contains(written);
    byte[] saved =
        compressed(text.replace(written, crafted == null ? "" : crafted).getBytes(UTF_8));
    var machine = new Machine();
    machine.apply(new Command.RestorePart("r", 0, saved));

    assertThat(machine.apply(new Command.Restore("r", 1)))
        .isInstanceOfSatisfying(
            Reply.Refused.class,
            refused -> assertThat(refused.message()).contains(reason == null ? "" : reason));
    assertThat(machine.apply(put("a", "b"))).isEqualTo(new Reply.Done(3));
  }

  @Test
  void whatIsLeftOfAFailedOneGoes() {
    var machine = new Machine();
    machine.apply(new Command.RestorePart("r", 0, new byte[] {1}));
    machine.apply(new Command.AbandonRestore("another"));
    assertThat(machine.snapshotText()).contains("incoming");
    machine.apply(new Command.AbandonRestore("r"));
    assertThat(machine.snapshotText()).doesNotContain("incoming");

    machine.apply(new Command.RestorePart("r", 0, new byte[] {1}));
    for (int i = 0; i < Incoming.IDLE_COMMANDS_MAX; i++) {
      machine.apply(new Command.DeleteKey("k", null));
    }
    var between = new Machine();
    between.restore(machine.snapshot());
    for (Machine each : List.of(machine, between)) {
      assertThat(each.snapshotText()).contains("incoming");
      each.apply(new Command.DeleteKey("k", null));
      assertThat(each.snapshotText()).doesNotContain("incoming");
    }
  }

  @Test
  void whatIsDeeplyNestedIsSavedAndLoaded() {
    Object deep = "x";
    for (int i = 0; i < 498; i++) {
      deep = Map.of("a", deep);
    }
    var machine = new Machine();
    machine.apply(
        new Command.PutEntry(
            new ProxyDefaults("global", Map.of("a", deep), ProxySettings.NONE, Map.of()), null));
    var other = new Machine();
    other.restore(machine.snapshot());
    assertThat(other.snapshotText()).isEqualTo(machine.snapshotText()).contains("global");
  }

  @Test
  void moreThanMayBecomeOfItIsAnError() {
    var in = new BoundedInput(new ByteArrayInputStream(new byte[100]), 99);
    assertThatThrownBy(in::readAllBytes).hasMessageContaining("more than 99 bytes");
  }
}
