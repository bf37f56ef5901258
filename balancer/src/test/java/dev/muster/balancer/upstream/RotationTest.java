package dev.muster.balancer.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Smooth weighted round robin: shares, spread, and what is skipped.
class RotationTest {
  private static final long SEED = 7;

  private static List<Target> targets(long[] weights) {
    List<Target> targets = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      Instance instance = new Instance("i" + i, "127.0.0.1", 1);
      targets.add(new Target(instance, weights[i], 0));
    }
    return targets;
  }

  private static Rotation rotation(long... weights) {
    return new Rotation(targets(weights), 0);
  }

  @Test
  void spreadsHeavyTurnsAsNginxDoes() {
    Rotation rotation = rotation(5, 1, 1);
    List<Integer> turns = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      turns.add(rotation.next(null, 0));
    }
    assertThat(turns).containsExactly(0, 0, 1, 0, 2, 0, 0);
  }

  @Test
  void givesEveryoneItsShareInEveryRound() {
    Random random = new Random(SEED);
    for (int round = 0; round < 200; round++) {
      long[] weights = random.longs(1 + random.nextInt(12), 1, 20).toArray();
      Rotation rotation = new Rotation(targets(weights), random.nextInt(5));
      long total = 0;
      for (long weight : weights) {
        total += weight;
      }
      long[] counts = new long[weights.length];
      for (int i = 0; i < total; i++) {
        counts[rotation.next(null, 0)]++;
      }
      assertThat(counts).as("seed %d round %d", SEED, round).isEqualTo(weights);
    }
  }

  @Test
  void skipsWhatFailedUnlessAllDid() {
    List<Target> targets = targets(new long[] {1, 1});
    Rotation rotation = new Rotation(targets, 0);
    Instance first = targets.get(0).instance();
    assertThat(first.connectFailed(0, 100)).isTrue();
    for (int i = 0; i < 5; i++) {
      assertThat(rotation.next(null, 99)).isEqualTo(1);
    }
    targets.get(1).instance().connectFailed(0, 100);
    assertThat(List.of(rotation.next(null, 99), rotation.next(null, 99)))
        .containsExactlyInAnyOrder(0, 1);
  }

  @Test
  void skipsLongerAfterEachFailureUpToABound() {
    Instance instance = new Instance("i", "127.0.0.1", 1);
    long[] skips = {100, 200, 400, 800, 1600, 3200, 3200};
    for (long skip : skips) {
      instance.connectFailed(0, 100);
      assertThat(instance.isSkipped(skip - 1)).isTrue();
      assertThat(instance.isSkipped(skip)).isFalse();
    }
    instance.connected();
    assertThat(instance.isSkipped(0)).isFalse();
  }

  @Test
  void takesWeightlessOnesLastAndTriedOnesNever() {
    List<Target> targets = targets(new long[] {0, 3});
    Rotation rotation = new Rotation(targets, 0);
    Tries tries = new Tries();
    assertThat(rotation.next(tries, 0)).isEqualTo(1);
    tries.add(targets.get(1).instance(), false);
    assertThat(rotation.next(tries, 0)).isEqualTo(0);
    tries.add(targets.get(0).instance(), true);
    assertThat(rotation.next(tries, 0)).isEqualTo(-1);
  }
}
