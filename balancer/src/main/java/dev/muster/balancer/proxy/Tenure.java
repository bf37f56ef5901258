package dev.muster.balancer.proxy;

import dev.muster.balancer.dispatch.Picker;
import dev.muster.balancer.guard.CircuitBreaker.Resource;
import dev.muster.balancer.guard.Ejection;
import dev.muster.balancer.guard.Ejection.Cause;
import dev.muster.balancer.guard.WaitingRoom;
import dev.muster.balancer.http1.HeadWriter;
import dev.muster.balancer.http1.HeaderBlock;
import dev.muster.balancer.observe.Statistics.Failure;
import dev.muster.balancer.request.Outcome;
import dev.muster.balancer.request.Request;
import dev.muster.balancer.session.Binding;
import dev.muster.balancer.session.Roster;
import dev.muster.balancer.session.Sessions;
import dev.muster.balancer.upstream.Cluster;
import dev.muster.balancer.upstream.Instance;
import dev.muster.balancer.upstream.Membership;
import dev.muster.balancer.upstream.Rules;
import dev.muster.balancer.upstream.Target;
import dev.muster.balancer.upstream.Tries;
import org.jspecify.annotations.Nullable;

/// What a request has of its cluster: whom it was given to, whom it met before, and the places it
/// takes, each given back exactly once. Belongs to its exchange.
final class Tenure {
  private static final int ALL = 100;

  private final Worker worker;
  private final Cluster cluster;
  private final Rules rules;
  private final long hash;
  private final Outcome outcome;
  private final Attempts attempts;
  private final @Nullable Binding binding;
  private Membership membership;
  private @Nullable Tries tries;
  private @Nullable Roster roster;
  private int index;
  private @Nullable Instance instance;
  private int strip;
  private long beganAt;
  private boolean isCounted;
  private boolean isRetry;
  private boolean hasPlace;

  /// What a request has of a cluster before it was given to anyone; to be made while its head is
  /// there.
  Tenure(Worker worker, Cluster cluster, Request asked) {
    this.worker = worker;
    this.cluster = cluster;
    this.rules = cluster.rules();
    this.membership = cluster.membership();
    this.outcome = asked.outcome();
    this.attempts = new Attempts(worker, cluster, outcome);
    this.hash = worker.pick.hash(asked, rules);
    Sessions sessions = rules.sessions();
    this.binding =
        sessions == null
            ? null
            : sessions.bind(asked, membership.roster(), worker.writer, worker.now());
  }

  private Tenure(Tenure first) {
    this.worker = first.worker;
    this.cluster = first.cluster;
    this.rules = cluster.rules();
    this.membership = cluster.membership();
    this.outcome = first.outcome;
    this.attempts = new Attempts(worker, cluster, outcome);
    this.hash = first.hash;
    this.binding = first.binding;
  }

  /// One for a second copy of the request, which goes to an instance that this has not met.
  Tenure beside() {
    var other = new Tenure(this);
    Tries met = new Tries();
    met.add(instance(), false);
    other.tries = met;
    return other;
  }

  /// Whether there is an instance that could take the request and has not met it.
  boolean hasOther() {
    Membership now = cluster.membership();
    for (int i = 0; i < now.targets().size(); i++) {
      Target target = now.targets().get(i);
      boolean isOpen = target.member().isHealthy() && !target.member().isDraining();
      boolean isMet = tries != null && tries.contains(target.instance());
      if (isOpen && !isMet && target.instance() != instance) {
        return true;
      }
    }
    return false;
  }

  /// How many instances it has met.
  int count() {
    Tries known = tries;
    return known == null ? 0 : known.count();
  }

  /// Takes the next instance.
  ///
  /// @return what [Picker] returns: an index, [Picker#NONE] or [Picker#FULL]
  int next() {
    membership = cluster.membership();
    long now = worker.preciseNow();
    int chosen = worker.pick.pick(membership, tries, hash, now, preferred());
    if (chosen >= 0) {
      begin(chosen, now);
    }
    return chosen;
  }

  /// The index of the instance that its session is bound to, unless it has met that already.
  private int preferred() {
    Binding known = binding;
    int bound = known == null ? -1 : known.preferred(membership.roster());
    Tries met = tries;
    boolean isMet =
        bound >= 0 && met != null && met.contains(membership.targets().get(bound).instance());
    return isMet ? -1 : bound;
  }

  /// Whether it belongs to a session that no other instance knows.
  boolean isBound() {
    return binding != null && binding.isBound();
  }

  /// The instance's answer goes to the client: appends what binds the session to the instance.
  void bind(HeaderBlock headers, HeadWriter out) {
    if (binding != null) {
      binding.answered(roster, index, headers, worker.scratch, out, worker.now());
    }
  }

  /// Takes one more time the instance of which only a kept connection was tried.
  boolean nextDeadConnection() {
    Tries met = tries;
    Instance again = met == null ? null : met.nextDeadConnection();
    membership = cluster.membership();
    int known = again == null ? -1 : membership.indexOf(again);
    if (again == null || known < 0) {
      return false;
    }
    again.load().begin();
    begin(known, worker.preciseNow());
    return true;
  }

  private void begin(int chosen, long now) {
    Target target = membership.targets().get(chosen);
    index = chosen;
    roster = membership.roster();
    if (binding != null) {
      binding.begun(roster, chosen, worker.now());
    }
    instance = target.instance();
    strip = target.strip();
    beganAt = now;
    isCounted = true;
    attempts.begin(target.instance(), now);
  }

  /// What is noted of its tries.
  Attempts attempts() {
    return attempts;
  }

  /// Whether one more try is allowed; it then counts as one until the end.
  boolean mayTryAgain() {
    if (isRetry) {
      return true;
    }
    isRetry = rules.budget().tryBegin(Math.max(1, cluster.membership().active()), worker.now());
    return isRetry;
  }

  /// Takes one of the places that the cluster has for requests.
  boolean tryEnter() {
    hasPlace = rules.breaker().tryAcquire(Resource.REQUESTS);
    return hasPlace;
  }

  Instance instance() {
    Instance known = instance;
    if (known == null) {
      throw new IllegalStateException("no instance was chosen yet");
    }
    return known;
  }

  int strip() {
    return strip;
  }

  /// When it was given to the instance.
  long beganAt() {
    return beganAt;
  }

  /// Counts a failure of the instance.
  void count(Failure why) {
    instance().failures().increment();
    attempts.failed(why);
    worker.counters.failed(why);
  }

  /// It was answered, well or with an error of the instance's own.
  void answered(int status) {
    if (isCounted) {
      long now = worker.preciseNow();
      isCounted = false;
      attempts.end();
      Instance from = instance();
      from.load().end(beganAt, now);
      if (status >= 500) {
        boolean isNews = from.ejection().erred(isSpare(now, rules.ejectedPercentMax()), now);
        if (isNews) {
          worker.tell(cluster, from);
        }
      } else {
        from.ejection().succeeded(now);
      }
      freed();
    }
  }

  /// The instance failed it.
  ///
  /// @param isReused whether only a kept connection was tried, which is nobody's failure
  void failed(Cause cause, boolean isReused) {
    Instance from = instance();
    Tries known = tries;
    if (known == null) {
      known = new Tries();
      tries = known;
    }
    known.add(from, isReused);
    if (!isReused) {
      long now = worker.preciseNow();
      boolean isNews = from.ejection().failed(cause, isSpare(now, ALL), now);
      if (isNews) {
        worker.tell(cluster, from);
      }
    }
    leave();
  }

  private boolean isSpare(long now, int percentMax) {
    int ejected = 0;
    int size = membership.targets().size();
    for (int i = 0; i < size; i++) {
      ejected += membership.targets().get(i).instance().ejection().isEjected(now) ? 1 : 0;
    }
    return Ejection.isSpare(ejected, size, percentMax);
  }

  /// It left the instance without an answer.
  void leave() {
    if (isCounted) {
      isCounted = false;
      attempts.end();
      instance().load().abandon();
      freed();
    }
  }

  private void freed() {
    rules.room().freed();
  }

  /// Where it waits while every instance is at its limit.
  WaitingRoom room() {
    return rules.room();
  }

  /// It is over.
  void end() {
    leave();
    if (isRetry) {
      isRetry = false;
      rules.budget().end();
    }
    if (hasPlace) {
      hasPlace = false;
      rules.breaker().release(Resource.REQUESTS);
    }
  }
}
