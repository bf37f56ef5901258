package dev.muster.health;

import java.time.Duration;

/// What keeps the state of one check up to date. Owned by the thread `health`.
sealed interface Run permits TtlLease, PeriodicProbe, AliasFollower {
  /// How long to wait before what is not committed is tried again.
  Duration RETRY = Duration.ofSeconds(1);

  void start();

  void stop();
}
