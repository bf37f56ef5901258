package dev.muster.balancer.guard;

import java.time.Duration;

/// When an instance is left out, and for how long. Each rule is off with 0.
///
/// @param maxFails nginx's `max_fails`: so many failures, with no `failTimeout` passing between
///     them without one
/// @param failTimeout nginx's `fail_timeout`, and how long this rule leaves an instance out
/// @param failuresInRow failures with no success between them
/// @param errorsInRow answers with 5xx or failures, with no other answer between them
/// @param failurePercent of the requests of a window that failed or were answered with 5xx
/// @param window how long requests are counted for the percentage
/// @param windowRequestsMin fewer requests than that say nothing
/// @param ejectionBase how long the three rules after nginx's leave an instance out the first
///     time; doubled each further time, and halved again after each `ejectionBase` without trouble
/// @param ejectionMax the longest of these times
public record EjectionRules(
    int maxFails,
    Duration failTimeout,
    int failuresInRow,
    int errorsInRow,
    int failurePercent,
    Duration window,
    int windowRequestsMin,
    Duration ejectionBase,
    Duration ejectionMax) {

  /// Refuses what is out of range.
  public EjectionRules {
    if (maxFails < 0
        || failuresInRow < 0
        || errorsInRow < 0
        || failurePercent < 0
        || failurePercent > 100
        || windowRequestsMin < 1) {
      throw new IllegalArgumentException("a count is out of range");
    }
    if (failTimeout.isNegative()
        || !window.isPositive()
        || !ejectionBase.isPositive()
        || ejectionMax.compareTo(ejectionBase) < 0) {
      throw new IllegalArgumentException(
          "fail timeout %s, window %s, ejection %s to %s: a duration is out of range"
              .formatted(failTimeout, window, ejectionBase, ejectionMax));
    }
  }

  /// nginx's rule alone; its defaults are 1 and 10 s.
  public static EjectionRules nginx(int maxFails, Duration failTimeout) {
    return new EjectionRules(
        maxFails,
        failTimeout,
        0,
        0,
        0,
        Duration.ofSeconds(10),
        100,
        Duration.ofSeconds(30),
        Duration.ofSeconds(300));
  }

  /// The same with further rules.
  public EjectionRules withOutliers(int newFailuresInRow, int newErrorsInRow, int newPercent) {
    return new EjectionRules(
        maxFails,
        failTimeout,
        newFailuresInRow,
        newErrorsInRow,
        newPercent,
        window,
        windowRequestsMin,
        ejectionBase,
        ejectionMax);
  }

  /// The same with other times for the further rules.
  public EjectionRules withEjection(Duration newBase, Duration newMax) {
    return new EjectionRules(
        maxFails,
        failTimeout,
        failuresInRow,
        errorsInRow,
        failurePercent,
        window,
        windowRequestsMin,
        newBase,
        newMax);
  }
}
