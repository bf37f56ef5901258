package dev.muster.health;

import static dev.muster.registry.catalog.Check.Status.CRITICAL;
import static dev.muster.registry.catalog.Check.Status.PASSING;
import static dev.muster.registry.catalog.Check.Status.WARNING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.catalog.Check.Status;
import dev.muster.registry.catalog.Probe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ThresholdTest {
  private static Threshold threshold(int successes, int warning, int critical, boolean isNew) {
    Duration second = Duration.ofSeconds(1);
    return new Threshold(
        new Probe.Rhythm(second, second, second, successes, critical, warning), isNew);
  }

  private static Threshold known(int successes, int critical) {
    return threshold(successes, 0, critical, false);
  }

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
      assertThat(states(known(none, none), CRITICAL, PASSING, WARNING, CRITICAL, PASSING))
          .containsExactly(PASSING, WARNING, CRITICAL, PASSING);
    }
  }

  @Test
  void asManySuccessesInARowAsAreAskedFor() {
    assertThat(states(known(3, 0), CRITICAL, PASSING, PASSING, PASSING))
        .containsExactly(CRITICAL, CRITICAL, PASSING);
    assertThat(states(known(2, 0), CRITICAL, PASSING, CRITICAL, PASSING, WARNING))
        .containsExactly(CRITICAL, CRITICAL, CRITICAL, WARNING);
  }

  @Test
  void asManyFailuresInARowAsAreAskedFor() {
    assertThat(states(known(0, 2), PASSING, CRITICAL, CRITICAL)).containsExactly(PASSING, CRITICAL);
    assertThat(states(known(0, 2), PASSING, CRITICAL, PASSING, CRITICAL, CRITICAL))
        .containsExactly(PASSING, PASSING, PASSING, CRITICAL);
  }

  @Test
  void aWarningComesBeforeItIsCritical() {
    assertThat(
            states(
                threshold(0, 2, 4, false),
                PASSING,
                CRITICAL,
                CRITICAL,
                CRITICAL,
                CRITICAL,
                PASSING))
        .containsExactly(PASSING, WARNING, WARNING, CRITICAL, PASSING);
  }

  @Test
  void theFirstResultOfANewCheckCountsAtOnce() {
    assertThat(states(threshold(3, 0, 3, true), CRITICAL, PASSING, CRITICAL, CRITICAL, CRITICAL))
        .containsExactly(PASSING, PASSING, PASSING, CRITICAL);
    assertThat(states(threshold(3, 0, 3, true), PASSING, CRITICAL, PASSING, PASSING, PASSING))
        .containsExactly(CRITICAL, CRITICAL, CRITICAL, PASSING);
  }

  /// What holds for any flapping: a state changes only after so many like results.
  @Test
  void noStateChangesEarly() {
    var random = new Random(7);
    for (int round = 0; round < 200; round++) {
      int successes = 1 + random.nextInt(4);
      int failures = 1 + random.nextInt(4);
      Threshold threshold = known(successes, failures);
      Status current = random.nextBoolean() ? PASSING : CRITICAL;
      int inARow = 0;
      Status last = current;
      for (int i = 0; i < 100; i++) {
        Status result = random.nextInt(3) == 0 ? CRITICAL : PASSING;
        inARow = result == last ? inARow + 1 : 1;
        last = result;
        Status next = threshold.after(result, current);
        int needed = result == CRITICAL ? failures : successes;
        boolean due = i + 1 >= needed && inARow >= needed;
        assertThat(next).isEqualTo(due || result == current ? result : current);
        current = next;
      }
    }
  }
}
