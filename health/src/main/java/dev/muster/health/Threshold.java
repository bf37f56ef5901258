package dev.muster.health;

import dev.muster.registry.catalog.Check;

/// Counts results in a row: a single slip need not change the state. Not thread-safe.
final class Threshold {
  private final int successesBeforePassing;
  private final int failuresBeforeCritical;
  private int successes;
  private int failures;

  Threshold(int successesBeforePassing, int failuresBeforeCritical) {
    this.successesBeforePassing = successesBeforePassing;
    this.failuresBeforeCritical = failuresBeforeCritical;
  }

  /// The state after one more result.
  Check.Status after(Check.Status result, Check.Status current) {
    if (result == Check.Status.CRITICAL) {
      successes = 0;
      failures++;
      return failures >= failuresBeforeCritical ? result : current;
    }
    failures = 0;
    successes++;
    return successes >= successesBeforePassing ? result : current;
  }
}
