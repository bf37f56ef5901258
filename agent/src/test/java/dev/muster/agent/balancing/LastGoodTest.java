package dev.muster.agent.balancing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.balancer.upstream.Endpoint;
import dev.muster.balancer.upstream.Endpoint.State;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LastGoodTest {
  private static final long SECOND = 1_000_000_000L;

  private final LastGood lastGood = new LastGood(50, 300 * SECOND);

  private static List<Endpoint> instances(String service, String... ids) {
    return Arrays.stream(ids)
        .map(id -> new Endpoint(id, service, "10.0.0.1", 80, 1, State.PASSING, List.of()))
        .toList();
  }

  private List<String> shown(String service, long second) {
    return lastGood.shown(service, second * SECOND).stream().map(Endpoint::id).sorted().toList();
  }

  @Test
  void whatIsLostAllAtOnceIsKeptForAWhile() {
    lastGood.replace(Map.of("web", instances("web", "a", "b"), "db", instances("db", "c")), 0);
    LastGood.Judgement judgement = lastGood.replace(Map.of(), SECOND);
    assertThat(judgement).isEqualTo(new LastGood.Judgement(3, 3, true));
    assertThat(shown("web", 2)).containsExactly("a", "b");
    assertThat(lastGood.keptCount()).isEqualTo(3);
    lastGood.take("web", instances("web", "a"));
    assertThat(shown("web", 3)).containsExactly("a", "b");
    assertThat(lastGood.keptCount()).isEqualTo(2);
    assertThat(lastGood.expire(300 * SECOND)).isEmpty();
    assertThat(lastGood.expire(301 * SECOND)).containsExactlyInAnyOrder("web", "db");
    assertThat(shown("web", 301)).containsExactly("a");
    assertThat(shown("db", 301)).isEmpty();
    assertThat(lastGood.keptCount()).isZero();
  }

  @Test
  void whatGoesOneByOneGoes() {
    lastGood.replace(Map.of("web", instances("web", "a", "b"), "db", instances("db", "c")), 0);
    lastGood.take("web", instances("web", "b"));
    lastGood.take("web", List.of());
    lastGood.take("db", List.of());
    assertThat(shown("web", 1)).isEmpty();
    assertThat(lastGood.services()).isEmpty();
  }

  @Test
  void aSmallLossIsBelieved() {
    lastGood.replace(Map.of("web", instances("web", "a", "b", "c"), "db", instances("db", "d")), 0);
    LastGood.Judgement judgement =
        lastGood.replace(Map.of("web", instances("web", "a"), "db", instances("db", "d")), SECOND);
    assertThat(judgement).isEqualTo(new LastGood.Judgement(4, 2, false));
    assertThat(shown("web", 2)).containsExactly("a");
  }

  @Test
  void nothingIsKeptIfThatIsSaid() {
    var never = new LastGood(50, 0);
    never.replace(Map.of("web", instances("web", "a")), 0);
    assertThat(never.replace(Map.of(), SECOND).isKept()).isFalse();
    assertThat(never.shown("web", SECOND)).isEmpty();
  }
}
