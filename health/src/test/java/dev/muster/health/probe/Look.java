package dev.muster.health.probe;

import dev.muster.registry.catalog.Probe;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/// A prober that trusts [Certificate], and definitions for it.
final class Look implements AutoCloseable {
  static final Probe.Rhythm RHYTHM = within(Duration.ofSeconds(10));
  static final Probe.Tls NAMED = new Probe.Tls(true, false, "probe.test");
  static final Probe.Tls UNNAMED = new Probe.Tls(true, false, "");
  static final Probe.Tls UNVERIFIED = new Probe.Tls(true, true, "");

  private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
  private final ScriptChecks scripts;

  Look() {
    this(ScriptChecks.ALL);
  }

  Look(ScriptChecks scripts) {
    this.scripts = scripts;
  }

  static Probe.Rhythm within(Duration timeout) {
    return new Probe.Rhythm(Duration.ofSeconds(1), timeout, Duration.ZERO, 0, 0);
  }

  Result at(Probe.Periodic probe) throws InterruptedException {
    return new Prober(timers, Certificate.MADE::trusting, scripts).run(probe);
  }

  @Override
  public void close() {
    timers.shutdownNow();
  }
}
