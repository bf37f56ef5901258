package dev.muster.balancer.dispatch;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;

/// A request as the pickers see it, with all that a test wants to say about it.
final class Asking implements Choice {
  final Set<Integer> barred = new HashSet<>();
  final Random random;
  long hash;
  long now = 1_000_000_000_000L;

  Asking(long seed) {
    random = new Random(seed);
  }

  @Override
  public boolean isEligible(int index) {
    return barred.isEmpty() || !barred.contains(index);
  }

  @Override
  public long hash() {
    return hash;
  }

  @Override
  public long now() {
    return now;
  }

  @Override
  public RandomGenerator random() {
    return random;
  }
}
