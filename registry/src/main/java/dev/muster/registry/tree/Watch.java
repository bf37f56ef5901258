package dev.muster.registry.tree;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A one-shot signal that a part of a [RadixTree] was replaced. Thread-safe; firing is final.
final class Watch {
  private boolean fired;

  /// Null while nobody waits: most watches of a tree never have a waiter.
  private @Nullable Set<WatchSet> waiters;

  /// Adds a waiter that [#fire] wakes once, at once if the watch has fired already.
  synchronized boolean add(WatchSet waiter) {
    if (fired) {
      return false;
    }
    if (waiters == null) {
      waiters = new HashSet<>(4);
    }
    waiters.add(waiter);
    return true;
  }

  synchronized void remove(WatchSet waiter) {
    if (waiters != null) {
      waiters.remove(waiter);
      if (waiters.isEmpty()) {
        waiters = null;
      }
    }
  }

  /// Whether anybody waits.
  synchronized boolean isWatched() {
    return waiters != null;
  }

  void fire() {
    Set<WatchSet> woken;
    synchronized (this) {
      fired = true;
      woken = waiters;
      waiters = null;
    }
    if (woken != null) {
      woken.forEach(WatchSet::wake);
    }
  }
}
