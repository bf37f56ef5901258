package dev.muster.health;

import dev.muster.registry.Command;
import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.CheckRef;
import dev.muster.registry.catalog.Probe;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The timers of one check. Owned by the thread of [HealthChecks].
final class Run {
  private static final Logger LOG = LoggerFactory.getLogger(Run.class);
  private static final Duration RETRY = Duration.ofSeconds(1);

  /// An output that differs while the state does not is news of little worth: committed this often.
  private static final Duration OUTPUT_INTERVAL = Duration.ofMinutes(5);

  private final HealthChecks checks;
  private final CheckRef ref;
  private final String serviceId;
  private final Probe probe;
  private final Threshold threshold;
  private final AtomicReference<@Nullable Beat> lastBeat = new AtomicReference<>();
  private boolean stopped;
  private boolean critical;
  private long outputReportedNanos;
  private @Nullable Future<?> next;
  private @Nullable Future<?> removal;

  Run(HealthChecks checks, CheckRef ref, String serviceId, Probe probe) {
    this.checks = checks;
    this.ref = ref;
    this.serviceId = serviceId;
    this.probe = probe;
    this.threshold =
        switch (probe) {
          case Probe.Http http -> threshold(http.rhythm());
          case Probe.Tcp tcp -> threshold(tcp.rhythm());
          case Probe.Ttl _, Probe.None _, Probe.External _ -> new Threshold(0, 0);
        };
  }

  private static Threshold threshold(Probe.Rhythm rhythm) {
    return new Threshold(rhythm.successesBeforePassing(), rhythm.failuresBeforeCritical());
  }

  /// One beat of a service. Two that say the same are still two.
  private static final class Beat {
    final Result said;

    Beat(Result said) {
      this.said = said;
    }
  }

  boolean isFor(Check check) {
    return probe.equals(check.probe()) && serviceId.equals(check.serviceId());
  }

  void start(Duration delay) {
    switch (probe) {
      case Probe.Ttl _ -> beat();
      case Probe.Http http ->
          next = after(delay, () -> run(() -> Prober.run(http, checks::nanoTime)));
      case Probe.Tcp tcp -> next = after(delay, () -> run(() -> Prober.run(tcp)));
      case Probe.None _, Probe.External _ -> {}
    }
  }

  void stop() {
    stopped = true;
    cancel(next);
    cancel(removal);
  }

  /// What the service said last; from the thread of its request.
  void remember(Result said) {
    lastBeat.set(new Beat(said));
  }

  /// The service says that it is there: its time starts again.
  void beat() {
    if (probe instanceof Probe.Ttl ttl && !stopped) {
      cancel(next);
      Beat last = lastBeat.get();
      next = after(ttl.ttl(), () -> expire(last));
    }
  }

  /// @param last the beat whose time is over; a later one calls this off, and takes it back if it
  ///     comes while this is being committed
  private void expire(@Nullable Beat last) {
    if (lastBeat.get() != last) {
      return;
    }
    LOG.info("check {} on {}: TTL expired", ref.id(), ref.node());
    checks.aside(
        () -> {
          if (!checks.submit(reportOf(new Result(Check.Status.CRITICAL, "TTL expired")))) {
            later(() -> next = after(RETRY, () -> expire(last)));
          }
          Beat seen = last;
          for (Beat now = lastBeat.get(); now != seen && now != null; now = lastBeat.get()) {
            checks.submit(reportOf(now.said));
            seen = now;
          }
        });
  }

  private Command reportOf(Result result) {
    return new Command.Report(ref.node(), ref.id(), result.status(), result.output());
  }

  /// Learns the state as it is in the registry.
  void follow(Check check) {
    boolean criticalNow = check.status() == Check.Status.CRITICAL;
    if (criticalNow == critical) {
      return;
    }
    critical = criticalNow;
    cancel(removal);
    removal = null;
    if (critical && !probe.deregisterAfter().isZero() && !serviceId.isEmpty()) {
      removal = after(probe.deregisterAfter(), this::remove);
    }
  }

  private void remove() {
    LOG.info(
        "service {} on {} is deregistered: its check {} was critical for {}",
        serviceId,
        ref.node(),
        ref.id(),
        probe.deregisterAfter());
    var deregister = new Command.Deregister(ref.node(), serviceId, "", ref.id());
    checks.aside(
        () -> {
          if (!checks.submit(deregister)) {
            later(() -> removal = after(RETRY, this::remove));
          }
        });
  }

  @FunctionalInterface
  private interface Probing {
    Result result();
  }

  private void run(Probing probing) {
    Duration interval =
        switch (probe) {
          case Probe.Http http -> http.rhythm().interval();
          case Probe.Tcp tcp -> tcp.rhythm().interval();
          case Probe.Ttl _, Probe.None _, Probe.External _ -> RETRY;
        };
    long started = checks.nanoTime();
    checks.probe(
        () -> {
          Result result = probing.result();
          Duration spent = Duration.ofNanos(checks.nanoTime() - started);
          later(
              () -> {
                report(result);
                Duration rest = interval.minus(spent);
                next = after(rest.isNegative() ? Duration.ZERO : rest, () -> run(probing));
              });
        });
  }

  private void report(Result result) {
    Check current = checks.current(ref).orElse(null);
    if (current == null) {
      return;
    }
    Check.Status status = threshold.after(result.status(), current.status());
    long now = checks.nanoTime();
    boolean outputIsDue =
        current.output().isEmpty() || now - outputReportedNanos > OUTPUT_INTERVAL.toNanos();
    boolean saysMore = !result.output().equals(current.output()) && outputIsDue;
    if (status == current.status() && !saysMore) {
      return;
    }
    if (status != current.status()) {
      LOG.info("check {} on {} is now {}", ref.id(), ref.node(), status.word());
    }
    outputReportedNanos = now;
    Command report = reportOf(new Result(status, result.output()));
    checks.aside(() -> checks.submit(report));
  }

  /// Runs on the owning thread, unless the run was stopped meanwhile.
  private void later(Runnable work) {
    after(Duration.ZERO, work);
  }

  private @Nullable Future<?> after(Duration delay, Runnable work) {
    try {
      return checks
          .timers()
          .schedule(
              () -> {
                if (!stopped) {
                  work.run();
                }
              },
              delay.toNanos(),
              TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      return null; // closed
    }
  }

  private static void cancel(@Nullable Future<?> timer) {
    if (timer != null) {
      timer.cancel(false);
    }
  }
}
