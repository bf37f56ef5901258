package dev.muster.balancer.guard;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Where requests of a cluster wait while all its members are at their limit: first come, first
/// served, so many and so long at most. Thread-safe; a place that one loop frees wakes a waiter of
/// another. Waiters are called without a lock held, on the thread that freed the place or looked at
/// the time, and hop to their own loop themselves.
///
/// Duties of whoever waits, so that no place is lost:
///
/// 1. Nobody overtakes: pick at once only if [#isEmpty].
/// 2. After [#enter], pick once more, since a place may have become free just before. If that
///    succeeds, [#leave].
/// 3. When called, pick. If someone else was faster, [#enterFirst].
/// 4. When [#leave] says false, the call is under way and meant for a place: pass it on by
///    [#freed].
public final class WaitingRoom {
  /// Who waits. Exactly one of the two happens, unless it leaves.
  public interface Waiter {
    /// There may be a place.
    void called();

    /// It waited too long.
    void timedOut();
  }

  /// One who is in the line.
  public static final class Ticket {
    private final Waiter waiter;
    private final long enteredAt;

    // Guarded by the room.
    private boolean isWaiting;
    private @Nullable Ticket next;
    private @Nullable Ticket previous;

    private Ticket(Waiter waiter, long enteredAt) {
      this.waiter = waiter;
      this.enteredAt = enteredAt;
    }

    /// When it first entered, in nanoseconds.
    public long enteredAt() {
      return enteredAt;
    }
  }

  private final int capacity;
  private final long timeoutNanos;
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong timedOut = new AtomicLong();
  private final Object lock = new Object();

  // Guarded by the lock; the size may be read without.
  private @Nullable Ticket first;
  private @Nullable Ticket last;
  private volatile int size;

  /// @param capacity how many may wait; 0 lets nobody in
  /// @param timeoutNanos how long each may wait
  public WaitingRoom(int capacity, long timeoutNanos) {
    if (capacity < 0 || timeoutNanos <= 0) {
      throw new IllegalArgumentException(
          "a waiting room for %d and %d ns: must not be negative, and the time must be some"
              .formatted(capacity, timeoutNanos));
    }
    this.capacity = capacity;
    this.timeoutNanos = timeoutNanos;
  }

  /// Whether nobody waits. Cheap.
  public boolean isEmpty() {
    return size == 0;
  }

  /// How many wait.
  public int size() {
    return size;
  }

  /// How many found the room full since the start.
  public long refused() {
    return refused.get();
  }

  /// How many waited too long since the start.
  public long timedOut() {
    return timedOut.get();
  }

  /// Joins the end of the line; null if the room is full.
  public @Nullable Ticket enter(Waiter waiter, long now) {
    synchronized (lock) {
      if (size < capacity) {
        var ticket = new Ticket(waiter, now);
        ticket.previous = last;
        if (last == null) {
          first = ticket;
        } else {
          last.next = ticket;
        }
        last = ticket;
        ticket.isWaiting = true;
        size++;
        return ticket;
      }
    }
    refused.incrementAndGet();
    return null;
  }

  /// Goes back to the head of the line with the time it has waited: it was called in vain. There is
  /// always room for one who was in.
  public void enterFirst(Ticket ticket) {
    synchronized (lock) {
      if (ticket.isWaiting) {
        throw new IllegalStateException("it waits already");
      }
      ticket.next = first;
      ticket.previous = null;
      if (first == null) {
        last = ticket;
      } else {
        first.previous = ticket;
      }
      first = ticket;
      ticket.isWaiting = true;
      size++;
    }
  }

  /// Leaves the line without being called; false if it is no longer in it.
  public boolean leave(Ticket ticket) {
    synchronized (lock) {
      if (!ticket.isWaiting) {
        return false;
      }
      remove(ticket);
      return true;
    }
  }

  /// A place became free: calls the first in the line. Cheap if nobody waits.
  public void freed() {
    if (size == 0) {
      return;
    }
    Ticket next;
    synchronized (lock) {
      next = first;
      if (next != null) {
        remove(next);
      }
    }
    if (next != null) {
      next.waiter.called();
    }
  }

  /// Tells those who waited too long. To be called now and then.
  public void expire(long now) {
    if (size == 0) {
      return;
    }
    List<Ticket> late = new ArrayList<>();
    synchronized (lock) {
      while (first != null && now - first.enteredAt >= timeoutNanos) {
        late.add(first);
        remove(first);
      }
    }
    timedOut.addAndGet(late.size());
    for (Ticket ticket : late) {
      ticket.waiter.timedOut();
    }
  }

  /// With the lock held.
  private void remove(Ticket ticket) {
    Ticket ahead = ticket.previous;
    Ticket behind = ticket.next;
    if (ahead == null) {
      first = behind;
    } else {
      ahead.next = behind;
    }
    if (behind == null) {
      last = ahead;
    } else {
      behind.previous = ahead;
    }
    ticket.previous = null;
    ticket.next = null;
    ticket.isWaiting = false;
    int before = size;
    size = before - 1;
  }
}
