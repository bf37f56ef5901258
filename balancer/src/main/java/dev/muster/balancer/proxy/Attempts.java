package dev.muster.balancer.proxy;

import dev.muster.balancer.observe.Statistics.Failure;
import dev.muster.balancer.observe.TryTraffic;
import dev.muster.balancer.request.Outcome;
import dev.muster.balancer.request.Outcome.Try;
import dev.muster.balancer.upstream.Cluster;
import dev.muster.balancer.upstream.Instance;
import org.jspecify.annotations.Nullable;

/// What is noted of the tries of one request, one after another: in the request's outcome, and in
/// the numbers of the cluster and the instances. Belongs to the exchange's loop.
final class Attempts {
  private static final int BAD_GATEWAY = 502;
  private static final int GATEWAY_TIMEOUT = 504;

  private final Worker worker;
  private final Cluster cluster;
  private final Outcome outcome;
  private @Nullable Try current;
  private @Nullable TryTraffic instance;
  private int otherwise = BAD_GATEWAY;

  Attempts(Worker worker, Cluster cluster, Outcome outcome) {
    this.worker = worker;
    this.cluster = cluster;
    this.outcome = outcome;
  }

  /// An instance is asked; the try before it, if any, is over.
  void begin(Instance chosen, long now) {
    end();
    boolean isRetry = !outcome.tries().isEmpty();
    TryTraffic own = chosen.traffic();
    current = outcome.tried(chosen.endpoint(), now);
    instance = own;
    own.begun(worker.index, isRetry);
    cluster.traffic().begun(worker.index, isRetry);
    otherwise = BAD_GATEWAY;
  }

  /// A kept connection is used.
  void reused() {
    if (current != null) {
      current.connected(0);
    }
  }

  /// There is a new connection.
  void connected() {
    if (current != null) {
      current.connected(Math.max(1, worker.mark() - current.startedNanos()));
    }
  }

  /// The head of the answer is here.
  void responded(int status) {
    if (current != null) {
      current.responded(status, worker.mark());
    }
  }

  /// It went wrong.
  void failed(Failure why) {
    if (instance != null) {
      instance.failed(why);
    }
    cluster.traffic().failed(why);
    otherwise = why == Failure.UPSTREAM_TIMEOUT ? GATEWAY_TIMEOUT : BAD_GATEWAY;
  }

  /// The last try is over.
  void end() {
    Try over = current;
    if (over != null && instance != null) {
      current = null;
      over.ended(otherwise, worker.instant());
      instance.ended(worker.index, over);
      cluster.traffic().ended(worker.index, over);
    }
  }
}
