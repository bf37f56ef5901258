package dev.muster.balancer.proxy;

import dev.muster.balancer.guard.WaitingRoom;
import org.jspecify.annotations.Nullable;

/// An exchange's place in the line for an instance that is not at its limit. Called from any loop;
/// everything is done on the exchange's own.
final class Waiting implements WaitingRoom.Waiter {
  private final Worker worker;
  private final Tenure tenure;
  private final Runnable served;
  private final Runnable sentAway;
  private WaitingRoom.@Nullable Ticket ticket;
  private boolean isOver;

  /// @param served runs when an instance was taken
  /// @param sentAway runs when there is no room, or the wait was too long
  Waiting(Worker worker, Tenure tenure, Runnable served, Runnable sentAway) {
    this.worker = worker;
    this.tenure = tenure;
    this.served = served;
    this.sentAway = sentAway;
  }

  /// Joins the line, or goes back to its head after a call in vain.
  void enter() {
    WaitingRoom.Ticket held = ticket;
    if (held != null) {
      tenure.room().enterFirst(held);
    } else {
      ticket = tenure.room().enter(this, worker.preciseNow());
      if (ticket == null) {
        isOver = true;
        sentAway.run();
        return;
      }
    }
    // A place may have become free just before.
    if (tenure.next() >= 0) {
      leave();
      served.run();
    }
  }

  /// Gives the place in the line up.
  void leave() {
    WaitingRoom.Ticket held = ticket;
    if (!isOver && held != null && !tenure.room().leave(held)) {
      tenure.room().freed();
    }
    isOver = true;
  }

  /// Looks at the time.
  void tick() {
    tenure.room().expire(worker.preciseNow());
  }

  @Override
  public void called() {
    worker.loop.execute(
        () -> {
          if (isOver) {
            tenure.room().freed();
          } else if (tenure.next() >= 0) {
            isOver = true;
            served.run();
          } else {
            enter();
          }
        });
  }

  @Override
  public void timedOut() {
    worker.loop.execute(
        () -> {
          if (!isOver) {
            isOver = true;
            sentAway.run();
          }
        });
  }
}
