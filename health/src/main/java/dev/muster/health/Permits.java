package dev.muster.health;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;

/// The permits to probe: so many at once in all, and a quarter of them for each owner, so that the
/// checks of one that never answers do not stop those of all others. Thread-safe.
final class Permits {
  private static final int OWNERS_MIN = 4;

  private final Semaphore all;
  private final int each;

  /// Guarded by this.
  private final Map<Owner, Share> shares = new HashMap<>();

  Permits(int atOnceMax) {
    all = new Semaphore(atOnceMax, true);
    each = Math.max(1, atOnceMax / OWNERS_MIN);
  }

  /// A service on a node; the node itself if the service is empty.
  record Owner(String node, String serviceId) {}

  /// Kept while anybody uses it, or waits to.
  private record Share(Semaphore permits, int users) {
    Share plus(int more) {
      return new Share(permits, users + more);
    }
  }

  /// Runs the work once there is a permit. Blocks; an interrupt ends the waiting.
  void with(Owner owner, Clockwork.Probing work) throws InterruptedException {
    Semaphore share = enter(owner);
    try {
      share.acquire();
      try {
        all.acquire();
        try {
          work.run();
        } finally {
          all.release();
        }
      } finally {
        share.release();
      }
    } finally {
      leave(owner);
    }
  }

  private synchronized Semaphore enter(Owner owner) {
    Share share = shares.getOrDefault(owner, new Share(new Semaphore(each, true), 0));
    shares.put(owner, share.plus(1));
    return share.permits();
  }

  private synchronized void leave(Owner owner) {
    Share share = shares.get(owner);
    if (share != null && share.users() > 1) {
      shares.put(owner, share.plus(-1));
    } else {
      shares.remove(owner);
    }
  }
}
