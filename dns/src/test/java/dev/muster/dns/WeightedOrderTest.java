package dev.muster.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.Instance;
import dev.muster.registry.catalog.Node;
import dev.muster.registry.catalog.Probe;
import dev.muster.registry.catalog.Service;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WeightedOrderTest {
  private static final int ROUNDS = 20_000;

  private static Instance instance(String node, int passing, int warning, Check.Status status) {
    var definition =
        new Service.Definition(
            "web",
            "",
            List.of(),
            "",
            80,
            Map.of(),
            Map.of(),
            new Service.Weights(passing, warning),
            false);
    var check = new Check(node, "c", "w", "c", "", status, "", new Probe.None(), 0, 0);
    return new Instance(
        new Node(node, "", "10.0.0.1", Map.of(), Map.of(), 0, 0),
        new Service(node, "w", definition, 0, 0),
        List.of(check));
  }

  private static Instance passing(String node, int weight) {
    return instance(node, weight, 1, Check.Status.PASSING);
  }

  @Test
  void theHeavierComesFirstInProportion() {
    var random = new Random(11);
    var instances = List.of(passing("a", 6), passing("b", 3), passing("c", 1));
    int firstIsA = 0;
    int secondIsBAfterA = 0;
    for (int i = 0; i < ROUNDS; i++) {
      var order = WeightedOrder.shuffle(instances, random);
      if (order.getFirst() == instances.get(0)) {
        firstIsA++;
        secondIsBAfterA += order.get(1) == instances.get(1) ? 1 : 0;
      }
    }
    assertThat(firstIsA / (double) ROUNDS).isCloseTo(0.6, within(0.02));
    assertThat(secondIsBAfterA / (double) firstIsA)
        .as("3 of the 4 left")
        .isCloseTo(0.75, within(0.02));
  }

  @Test
  void thoseOfNoWeightComeLastInAnyOrder() {
    var random = new Random(12);
    var instances = List.of(passing("a", 0), passing("b", 0), passing("c", 1));
    Set<String> orders = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      var order = WeightedOrder.shuffle(instances, random);
      assertThat(order.getFirst().node().name()).isEqualTo("c");
      orders.add(order.get(1).node().name());
    }
    assertThat(orders).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void theSameSeedGivesTheSameOrder() {
    var instances = List.of(passing("a", 1), passing("b", 2), passing("c", 3), passing("d", 4));
    assertThat(WeightedOrder.shuffle(instances, new Random(3)))
        .isEqualTo(WeightedOrder.shuffle(instances, new Random(3)));
  }

  @Test
  void aWarningHasAWeightOfItsOwn() {
    assertThat(WeightedOrder.weight(instance("a", 10, 3, Check.Status.WARNING))).isEqualTo(3);
    assertThat(WeightedOrder.weight(instance("a", 10, 3, Check.Status.PASSING))).isEqualTo(10);
    assertThat(WeightedOrder.weight(passing("a", 70_000))).as("16 bits").isEqualTo(65_535);
    assertThat(WeightedOrder.weight(passing("a", -1))).isZero();
  }

  @Test
  void theCriticalAreNotUsableAndTheWarnedIfWished() {
    var well = passing("a", 1);
    var warned = instance("b", 1, 1, Check.Status.WARNING);
    var ill = instance("c", 1, 1, Check.Status.CRITICAL);
    var all = List.of(well, warned, ill);
    assertThat(WeightedOrder.usable(all, false)).containsExactly(well, warned);
    assertThat(WeightedOrder.usable(all, true)).containsExactly(well);
  }
}
