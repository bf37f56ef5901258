package dev.muster.registry;

import static dev.muster.registry.Machine.check;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.Node;
import dev.muster.registry.catalog.Service;
import dev.muster.registry.query.Execution;
import dev.muster.registry.query.PreparedQuery;
import dev.muster.registry.query.PreparedQuery.DnsOptions;
import dev.muster.registry.query.PreparedQuery.Failover;
import dev.muster.registry.query.PreparedQuery.Target;
import dev.muster.registry.query.PreparedQuery.Template;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Which instances a prepared query gives.
class ExecutionTest {
  private static final Execution.Asker ANYBODY = new Execution.Asker("n1", "", "", 0, false);

  private final Machine machine = new Machine();

  ExecutionTest() {
    for (int i = 1; i <= 3; i++) {
      String node = "n" + i;
      var at = new Node(node, "", "10.0.0." + i, Map.of(), Map.of("rack", "r" + i), 0, 0);
      machine.apply(new Command.Register(node, at, null, List.of(), false));
    }
    register("n1", "a", Check.Status.PASSING, Map.of("v", "1"), "Blue", "prod");
    register("n2", "b", Check.Status.WARNING, Map.of("v", "1"), "green", "prod");
    register("n3", "c", Check.Status.CRITICAL, Map.of("v", "2"), "green");
  }

  private void register(
      String node, String id, Check.Status status, Map<String, String> meta, String... tags) {
    var definition =
        new Service.Definition(
            "web", "", List.of(tags), "", 80, meta, Map.of(), Service.Weights.EQUAL, false);
    machine.apply(Machine.service(node, id, definition, check(node, "c-" + id, id, status)));
  }

  private static Target target(boolean onlyPassing, String near, String... tags) {
    return new Target(
        "web",
        Failover.NONE,
        onlyPassing,
        List.of(),
        near,
        List.of(tags),
        Map.of(),
        Map.of(),
        false);
  }

  private Execution run(Target target, Execution.Asker asker, long seed) {
    var query = new PreparedQuery("id", "q", "", "", Template.NONE, target, DnsOptions.NONE, 0, 0);
    return Execution.of(
        query, machine.view().catalog(), asker, new Random(seed * 0x9E3779B97F4A7C15L));
  }

  private List<String> ids(Target target) {
    return run(target, ANYBODY, 1).instances().stream()
        .map(instance -> instance.service().id())
        .sorted()
        .toList();
  }

  @Test
  void leavesOutWhatIsNotHealthyEnough() {
    assertThat(ids(target(false, ""))).containsExactly("a", "b");
    assertThat(ids(target(true, ""))).containsExactly("a");
    var ignoring =
        new Target(
            "web",
            Failover.NONE,
            true,
            List.of("c-b", "c-c"),
            "",
            List.of(),
            Map.of(),
            Map.of(),
            false);
    assertThat(ids(ignoring)).containsExactly("a", "b", "c");
  }

  @Test
  void tagsAndMetaNarrow() {
    assertThat(ids(target(false, "", "PROD"))).containsExactly("a", "b");
    assertThat(ids(target(false, "", "prod", "!blue"))).containsExactly("b");
    var inRack =
        new Target(
            "web",
            Failover.NONE,
            false,
            List.of(),
            "",
            List.of(),
            Map.of("rack", "r1"),
            Map.of("v", "1"),
            false);
    assertThat(ids(inRack)).containsExactly("a");
  }

  @Test
  void chanceOrdersUnlessSomebodyIsNear() {
    Set<String> first = new HashSet<>();
    for (long seed = 0; seed < 20; seed++) {
      Execution execution = run(target(false, ""), ANYBODY, seed);
      assertThat(execution.isOrdered()).isFalse();
      first.add(execution.instances().getFirst().service().id());
      Execution near = run(target(false, "n2"), ANYBODY, seed);
      assertThat(near.isOrdered()).isTrue();
      assertThat(near.instances().getFirst().service().id()).isEqualTo("b");
      Execution agent = run(target(false, "_agent"), ANYBODY, seed);
      assertThat(agent.instances().getFirst().service().id()).isEqualTo("a");
      var at = new Execution.Asker("n1", "10.0.0.2", "_ip", 1, false);
      Execution limited = run(target(false, "_agent"), at, seed);
      assertThat(limited.instances()).hasSize(1);
      assertThat(limited.instances().getFirst().service().id()).isEqualTo("b");
    }
    assertThat(first).containsExactlyInAnyOrder("a", "b");
    var stranger = new Execution.Asker("n1", "10.9.9.9", "_ip", 0, false);
    assertThat(run(target(false, ""), stranger, 1).isOrdered()).isFalse();
  }

  @Test
  void thereAreNoProxies() {
    var proxies = new Execution.Asker("n1", "", "", 0, true);
    assertThat(run(target(false, ""), proxies, 1).instances()).isEmpty();
  }
}
