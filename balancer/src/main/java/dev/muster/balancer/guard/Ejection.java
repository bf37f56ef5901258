package dev.muster.balancer.guard;

/// Whether one instance is left out because requests to it went wrong. Thread-safe; while nothing
/// is wrong, a request costs two volatile reads.
///
/// | from | by | to |
/// |---|---|---|
/// | open | a rule is met and the cluster can spare it | ejected |
/// | ejected | the time is over and a request begins | on trial: no other request |
/// | on trial | success | open, counts at 0 |
/// | on trial | failure | ejected, longer unless by nginx's rule |
/// | on trial | nothing is heard for the time of the trial | another may try |
///
/// nginx's rule counts as nginx does: a count of failures that a success clears only if no request
/// failed for `fail_timeout` before it began.
public final class Ejection {
  /// Why a request failed.
  public enum Cause {
    /// No connection.
    CONNECT("connect failures"),
    /// The connection ended before the answer.
    RESET("connections reset"),
    /// No answer in time.
    TIMEOUT("timeouts"),
    /// An answer that is no HTTP, or one that counts as a failure.
    ANSWER("bad answers");

    private final String words;

    Cause(String words) {
      this.words = words;
    }
  }

  private static final long SECOND = 1_000_000_000L;

  private final EjectionRules rules;

  /// Whether anything is counted or ejected, so that a success is to be told.
  private volatile boolean isTroubled;

  private volatile boolean isEjected;

  /// With [#isEjected]: until when nobody may try.
  private volatile long closedUntil;

  // Guarded by this.
  private boolean isOnTrial;
  private boolean isByNginx;
  private int fails;
  private long failedAt;
  private long checkedAt;
  private int failuresInRow;
  private int errorsInRow;
  private int doublings;
  private long quietSince;
  private String reason = "";
  private String firstReason = "";
  private long windowFrom;
  private int windowRequests;
  private int windowFailures;

  /// Open.
  public Ejection(EjectionRules rules) {
    this.rules = rules;
  }

  /// Whether no request may go there now. Cheap.
  public boolean isEjected(long now) {
    return isEjected && closedUntil - now >= 0;
  }

  /// A request is to begin; false if it may not, because another one is on trial since.
  public boolean tryBegin(long now) {
    if (!isTroubled) {
      return true;
    }
    synchronized (this) {
      if (!isEjected) {
        if (fails > 0 && now - checkedAt > rules.failTimeout().toNanos()) {
          checkedAt = now;
        }
        return true;
      }
      if (closedUntil - now >= 0) {
        return false;
      }
      isOnTrial = true;
      checkedAt = now;
      closedUntil = now + trialNanos();
      return true;
    }
  }

  private long trialNanos() {
    return (isByNginx ? rules.failTimeout() : rules.ejectionBase()).toNanos();
  }

  /// A request was answered well.
  public void succeeded(long now) {
    if (isTroubled || rules.failurePercent() > 0) {
      settle(now);
    }
  }

  private synchronized void settle(long now) {
    count(now, false);
    failuresInRow = 0;
    errorsInRow = 0;
    if (isOnTrial) {
      isOnTrial = false;
      isEjected = false;
      fails = 0;
      quietSince = now;
    } else if (fails > 0 && checkedAt - failedAt > 0) {
      fails = 0;
    }
    while (doublings > 0 && !isEjected && now - quietSince >= rules.ejectionBase().toNanos()) {
      doublings--;
      quietSince += rules.ejectionBase().toNanos();
    }
    isTroubled = fails > 0 || isEjected || doublings > 0;
    if (fails == 0 && !isEjected) {
      reason = "";
    }
  }

  /// A request was answered with 5xx, which is no failure to nginx's rule.
  ///
  /// @param isSpare whether the cluster can do without the instance: [#isSpare]
  /// @return whether this ejected it
  public synchronized boolean erred(boolean isSpare, long now) {
    if (rules.errorsInRow() == 0 && rules.failurePercent() == 0) {
      succeeded(now);
      return false;
    }
    isTroubled = true;
    quietSince = now;
    failuresInRow = 0;
    errorsInRow++;
    count(now, true);
    return judge("", isSpare, now);
  }

  /// A request failed.
  ///
  /// @param isSpare whether the cluster can do without the instance: [#isSpare]
  /// @return whether this ejected it
  public synchronized boolean failed(Cause cause, boolean isSpare, long now) {
    isTroubled = true;
    quietSince = now;
    fails++;
    failedAt = now;
    checkedAt = now;
    failuresInRow++;
    errorsInRow++;
    count(now, true);
    return judge(cause.words, isSpare, now);
  }

  private boolean judge(String failures, boolean isSpare, long now) {
    if (isEjected && !isOnTrial) {
      // Began before the ejection; it says nothing new.
      return false;
    }
    // No overflow: there is no doubling beyond the longest.
    long outlierNanos =
        Math.min(rules.ejectionBase().toNanos() << doublings, rules.ejectionMax().toNanos());
    if (isOnTrial) {
      eject(firstReason, isByNginx ? 0 : outlierNanos, isSpare, now);
    } else if (isReached(failuresInRow, rules.failuresInRow()) && !failures.isEmpty()) {
      eject(failuresInRow + " " + failures + " in a row", outlierNanos, isSpare, now);
    } else if (isReached(errorsInRow, rules.errorsInRow())) {
      eject(errorsInRow + " errors in a row", outlierNanos, isSpare, now);
    } else if (isWindowBad()) {
      eject(
          windowFailures + " of " + windowRequests + " requests failed",
          outlierNanos,
          isSpare,
          now);
    } else if (isReached(fails, rules.maxFails()) && !failures.isEmpty()) {
      eject(fails + " " + failures, 0, isSpare, now);
    } else {
      return false;
    }
    return isEjected;
  }

  private static boolean isReached(int count, int limit) {
    return limit > 0 && count >= limit;
  }

  /// @param outlierNanos 0 for nginx's own time, which does not grow
  private void eject(String why, long outlierNanos, boolean isSpare, long now) {
    boolean isAgain = isOnTrial;
    isOnTrial = false;
    firstReason = why;
    if (!isSpare) {
      isEjected = false;
      reason = why + ", but the cluster cannot spare it";
      return;
    }
    isByNginx = outlierNanos == 0;
    reason = isAgain ? why + ", and the trial failed" : why;
    closedUntil = now + (outlierNanos == 0 ? rules.failTimeout().toNanos() : outlierNanos);
    isEjected = true;
    if (outlierNanos > 0 && outlierNanos < rules.ejectionMax().toNanos()) {
      doublings++;
    }
    failuresInRow = 0;
    errorsInRow = 0;
    windowRequests = 0;
    windowFailures = 0;
  }

  private void count(long now, boolean isFailure) {
    if (rules.failurePercent() == 0) {
      return;
    }
    if (windowRequests == 0 || now - windowFrom >= rules.window().toNanos()) {
      windowFrom = now;
      windowRequests = 0;
      windowFailures = 0;
    }
    windowRequests++;
    windowFailures += isFailure ? 1 : 0;
  }

  private boolean isWindowBad() {
    return rules.failurePercent() > 0
        && windowRequests >= rules.windowRequestsMin()
        && windowFailures * 100L >= (long) rules.failurePercent() * windowRequests;
  }

  /// Why it is left out or nearly was, and how long still, for people; empty if nothing is wrong.
  public synchronized String reason(long now) {
    if (!isEjected) {
      return reason;
    }
    if (isOnTrial) {
      return "on trial: one request may show whether it works again, after " + reason;
    }
    long left = closedUntil - now;
    return left < 0
        ? "the next request is a trial, after " + reason
        : "ejected %d s more: %s".formatted((left + SECOND - 1) / SECOND, reason);
  }

  /// Whether a cluster can do without one more instance: the share of those left out would not
  /// exceed the percentage. The only instance of a cluster is never spare.
  public static boolean isSpare(int ejected, int members, int percentMax) {
    return members > 1 && (ejected + 1) * 100L <= (long) percentMax * members;
  }
}
