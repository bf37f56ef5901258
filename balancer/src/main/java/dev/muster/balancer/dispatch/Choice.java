package dev.muster.balancer.dispatch;

import java.util.random.RandomGenerator;

/// What one pick depends on. Mutable and reused: the picker keeps nothing of it.
public interface Choice {
  /// Whether the member may be taken: not tried by this request, not ejected. Called several
  /// times for a member, so it should cost little. Health, draining and limits are the picker's.
  boolean isEligible(int index);

  /// The key of the request as [Algorithm#hash] gives it; asked for by hashing algorithms only.
  long hash();

  /// The time in nanoseconds.
  long now();

  /// The source of chance.
  RandomGenerator random();
}
