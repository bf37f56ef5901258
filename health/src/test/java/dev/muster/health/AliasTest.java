package dev.muster.health;

import static dev.muster.registry.catalog.Check.Status.CRITICAL;
import static dev.muster.registry.catalog.Check.Status.PASSING;
import static dev.muster.registry.catalog.Check.Status.WARNING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.consensus.ConsensusConfig;
import dev.muster.consensus.testing.InMemoryEngine;
import dev.muster.registry.Command;
import dev.muster.registry.Registry;
import dev.muster.registry.Reply;
import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.CheckRef;
import dev.muster.registry.catalog.Node;
import dev.muster.registry.catalog.Probe;
import dev.muster.registry.catalog.Service;
import dev.muster.registry.tree.WatchSet;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Checks that follow others, against a registry on an engine in memory.
@Timeout(30)
class AliasTest {
  private final InMemoryEngine.Disk disk = new InMemoryEngine.Disk();
  private Registry registry;
  private HealthChecks health;

  @BeforeEach
  void start() throws IOException {
    registry =
        Registry.start(new InMemoryEngine(disk, Integer.MAX_VALUE), ConsensusConfig.defaults());
    health = HealthChecks.start(registry, System::nanoTime, new Random(1));
    registerService("n", "web");
    registerService("n", "proxy");
    registerService("m", "db");
  }

  @AfterEach
  void close() {
    health.close();
    registry.close();
  }

  private void registerService(String node, String id) {
    var definition =
        new Service.Definition(
            id, "", List.of(), "", 0, Map.of(), Map.of(), Service.Weights.EQUAL, false);
    var service = new Service(node, id, definition, 0, 0);
    var on = new Node(node, "", "127.0.0.1", Map.of(), Map.of(), 0, 0);
    submit(new Command.Register(node, on, service, List.of(), false));
  }

  private void registerCheck(String node, String id, String serviceId, Probe probe) {
    var check = new Check(node, id, serviceId, id, "", CRITICAL, "", probe, 0, 0);
    submit(new Command.Register(node, null, null, List.of(check), false));
  }

  private void submit(Command command) {
    assertThat(registry.submit(command)).isInstanceOf(Reply.Done.class);
  }

  private void registerTtl(String node, String id, String serviceId) {
    registerCheck(node, id, serviceId, new Probe.Ttl(Duration.ofMinutes(1), Duration.ZERO));
  }

  private void registerAlias(String node, String serviceId) {
    registerCheck("n", "alias", "proxy", new Probe.Alias(node, serviceId, Duration.ZERO));
  }

  private void say(String node, String id, Check.Status status, String output) {
    assertThat(health.beat(new CheckRef(node, id), status, output)).isInstanceOf(Reply.Done.class);
  }

  private void awaitAlias(Check.Status status, String output) throws InterruptedException {
    while (true) {
      WatchSet watches = new WatchSet();
      var catalog = registry.localView().catalog();
      catalog.checksIn(null, watches);
      Check alias = catalog.check(new CheckRef("n", "alias")).orElseThrow();
      if (alias.status() == status && alias.output().equals(output)) {
        return;
      }
      assertThat(watches.await(TimeUnit.SECONDS.toNanos(10))).as("stays " + alias).isTrue();
    }
  }

  @Test
  void followsTheWorstCheckOfAnInstance() throws InterruptedException {
    registerAlias("", "web");
    awaitAlias(PASSING, "No checks found.");
    registerTtl("n", "one", "web");
    awaitAlias(CRITICAL, "Aliased check \"one\" failing: ");
    registerTtl("n", "two", "web");
    say("n", "one", WARNING, "slow");
    say("n", "two", CRITICAL, "broken");
    say("n", "one", PASSING, "");
    say("n", "two", PASSING, "");
    awaitAlias(PASSING, "All checks passing.");
    say("n", "two", WARNING, "slow");
    awaitAlias(WARNING, "Aliased check \"two\" failing: slow");
  }

  @Test
  void theChecksOfItsNodeCountForAnInstanceThoseOfOthersDoNot() throws InterruptedException {
    registerAlias("m", "db");
    awaitAlias(PASSING, "No checks found.");
    registerTtl("n", "near", "");
    registerTtl("m", "disk", "");
    awaitAlias(CRITICAL, "Aliased check \"disk\" failing: ");
    say("m", "disk", PASSING, "");
    awaitAlias(PASSING, "All checks passing.");
  }

  @Test
  void followsANodeWithoutItsServices() throws InterruptedException {
    registerTtl("m", "service", "db");
    registerTtl("m", "disk", "");
    say("m", "disk", WARNING, "full");
    registerAlias("m", "");
    awaitAlias(WARNING, "Aliased check \"disk\" failing: full");
    submit(new Command.Deregister("m", "", "", ""));
    awaitAlias(CRITICAL, "Node m could not be found");
  }

  @Test
  void followsAnInstanceThatComesAndGoes() throws InterruptedException {
    registerAlias("", "late");
    awaitAlias(CRITICAL, "Service late could not be found on node n");
    registerService("n", "late");
    awaitAlias(PASSING, "No checks found.");
    submit(new Command.Deregister("n", "late", "", ""));
    awaitAlias(CRITICAL, "Service late could not be found on node n");
  }

  /// Else what made it critical once would keep it so.
  @Test
  void doesNotFollowItself() throws InterruptedException {
    registerTtl("n", "one", "proxy");
    registerAlias("", "proxy");
    awaitAlias(CRITICAL, "Aliased check \"one\" failing: ");
    say("n", "one", PASSING, "");
    awaitAlias(PASSING, "All checks passing.");
  }

  /// Two that follow each other come to rest, however their texts grow.
  @Test
  void aRingComesToRest() throws InterruptedException {
    registerCheck("n", "back", "web", new Probe.Alias("", "proxy", Duration.ZERO));
    registerAlias("", "web");
    WatchSet watches;
    do {
      watches = new WatchSet();
      registry.localView().catalog().checksIn(null, watches);
    } while (watches.await(TimeUnit.MILLISECONDS.toNanos(500)));
    assertThat(disk.size()).as("entries of the log").isLessThan(20);
  }

  @Test
  void whoTakesOverFollowsOn() throws InterruptedException, IOException {
    registerTtl("n", "one", "web");
    registerAlias("", "web");
    awaitAlias(CRITICAL, "Aliased check \"one\" failing: ");
    health.close();
    registry.submit(new Command.Report("n", "one", PASSING, ""));
    health = HealthChecks.start(registry, System::nanoTime, new Random(2));
    awaitAlias(PASSING, "All checks passing.");
  }

  @Test
  void theOutputStaysWithinItsBound() {
    var loud =
        new Check("n", "c", "", "c", "", CRITICAL, "x".repeat(9_000), new Probe.None(), 0, 0);
    assertThat(AliasFollower.worst(List.of(loud)).output()).hasSize(Probe.OUTPUT_BYTES_MAX);
  }
}
