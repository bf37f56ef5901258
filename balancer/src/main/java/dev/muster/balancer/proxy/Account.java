package dev.muster.balancer.proxy;

import dev.muster.balancer.http1.RequestHead;
import dev.muster.balancer.observe.Ledger;
import dev.muster.balancer.pipeline.Location;
import dev.muster.balancer.request.Client;
import dev.muster.balancer.request.Outcome;
import dev.muster.balancer.request.Request;
import dev.muster.balancer.route.Hosts;
import org.jspecify.annotations.Nullable;

/// The books of one client's connection: which request is served, and what is entered when it is
/// over, once for each. Belongs to the connection's loop.
final class Account {
  private static final int CLIENT_LEFT = 499;

  private final Worker worker;
  private final Entrance entrance;
  private @Nullable Request request;
  private @Nullable Location location;

  Account(Worker worker, Entrance entrance) {
    this.worker = worker;
    this.entrance = entrance;
  }

  /// A request whose head is here begins.
  ///
  /// @param octets of its head
  Request begin(Client client, RequestHead head, int octets) {
    client.requested();
    var begun = new Request(client, head, worker.mark());
    begun.outcome().received(octets);
    entrance.traffic().begun(worker.index);
    request = begun;
    location = null;
    if (worker.tracer != null) {
      worker.tracer.begin(begun);
    }
    return begun;
  }

  /// The request is in a location.
  void at(Location next) {
    if (location != next) {
      leave();
      location = next;
      next.ledger().traffic().begun(worker.index);
    }
  }

  // Who is in a location is counted where it is; where it ends, it is counted as over.
  private void leave() {
    if (location != null) {
      location.ledger().traffic().left(worker.index);
    }
  }

  /// Octets of the request's body came.
  void received(int octets) {
    if (request != null) {
      request.outcome().received(octets);
    }
  }

  /// Octets are sent to the client.
  void sent(int octets) {
    if (request != null) {
      request.outcome().sent(octets);
    }
  }

  /// An answer begins.
  ///
  /// @param octets of its head
  void answered(int status, int octets) {
    if (request != null) {
      request.outcome().answered(status);
      request.outcome().headSent(octets);
    }
  }

  /// An interim answer of so many octets is sent.
  void interim(int octets) {
    if (request != null) {
      request.outcome().headSent(octets);
    }
  }

  /// A request that is refused before anyone is asked, unless one is being served.
  ///
  /// @param isRead whether its head was read whole
  void refuse(Client client, boolean isRead) {
    if (request == null) {
      RequestHead head = worker.request;
      begin(client, isRead ? head : head.refused(), 0);
    }
  }

  /// The request is over, if there is one.
  ///
  /// @param step where it was, if nothing was decided yet
  void end(@Nullable Location step) {
    Request over = request;
    if (over == null) {
      return;
    }
    request = null;
    if (location == null && step != null) {
      at(step);
    }
    Outcome outcome = over.outcome();
    long now = worker.instant();
    if (outcome.status() == 0) {
      outcome.answered(CLIENT_LEFT);
      now = worker.mark();
    }
    outcome.ended(Math.max(0, now - over.startedNanos()));
    entrance.traffic().ended(worker.index, outcome);
    Ledger ledger = ledger();
    ledger.enter(over, worker.index, worker.lines);
    if (worker.tracer != null) {
      worker.tracer.end(over, ledger.location(), now);
    }
  }

  private Ledger ledger() {
    Location last = location;
    location = null;
    if (last != null) {
      return last.ledger();
    }
    Hosts hosts = entrance.hosts(worker.routing.table());
    Ledger found = hosts == null ? worker.ledgers.others() : hosts.fallback().root().ledger();
    found.traffic().begun(worker.index);
    return found;
  }
}
