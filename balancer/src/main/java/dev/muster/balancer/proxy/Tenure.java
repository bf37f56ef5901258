package dev.muster.balancer.proxy;

import dev.muster.balancer.dispatch.Picker;
import dev.muster.balancer.guard.CircuitBreaker.Resource;
import dev.muster.balancer.guard.Ejection;
import dev.muster.balancer.guard.Ejection.Cause;
import dev.muster.balancer.guard.WaitingRoom;
import dev.muster.balancer.observe.Statistics.Failure;
import dev.muster.balancer.request.Outcome;
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
  private Membership membership;
  private @Nullable Tries tries;
  private @Nullable Instance instance;
  private int strip;
  private long beganAt;
  private boolean isCounted;
  private boolean isRetry;
  private boolean hasPlace;

  Tenure(Worker worker, Cluster cluster, long hash, Outcome outcome) {
    this.worker = worker;
    this.cluster = cluster;
    this.hash = hash;
    this.outcome = outcome;
    this.attempts = new Attempts(worker, cluster, outcome);
    this.rules = cluster.rules();
    this.membership = cluster.membership();
  }

  /// One for a second copy of the request, which goes to an instance that this has not met.
  Tenure beside() {
    var other = new Tenure(worker, cluster, hash, outcome);
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
    int index = worker.pick.pick(membership, tries, hash, now, -1);
    if (index >= 0) {
      begin(membership.targets().get(index), now);
    }
    return index;
  }

  /// Takes one more time the instance of which only a kept connection was tried.
  boolean nextDeadConnection() {
    Tries known = tries;
    Instance again = known == null ? null : known.nextDeadConnection();
    int index = again == null ? -1 : cluster.membership().indexOf(again);
    if (again == null || index < 0) {
      return false;
    }
    membership = cluster.membership();
    again.load().begin();
    begin(membership.targets().get(index), worker.preciseNow());
    return true;
  }

  private void begin(Target target, long now) {
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
