package dev.muster.health;

import dev.muster.health.probe.Result;
import dev.muster.registry.catalog.Check;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The time within which a service has to say that it is well. Owned by the thread `health`, but
/// for [#remember].
final class TtlLease implements Run {
  private static final Logger LOG = LoggerFactory.getLogger(TtlLease.class);

  private final Clockwork clockwork;
  private final Reporter reporter;
  private final Duration ttl;
  private final Timer timer;
  private final AtomicReference<@Nullable Beat> lastBeat = new AtomicReference<>();

  TtlLease(Clockwork clockwork, Reporter reporter, Duration ttl) {
    this.clockwork = clockwork;
    this.reporter = reporter;
    this.ttl = ttl;
    timer = new Timer(clockwork);
  }

  /// One beat of a service. Two that say the same are still two.
  private static final class Beat {
    final Result said;

    Beat(Result said) {
      this.said = said;
    }
  }

  @Override
  public void start() {
    renew();
  }

  @Override
  public void stop() {
    timer.end();
  }

  /// What the service said last; from the thread of its request.
  void remember(Result said) {
    lastBeat.set(new Beat(said));
  }

  /// The service says that it is there: its time starts again.
  void renew() {
    Beat last = lastBeat.get();
    timer.set(ttl, () -> expire(last));
  }

  /// @param last the beat whose time is over; a later one calls this off, and takes it back if it
  ///     comes while this is being committed
  private void expire(@Nullable Beat last) {
    if (lastBeat.get() != last) {
      return;
    }
    LOG.info("check {} on {}: TTL expired", reporter.ref().id(), reporter.ref().node());
    // A beat may have come before this lease had begun: then the registry knows what it said.
    String said =
        last == null ? reporter.current().map(Check::output).orElse("") : last.said.output();
    var expired =
        new Result(
            Check.Status.CRITICAL,
            said.isEmpty() || said.startsWith("TTL expired")
                ? "TTL expired"
                : "TTL expired (last output before timeout follows): " + said);
    clockwork.aside(
        () -> {
          if (!reporter.report(expired)) {
            clockwork.execute(() -> timer.set(RETRY, () -> expire(last)));
          }
          Beat seen = last;
          for (Beat now = lastBeat.get(); now != seen && now != null; now = lastBeat.get()) {
            reporter.report(now.said);
            seen = now;
          }
        });
  }
}
