package dev.muster.health;

import dev.muster.health.probe.Prober;
import dev.muster.health.probe.Result;
import dev.muster.health.probe.ScriptChecks;
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
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs the checks of the registry while this server leads its group, and reports what changes.
///
/// Which checks there are, and their state, is the registry's; here are only timers. When another
/// server takes over, it starts every timer afresh: an instance is never declared critical early,
/// and late by one interval or TTL at most. Beats are kept in memory; only a change of state or of
/// output becomes a command.
///
/// One thread, `health`, owns all runs and changes their map, in which beats find theirs. Probes
/// and commands, which block, run on virtual threads of their own.
public final class HealthChecks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HealthChecks.class);
  private static final Duration LEADERSHIP_POLL = Duration.ofMillis(200);

  private final Registry registry;
  private final RandomGenerator random;
  private final ScriptChecks scripts;
  private final Clockwork clockwork;
  private final Prober prober;
  private final Map<CheckRef, Watched> watched = new ConcurrentHashMap<>();
  private final Set<AliasFollower> aliases = new HashSet<>();
  private final SessionLeases sessions;
  private boolean leads;

  private HealthChecks(
      Registry registry,
      Clockwork clockwork,
      RandomGenerator random,
      ScriptChecks scripts,
      SessionLeases sessions) {
    this.registry = registry;
    this.sessions = sessions;
    this.clockwork = clockwork;
    this.random = random;
    this.scripts = scripts;
    prober = new Prober(clockwork.timers(), HealthChecks::trusted, scripts);
  }

  /// A check under way, as it was defined.
  private record Watched(Probe probe, String serviceId, Run run, Removal removal) {
    boolean isFor(Check check) {
      return probe.equals(check.probe()) && serviceId.equals(check.serviceId());
    }

    void stop() {
      run.stop();
      removal.stop();
    }
  }

  /// As [#start(Registry, LongSupplier, RandomGenerator, ScriptChecks)], without scripts.
  public static HealthChecks start(
      Registry registry, LongSupplier nanoTime, RandomGenerator random) {
    return start(registry, nanoTime, random, ScriptChecks.NONE);
  }

  /// Follows the registry from now on.
  ///
  /// @param random spreads the first probes of many checks over their interval
  /// @param scripts which scripts this server runs; others are critical, and say why
  public static HealthChecks start(
      Registry registry, LongSupplier nanoTime, RandomGenerator random, ScriptChecks scripts) {
    var clockwork = new Clockwork(nanoTime);
    var sessions = SessionLeases.start(registry, nanoTime, random);
    var checks = new HealthChecks(registry, clockwork, random, scripts, sessions);
    registry.add(checks::applied);
    clockwork.every(LEADERSHIP_POLL, checks::followLeadership);
    return checks;
  }

  private static SSLContext trusted() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("the certificates that the JVM trusts cannot be read", e);
    }
  }

  /// Which scripts this server runs, so that others are refused when they are registered.
  public ScriptChecks scripts() {
    return scripts;
  }

  /// The time of sessions, which this server counts along with its checks.
  public SessionLeases sessions() {
    return sessions;
  }

  /// Takes the beat of a TTL check. Blocks while a changed state or output is committed.
  ///
  /// @throws RegistryUnavailable if that could not be committed, or this server does not lead: then
  ///     the time of the check does not start again
  public Reply beat(CheckRef check, Check.Status status, String output) {
    if (watched.get(check) instanceof Watched(_, _, TtlLease lease, _)) {
      // Before the command: an expiry that is being committed must know what to take back.
      lease.remember(new Result(status, output));
    }
    // Asked for again there: a lease that is only now being made, or made anew, counts as well.
    clockwork.execute(() -> renew(check));
    View view = registry.localView();
    boolean same =
        view.catalog()
            .check(check)
            .filter(it -> it.status() == status && it.output().equals(output))
            .isPresent();
    // Only who leads counts the time. Elsewhere the command fails, and says so.
    return same && registry.standing().leads()
        ? new Reply.Done(view.index())
        : registry.submit(new Command.Report(check.node(), check.id(), status, output));
  }

  private void renew(CheckRef check) {
    if (watched.get(check) instanceof Watched(_, _, TtlLease lease, _)) {
      lease.renew();
    }
  }

  private void applied(Registry.Applied applied) {
    clockwork.execute(() -> follow(applied));
  }

  private void follow(Registry.Applied applied) {
    if (applied.isRestored()) {
      restart();
      return;
    }
    if (!leads) {
      return;
    }
    applied.checks().forEach(ref -> sync(applied.view(), ref, true));
    // A TTL starts again when its check is registered again, as it was or not.
    applied.registered().forEach(this::renew);
    if (!aliases.isEmpty()) {
      Set<String> nodes = new HashSet<>();
      applied.checks().forEach(ref -> nodes.add(ref.node().toLowerCase(Locale.ROOT)));
      aliases.forEach(alias -> alias.changed(applied, nodes));
    }
  }

  private void followLeadership() {
    boolean leadsNow = registry.standing().leads();
    if (leadsNow != leads) {
      leads = leadsNow;
      restart();
    }
  }

  private void restart() {
    watched.values().forEach(Watched::stop);
    watched.clear();
    aliases.clear();
    if (!leads) {
      return;
    }
    View view = registry.localView();
    Set<CheckRef> all = new HashSet<>();
    for (ServiceCheck check : view.catalog().checksIn(null, new WatchSet()).value()) {
      all.add(new CheckRef(check.check().node(), check.check().id()));
    }
    all.forEach(ref -> sync(view, ref, false));
  }

  /// As [#syncOne]; a check that cannot be run must not keep the others from it.
  private void sync(View view, CheckRef ref, boolean isNew) {
    try {
      syncOne(view, ref, isNew);
    } catch (RuntimeException e) {
      LOG.error("check {} on {} is not run", ref.id(), ref.node(), e);
    }
  }

  /// Brings the run of one check in line with the registry.
  ///
  /// @param isNew whether it was just registered; else its first probe waits for a random part of
  ///     its interval, so that those of a server that takes over do not come all at once
  private void syncOne(View view, CheckRef ref, boolean isNew) {
    Check check = view.catalog().check(ref).orElse(null);
    Watched known = watched.get(ref);
    if (known != null && (check == null || !known.isFor(check))) {
      known.stop();
      watched.remove(ref);
      if (known.run() instanceof AliasFollower alias) {
        aliases.remove(alias);
      }
      known = null;
    }
    if (check == null) {
      return;
    }
    if (known == null) {
      known = begin(check, ref, isNew).orElse(null);
    }
    if (known != null) {
      known.removal().follow(check.status());
    }
  }

  /// Empty if somebody else looks after the check.
  private Optional<Watched> begin(Check check, CheckRef ref, boolean isNew) {
    var reporter = new Reporter(registry, ref, clockwork::nanoTime);
    Run run =
        switch (check.probe()) {
          case Probe.Ttl ttl -> new TtlLease(clockwork, reporter, ttl.ttl());
          case Probe.Alias alias -> new AliasFollower(clockwork, registry, reporter, alias);
          case Probe.Periodic periodic ->
              new PeriodicProbe(
                  clockwork,
                  reporter,
                  prober,
                  periodic,
                  check.serviceId(),
                  firstDelay(periodic, isNew),
                  isNew);
          case Probe.None _, Probe.External _ -> null;
        };
    if (run == null) {
      return Optional.empty();
    }
    Duration deregisterAfter = check.probe().deregisterAfter();
    var removal = new Removal(clockwork, reporter, check.serviceId(), deregisterAfter);
    var begun = new Watched(check.probe(), check.serviceId(), run, removal);
    watched.put(ref, begun);
    if (run instanceof AliasFollower alias) {
      aliases.add(alias);
    }
    run.start();
    return Optional.of(begun);
  }

  private Duration firstDelay(Probe.Periodic probe, boolean isNew) {
    long intervalNanos = probe.rhythm().interval().toNanos();
    return isNew || intervalNanos <= 0
        ? Duration.ZERO
        : Duration.ofNanos(random.nextLong(intervalNanos));
  }

  @Override
  public void close() {
    sessions.close();
    clockwork.close();
  }
}
