package dev.muster.health;

import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.Probe;

/// Counts results in a row: a single slip need not change the state. Not thread-safe.
final class Threshold {
  private final int successesBeforePassing;
  private final int failuresBeforeWarning;
  private final int failuresBeforeCritical;
  private int successes;
  private int failures;

  /// @param isNew whether nothing is known of the check yet, so that the first result counts
  ///     whatever it takes to change the state later
  Threshold(Probe.Rhythm rhythm, boolean isNew) {
    successesBeforePassing = rhythm.successesBeforePassing();
    failuresBeforeCritical = rhythm.failuresBeforeCritical();
    failuresBeforeWarning =
        rhythm.failuresBeforeWarning() > 0
            ? rhythm.failuresBeforeWarning()
            : failuresBeforeCritical;
    if (isNew) {
      successes = successesBeforePassing;
      failures = failuresBeforeCritical;
    }
  }

  /// The state after one more result.
  Check.Status after(Check.Status result, Check.Status current) {
    if (result == Check.Status.CRITICAL) {
      successes = 0;
      failures++;
      if (failures >= failuresBeforeCritical) {
        return result;
      }
      return failures >= failuresBeforeWarning ? Check.Status.WARNING : current;
    }
    failures = 0;
    successes++;
    return successes >= successesBeforePassing ? result : current;
  }
}
