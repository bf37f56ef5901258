package dev.muster.health;

import dev.muster.health.probe.Prober;
import dev.muster.health.probe.Result;
import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.Probe;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Looks again and again, one look at a time. Owned by the thread `health`; looks on threads aside.
final class PeriodicProbe implements Run {
  /// However short the interval, a processor has something else to do as well.
  private static final Duration PAUSE_MIN = Duration.ofMillis(10);

  private final Clockwork clockwork;
  private final Reporter reporter;
  private final Prober prober;
  private final Probe.Periodic probe;
  private final Duration firstDelay;
  private final Threshold threshold;
  private final Timer timer;
  private final Permits.Owner owner;
  private @Nullable Thread looking;

  /// @param serviceId whose check it is; empty: the node's
  /// @param isNew whether the check was just registered: then its first result counts at once
  PeriodicProbe(
      Clockwork clockwork,
      Reporter reporter,
      Prober prober,
      Probe.Periodic probe,
      String serviceId,
      Duration firstDelay,
      boolean isNew) {
    this.clockwork = clockwork;
    this.reporter = reporter;
    this.prober = prober;
    this.probe = probe;
    this.firstDelay = firstDelay;
    threshold = new Threshold(probe.rhythm(), isNew);
    timer = new Timer(clockwork);
    owner = new Permits.Owner(reporter.ref().node(), serviceId);
  }

  @Override
  public void start() {
    timer.set(firstDelay, this::look);
  }

  /// Also ends the look that is under way: what it holds is free at once, whatever its timeout.
  @Override
  public void stop() {
    timer.end();
    if (looking != null) {
      looking.interrupt();
      looking = null;
    }
  }

  private void look() {
    long asked = clockwork.nanoTime();
    looking =
        clockwork.probe(
            owner,
            () -> {
              Result result = looked();
              Duration spent = Duration.ofNanos(clockwork.nanoTime() - asked);
              clockwork.execute(() -> seen(result, spent));
            });
  }

  private Result looked() throws InterruptedException {
    try {
      return prober.run(probe);
    } catch (RuntimeException e) {
      if (clockwork.isClosed()) {
        throw e;
      }
      return new Result(Check.Status.CRITICAL, "the probe failed: " + e);
    }
  }

  private void seen(Result result, Duration spent) {
    looking = null;
    if (timer.hasEnded()) {
      return;
    }
    Duration rest = probe.rhythm().interval().minus(spent);
    timer.set(rest.compareTo(PAUSE_MIN) < 0 ? PAUSE_MIN : rest, this::look);
    reporter
        .current()
        .ifPresent(
            current -> {
              var now =
                  new Result(threshold.after(result.status(), current.status()), result.output());
              if (reporter.isNews(now, current)) {
                clockwork.aside(() -> reporter.report(now));
              }
            });
  }
}
