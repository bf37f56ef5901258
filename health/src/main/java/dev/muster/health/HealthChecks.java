package dev.muster.health;

import dev.muster.registry.Command;
import dev.muster.registry.Registry;
import dev.muster.registry.RegistryUnavailable;
import dev.muster.registry.Reply;
import dev.muster.registry.View;
import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.CheckRef;
import dev.muster.registry.catalog.Probe;
import dev.muster.registry.catalog.ServiceCheck;
import dev.muster.registry.tree.WatchSet;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs the checks of the registry while this server leads its group, and reports what changes.
///
/// Which checks there are, and their state, is the registry's; here are only timers. When another
/// server takes over, it starts every timer afresh: an instance is never declared critical early,
/// and late by one interval or TTL at most. Beats are kept in memory; only a change of state or of
/// output becomes a command.
///
/// One thread, `health`, owns all timers and changes the map of runs, in which beats find theirs.
/// Probes and commands, which block, run on virtual threads of their own.
public final class HealthChecks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HealthChecks.class);
  private static final Duration LEADERSHIP_POLL = Duration.ofMillis(200);
  private static final int PROBES_AT_ONCE_MAX = 256;

  private final Registry registry;
  private final LongSupplier nanoTime;
  private final RandomGenerator random;
  private final ScheduledThreadPoolExecutor timers;
  private final Semaphore probing = new Semaphore(PROBES_AT_ONCE_MAX);
  private final Map<CheckRef, Run> runs = new ConcurrentHashMap<>();
  private boolean leads;

  private HealthChecks(Registry registry, LongSupplier nanoTime, RandomGenerator random) {
    this.registry = registry;
    this.nanoTime = nanoTime;
    this.random = random;
    timers =
        new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("health").factory());
    timers.setRemoveOnCancelPolicy(true);
    timers.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /// Follows the registry from now on.
  ///
  /// @param random spreads the first probes of many checks over their interval
  public static HealthChecks start(
      Registry registry, LongSupplier nanoTime, RandomGenerator random) {
    var checks = new HealthChecks(registry, nanoTime, random);
    registry.add(checks::applied);
    checks.timers.scheduleWithFixedDelay(
        checks::followLeadership, 0, LEADERSHIP_POLL.toMillis(), TimeUnit.MILLISECONDS);
    return checks;
  }

  /// Takes the beat of a TTL check. Blocks while a changed state or output is committed.
  ///
  /// @throws RegistryUnavailable if that could not be committed
  public Reply beat(CheckRef check, Check.Status status, String output) {
    Run run = runs.get(check);
    if (run != null) {
      // Before the command: an expiry that is being committed must know what to take back.
      run.remember(new Result(status, output));
      timers.execute(run::beat);
    }
    View view = registry.localView();
    boolean same =
        view.catalog()
            .check(check)
            .filter(it -> it.status() == status && it.output().equals(output))
            .isPresent();
    return same
        ? new Reply.Done(view.index())
        : registry.submit(new Command.Report(check.node(), check.id(), status, output));
  }

  private void applied(Registry.Applied applied) {
    if (timers.isShutdown()) {
      return;
    }
    if (applied.isRestored()) {
      timers.execute(this::restart);
    } else if (!applied.checks().isEmpty()) {
      Set<CheckRef> touched = applied.checks();
      timers.execute(() -> touched.forEach(ref -> sync(applied.view(), ref, false)));
    }
  }

  private void followLeadership() {
    try {
      boolean leadsNow = registry.standing().leads();
      if (leadsNow != leads) {
        leads = leadsNow;
        restart();
      }
    } catch (RuntimeException e) {
      LOG.warn("health checks could not follow the leadership: {}", e.toString());
    }
  }

  private void restart() {
    runs.values().forEach(Run::stop);
    runs.clear();
    if (!leads) {
      return;
    }
    View view = registry.localView();
    Set<CheckRef> all = new HashSet<>();
    for (ServiceCheck check : view.catalog().checksIn(null, new WatchSet()).value()) {
      all.add(new CheckRef(check.check().node(), check.check().id()));
    }
    all.forEach(ref -> sync(view, ref, true));
  }

  /// As [#syncOne]; a check that cannot be run must not keep the others from it.
  private void sync(View view, CheckRef ref, boolean spreads) {
    try {
      syncOne(view, ref, spreads);
    } catch (RuntimeException e) {
      LOG.error("check {} on {} is not run", ref.id(), ref.node(), e);
    }
  }

  /// Brings the run of one check in line with the registry.
  ///
  /// @param spreads whether the first probe waits for a random part of its interval
  private void syncOne(View view, CheckRef ref, boolean spreads) {
    Check check = leads ? view.catalog().check(ref).orElse(null) : null;
    Run run = runs.get(ref);
    if (check != null && !check.probe().isOurs()) {
      check = null;
    }
    if (run != null && (check == null || !run.isFor(check))) {
      run.stop();
      runs.remove(ref);
      run = null;
    }
    if (check == null) {
      return;
    }
    if (run == null) {
      run = new Run(this, ref, check.serviceId(), check.probe());
      runs.put(ref, run);
      run.start(firstDelay(check.probe(), spreads));
    }
    run.follow(check);
  }

  private Duration firstDelay(Probe probe, boolean spreads) {
    Duration interval =
        switch (probe) {
          case Probe.Http http -> http.rhythm().interval();
          case Probe.Tcp tcp -> tcp.rhythm().interval();
          case Probe.Ttl _, Probe.None _, Probe.External _ -> Duration.ZERO;
        };
    return spreads && interval.isPositive()
        ? Duration.ofNanos(random.nextLong(interval.toNanos()))
        : Duration.ZERO;
  }

  ScheduledThreadPoolExecutor timers() {
    return timers;
  }

  /// Runs a probe aside, at most so many at once.
  void probe(Runnable probe) {
    aside(
        () -> {
          try {
            probing.acquire();
            try {
              probe.run();
            } finally {
              probing.release();
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  /// Runs blocking work on a thread of its own. Commands do not queue behind probes: those of many
  /// hosts that hang must not hold up an expired TTL.
  void aside(Runnable work) {
    Thread.ofVirtual().name("check").start(work);
  }

  /// Proposes a command of the checks' own making; its failure is only logged, because the next
  /// probe or timer proposes again.
  boolean submit(Command command) {
    try {
      registry.submit(command);
      return true;
    } catch (RegistryUnavailable e) {
      LOG.warn("a change of health was not committed and will be tried again: {}", e.getMessage());
      return false;
    }
  }

  Optional<Check> current(CheckRef ref) {
    return registry.localView().catalog().check(ref);
  }

  long nanoTime() {
    return nanoTime.getAsLong();
  }

  @Override
  public void close() {
    timers.shutdownNow();
  }
}
