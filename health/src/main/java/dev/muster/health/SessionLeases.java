package dev.muster.health;

import dev.muster.registry.Command;
import dev.muster.registry.Registry;
import dev.muster.registry.RegistryUnavailable;
import dev.muster.registry.Reply;
import dev.muster.registry.View;
import dev.muster.registry.session.Session;
import dev.muster.registry.tree.WatchSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts the time of sessions while this server leads its group, and ends those that nobody
/// renews. Renewals stay in memory; only the end of a session is a command.
///
/// A session that is renewed within its TTL never expires. One that is not ends after twice its
/// TTL, as in Consul, and at most [#TICK] and a commit later; when another server takes over, it
/// counts from the start. Two things keep a session that was renewed from being ended: a server
/// that takes over says so in the log, after which no other can let sessions expire; and one whose
/// end is being committed cannot be renewed any more.
///
/// One thread, `sessions`, ticks and commits; the leases are guarded by this object's lock, which
/// is never held while something is committed.
public final class SessionLeases implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SessionLeases.class);

  /// How often it is looked whose time is over.
  static final Duration TICK = Duration.ofMillis(100);

  /// Consul's: allows for a slow network and a slow client.
  private static final int TTL_MULTIPLIER = 2;

  /// So that they fit into a command.
  private static final int EXPIRED_AT_ONCE_MAX = 1_000;

  private static final int ENDED_IN_QUEUE_MAX = 1_000;
  private static final int NAMED_IN_LOG_MAX = 10;

  private final Registry registry;
  private final LongSupplier nanoTime;
  private final RandomGenerator random;
  private final LockDelays delays;
  private final ScheduledThreadPoolExecutor timer;

  private final Map<String, Lease> leases = new HashMap<>();

  /// Each lease once, by when it was to be looked at, which may be before its deadline.
  private final Queue<Due> queue =
      new PriorityQueue<>((one, other) -> Long.signum(one.nanos() - other.nanos()));

  /// What the log knows this server by while it counts; 0 while it does not.
  private long keeper;

  /// The delays up to this index have been there for that long; 0: none is being watched.
  private long delaysUpTo;

  private long delaysSinceNanos;

  private SessionLeases(Registry registry, LongSupplier nanoTime, RandomGenerator random) {
    this.registry = registry;
    this.nanoTime = nanoTime;
    this.random = random;
    delays = new LockDelays(nanoTime);
    timer =
        new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("sessions").factory());
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  private static final class Lease {
    final String id;
    final long nanos;
    long deadline;
    boolean isCondemned;

    Lease(String id, long nanos, long deadline) {
      this.id = id;
      this.nanos = nanos;
      this.deadline = deadline;
    }
  }

  private record Due(long nanos, Lease lease) {}

  /// Follows the registry from now on. A server that leads counts when this returns.
  ///
  /// @param random makes the marks by which servers are told apart
  static SessionLeases start(Registry registry, LongSupplier nanoTime, RandomGenerator random) {
    SessionLeases leases = unticked(registry, nanoTime, random);
    leases.timer.scheduleWithFixedDelay(
        leases::tick, TICK.toNanos(), TICK.toNanos(), TimeUnit.NANOSECONDS);
    return leases;
  }

  /// As [#start], but for who calls [#tick] himself.
  static SessionLeases unticked(Registry registry, LongSupplier nanoTime, RandomGenerator random) {
    var leases = new SessionLeases(registry, nanoTime, random);
    registry.add(leases::applied);
    leases.delays.begin(registry.localView());
    leases.tick();
    return leases;
  }

  /// What became of a renewal.
  public sealed interface Renewal {
    /// Its time starts again.
    record Renewed(Session session) implements Renewal {}

    /// There is no such session, or it is ending.
    record Unknown() implements Renewal {}

    /// Another server counts, or none yet: nothing happened.
    record NotCounting() implements Renewal {}
  }

  /// Starts the time of a session again. Blocks until no other server can have let it expire.
  ///
  /// @throws RegistryUnavailable if no leader can vouch for it
  public Renewal renew(String id) {
    View vouchedFor = registry.view();
    if (vouchedFor.sessions().session(id).isEmpty()) {
      return new Renewal.Unknown();
    }
    synchronized (this) {
      // Again, within the lock: it may have ended since, and its lease must not be made anew.
      View view = registry.localView();
      Session session = view.sessions().session(id).orElse(null);
      if (session == null) {
        return new Renewal.Unknown();
      }
      if (keeper == 0 || keeper != view.sessions().marks().keeper()) {
        return new Renewal.NotCounting();
      }
      Lease lease = add(session);
      if (lease == null) {
        return new Renewal.Renewed(session);
      }
      if (lease.isCondemned) {
        return new Renewal.Unknown();
      }
      lease.deadline = nanoTime.getAsLong() + lease.nanos;
      return new Renewal.Renewed(session);
    }
  }

  /// The index of the key's lock-delay if this server saw it end: what a wish to lock it has to
  /// name. 0 if it did not, or if there is none.
  public long passedDelay(String key) {
    return delays.passed(registry.localView(), key);
  }

  private void applied(Registry.Applied applied) {
    delays.applied(applied);
    synchronized (this) {
      if (applied.isRestored()) {
        forget();
        return;
      }
      for (String id : applied.sessions()) {
        Session session = applied.view().sessions().session(id).orElse(null);
        if (session == null) {
          leases.remove(id);
          dropEnded();
        } else if (keeper != 0) {
          add(session);
        }
      }
    }
  }

  /// Its lease, made if there is none yet; null if it needs none.
  private @Nullable Lease add(Session session) {
    Session.Ttl ttl = session.definition().ttl();
    if (ttl == null) {
      return null;
    }
    return leases.computeIfAbsent(
        session.id(),
        id -> {
          long nanos = ttl.duration().multipliedBy(TTL_MULTIPLIER).toNanos();
          var lease = new Lease(id, nanos, nanoTime.getAsLong() + nanos);
          queue.add(new Due(lease.deadline, lease));
          return lease;
        });
  }

  /// Leases that ended are left in the queue, but not more of them than of the others.
  private void dropEnded() {
    if (queue.size() > 2 * leases.size() + ENDED_IN_QUEUE_MAX) {
      queue.clear();
      leases.values().forEach(lease -> queue.add(new Due(lease.deadline, lease)));
    }
  }

  private synchronized void forget() {
    keeper = 0;
    leases.clear();
    queue.clear();
  }

  /// Looks whose time is over; from one thread at a time.
  void tick() {
    try {
      delays.forgetEnded(registry.localView());
      if (!registry.standing().leads()) {
        forget();
        return;
      }
      if (!isCounting()) {
        takeOver();
      }
      expire();
      endDelays();
    } catch (RegistryUnavailable e) {
      if (!timer.isShutdown()) {
        LOG.warn(
            "a change of sessions was not committed and will be tried again: {}", e.getMessage());
      }
    } catch (RuntimeException e) {
      LOG.error("the time of sessions could not be counted", e);
    }
  }

  /// Not if the state it counted for was replaced, or another server has taken over since.
  private synchronized boolean isCounting() {
    return keeper != 0 && keeper == registry.localView().sessions().marks().keeper();
  }

  private void takeOver() {
    long mark = random.nextLong() | 1;
    registry.submit(new Command.KeepSessions(mark));
    synchronized (this) {
      forget();
      keeper = mark;
      // Within the lock: what is made after this view, the listener hears after this.
      registry.localView().sessions().all(new WatchSet()).value().forEach(this::add);
    }
  }

  private void expire() {
    List<String> over = condemn();
    long mark = mark();
    while (!over.isEmpty() && mark != 0) {
      LOG.info(
          "{} sessions were not renewed in time, among them {}",
          over.size(),
          over.subList(0, Math.min(over.size(), NAMED_IN_LOG_MAX)));
      Reply reply;
      try {
        reply = registry.submit(new Command.ExpireSessions(mark, over));
      } catch (RegistryUnavailable e) {
        retry(over);
        throw e;
      }
      if (reply instanceof Reply.Unmet) {
        forget(); // another server took over
        return;
      }
      ended(over);
      over = condemn();
    }
  }

  private synchronized long mark() {
    return keeper;
  }

  /// The sessions whose time is over, from now on not to be renewed.
  private synchronized List<String> condemn() {
    long now = nanoTime.getAsLong();
    List<String> over = new ArrayList<>();
    while (over.size() < EXPIRED_AT_ONCE_MAX) {
      Due due = queue.peek();
      if (due == null || due.nanos() - now > 0) {
        break;
      }
      queue.remove();
      Lease lease = due.lease();
      if (leases.get(lease.id) != lease) {
        continue;
      }
      if (lease.deadline - now > 0) {
        queue.add(new Due(lease.deadline, lease));
      } else {
        lease.isCondemned = true;
        over.add(lease.id);
      }
    }
    return over;
  }

  /// The listener removes those that the command ended; here goes what was condemned without being.
  private synchronized void ended(List<String> ids) {
    for (String id : ids) {
      Lease lease = leases.get(id);
      if (lease != null && lease.isCondemned) {
        leases.remove(id);
      }
    }
    dropEnded();
  }

  private synchronized void retry(List<String> ids) {
    for (String id : ids) {
      Lease lease = leases.get(id);
      if (lease != null) {
        queue.add(new Due(lease.deadline, lease));
      }
    }
  }

  /// Throws away delays that no key can be under any more, so that those of keys that nobody locks
  /// again do not stay for ever.
  private void endDelays() {
    View view = registry.localView();
    if (view.sessions().lockDelays().size() == 0) {
      delaysUpTo = 0;
      return;
    }
    long now = nanoTime.getAsLong();
    if (delaysUpTo == 0) {
      delaysUpTo = view.index();
      delaysSinceNanos = now;
    } else if (now - delaysSinceNanos > Session.LOCK_DELAY_MAX.toNanos()) {
      long upTo = delaysUpTo;
      delaysUpTo = 0;
      registry.submit(new Command.EndLockDelays(upTo));
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
