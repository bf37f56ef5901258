package dev.muster.health;

import static dev.muster.registry.catalog.Check.Status.CRITICAL;
import static dev.muster.registry.catalog.Check.Status.PASSING;
import static dev.muster.registry.catalog.Check.Status.WARNING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.catalog.Check.Status;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ThresholdTest {

  /// The state after each of the results.
  private static List<Status> states(Threshold threshold, Status first, Status... results) {
    List<Status> states = new ArrayList<>();
    Status current = first;
    for (Status result : results) {
      current = threshold.after(result, current);
      states.add(current);
    }
    return states;
  }

  @Test
  void everyResultCountsWithoutThresholds() {
    for (int none = 0; none <= 1; none++) {
      assertThat(states(new Threshold(none, none), CRITICAL, PASSING, WARNING, CRITICAL, PASSING))
          .containsExactly(PASSING, WARNING, CRITICAL, PASSING);
    }
  }

  @Test
  void asManySuccessesInARowAsAreAskedFor() {
    assertThat(states(new Threshold(3, 0), CRITICAL, PASSING, PASSING, PASSING))
        .containsExactly(CRITICAL, CRITICAL, PASSING);
    assertThat(states(new Threshold(2, 0), CRITICAL, PASSING, CRITICAL, PASSING, WARNING))
        .containsExactly(CRITICAL, CRITICAL, CRITICAL, WARNING);
  }

  @Test
  void asManyFailuresInARowAsAreAskedFor() {
    assertThat(states(new Threshold(0, 2), PASSING, CRITICAL, CRITICAL))
        .containsExactly(PASSING, CRITICAL);
    assertThat(states(new Threshold(0, 2), PASSING, CRITICAL, PASSING, CRITICAL, CRITICAL))
        .containsExactly(PASSING, PASSING, PASSING, CRITICAL);
  }
}
