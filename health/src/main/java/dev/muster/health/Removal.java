package dev.muster.health;

import dev.muster.registry.catalog.Check;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Deregisters an instance one of whose checks is critical for too long. Owned by the thread
/// `health`.
final class Removal {
  private static final Logger LOG = LoggerFactory.getLogger(Removal.class);

  private final Clockwork clockwork;
  private final Reporter reporter;
  private final String serviceId;
  private final Duration after;
  private final Timer timer;
  private boolean critical;

  /// @param serviceId empty: a node is never removed
  /// @param after zero: nor is this instance
  Removal(Clockwork clockwork, Reporter reporter, String serviceId, Duration after) {
    this.clockwork = clockwork;
    this.reporter = reporter;
    this.serviceId = serviceId;
    this.after = after;
    timer = new Timer(clockwork);
  }

  /// Learns the state as it is in the registry.
  void follow(Check.Status status) {
    boolean criticalNow = status == Check.Status.CRITICAL;
    if (criticalNow == critical) {
      return;
    }
    critical = criticalNow;
    timer.cancel();
    if (critical && !after.isZero() && !serviceId.isEmpty()) {
      timer.set(after, this::remove);
    }
  }

  private void remove() {
    LOG.info(
        "service {} on {} is deregistered: its check {} was critical for {}",
        serviceId,
        reporter.ref().node(),
        reporter.ref().id(),
        after);
    clockwork.aside(
        () -> {
          if (!reporter.deregister(serviceId)) {
            clockwork.execute(() -> timer.set(Run.RETRY, this::remove));
          }
        });
  }

  void stop() {
    timer.end();
  }
}
