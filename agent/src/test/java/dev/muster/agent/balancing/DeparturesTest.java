package dev.muster.agent.balancing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.balancer.upstream.Endpoint;
import dev.muster.balancer.upstream.Endpoint.Facts;
import dev.muster.balancer.upstream.Endpoint.State;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DeparturesTest {
  private static final long SECOND = 1_000_000_000L;

  private final Departures departures = new Departures(60 * SECOND);

  private static Endpoint endpoint(String id, State state, String reason) {
    return new Endpoint(
        id,
        "web",
        "10.0.0.1",
        80,
        1,
        state,
        List.of(),
        new Facts("", Map.of(), Set.of(), reason, false));
  }

  private static Endpoint endpoint(String id, State state) {
    return endpoint(id, state, "");
  }

  private List<String> show(long second, Endpoint... said) {
    return departures.show("web", List.of(said), second * SECOND).stream()
        .map(each -> each.id() + " " + each.state())
        .toList();
  }

  @Test
  void anInstanceInMaintenanceDrainsUntilTheDeadline() {
    Endpoint out = endpoint("a", State.MAINTENANCE);
    assertThat(show(0, endpoint("a", State.PASSING))).containsExactly("a PASSING");
    assertThat(show(1, out)).containsExactly("a DRAINING");
    assertThat(departures.due(60 * SECOND)).isEmpty();
    assertThat(show(60, out)).containsExactly("a DRAINING");
    assertThat(departures.due(61 * SECOND)).containsExactly("web");
    assertThat(show(61, out)).containsExactly("a MAINTENANCE");
    assertThat(departures.due(62 * SECOND)).isEmpty();
    assertThat(show(62, out)).containsExactly("a MAINTENANCE");
    assertThat(show(63, endpoint("a", State.PASSING))).containsExactly("a PASSING");
    assertThat(show(64, out)).containsExactly("a DRAINING");
    assertThat(show(123, out)).containsExactly("a DRAINING");
    assertThat(show(124, out)).containsExactly("a MAINTENANCE");
  }

  @Test
  void aDeregisteredInstanceDrainsWhileOthersStay() {
    show(0, endpoint("a", State.PASSING), endpoint("b", State.PASSING));
    assertThat(show(1, endpoint("b", State.PASSING))).containsExactly("b PASSING", "a DRAINING");
    assertThat(show(2, endpoint("b", State.CRITICAL))).containsExactly("b CRITICAL", "a DRAINING");
    assertThat(show(61, endpoint("b", State.PASSING))).containsExactly("b PASSING");
    assertThat(show(62)).isEmpty();
    assertThat(departures.due(1000 * SECOND)).isEmpty();
  }

  @Test
  void whatDidNotAnswerHasNothingToFinish() {
    show(0, endpoint("a", State.CRITICAL), endpoint("b", State.PASSING));
    assertThat(show(1, endpoint("b", State.PASSING))).containsExactly("b PASSING");
    assertThat(show(2, endpoint("b", State.PASSING), endpoint("c", State.MAINTENANCE)))
        .containsExactly("b PASSING", "c MAINTENANCE");
  }

  @Test
  void aDrainMayHaveADeadlineOfItsOwn() {
    show(0, endpoint("a", State.PASSING));
    Endpoint out = endpoint("a", State.MAINTENANCE, "in maintenance: draining for 5s: new disks");
    assertThat(show(1, out)).containsExactly("a DRAINING");
    assertThat(show(6, out)).containsExactly("a MAINTENANCE");
  }
}
