package dev.muster.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RepeatFilterTest {

  private static final UUID PROPOSER = new UUID(1, 2);

  private final RepeatFilter filter = new RepeatFilter();

  @Test
  void letsEachSequenceThroughOnceInAnyOrderWithinTheWindow() {
    for (long seed = 0; seed < 50; seed++) {
      var random = new Random(seed);
      var fresh = new RepeatFilter();
      Set<Long> seen = new HashSet<>();
      long highest = 0;
      for (int step = 0; step < 500; step++) {
        long sequence = Math.max(1, highest - 40 + random.nextInt(60));
        boolean isNew = fresh.admit(PROPOSER, sequence);
        boolean isTooOld = sequence <= highest - RepeatFilter.WINDOW;
        assertThat(isNew)
            .as("seed %s step %s sequence %s", seed, step, sequence)
            .isEqualTo(!isTooOld && seen.add(sequence));
        highest = Math.max(highest, sequence);
      }
    }
  }

  @Test
  void refusesWhatIsOlderThanTheWindow() {
    assertThat(filter.admit(PROPOSER, 100)).isTrue();
    assertThat(filter.admit(PROPOSER, 100 - RepeatFilter.WINDOW)).isFalse();
    assertThat(filter.admit(PROPOSER, 101 - RepeatFilter.WINDOW)).isTrue();
  }

  @Test
  void forgetsAfterAJumpAsWideAsTheWindow() {
    filter.admit(PROPOSER, 1);
    assertThat(filter.admit(PROPOSER, 1 + RepeatFilter.WINDOW)).isTrue();
    assertThat(filter.admit(PROPOSER, RepeatFilter.WINDOW)).isTrue();
    assertThat(filter.admit(PROPOSER, 1)).isFalse();
  }

  @Test
  void keepsProposersApart() {
    assertThat(filter.admit(new UUID(0, 1), 7)).isTrue();
    assertThat(filter.admit(new UUID(0, 2), 7)).isTrue();
    assertThat(filter.admit(new UUID(0, 1), 7)).isFalse();
  }

  @Test
  void forgetsTheProposerThatWasSilentLongest() {
    for (int i = 0; i <= RepeatFilter.PROPOSERS_MAX; i++) {
      filter.admit(new UUID(0, i), 1);
      filter.admit(new UUID(0, 1), i + 2L);
    }
    assertThat(filter.admit(new UUID(0, 1), 2)).as("spoke last").isFalse();
    assertThat(filter.admit(new UUID(0, 0), 1)).as("spoke first").isTrue();
  }

  @Test
  void survivesASnapshot() throws IOException {
    filter.admit(PROPOSER, 5);
    filter.admit(PROPOSER, 3);
    var bytes = new ByteArrayOutputStream();
    filter.copy().writeTo(new DataOutputStream(bytes));
    var restored = new RepeatFilter();
    restored.readFrom(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    assertThat(restored.admit(PROPOSER, 5)).isFalse();
    assertThat(restored.admit(PROPOSER, 3)).isFalse();
    assertThat(restored.admit(PROPOSER, 4)).isTrue();
  }
}
