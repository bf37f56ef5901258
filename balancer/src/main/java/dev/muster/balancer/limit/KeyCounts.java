package dev.muster.balancer.limit;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// How many of each key there are now. Bounded; thread-safe.
public final class KeyCounts {
  private final ConcurrentHashMap<Object, Integer> counts = new ConcurrentHashMap<>();
  private final AtomicLong bytes = new AtomicLong();
  private final long bytesMax;

  /// None yet, in so much memory: 128 octets for a key of up to 64.
  public KeyCounts(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  private static long sizeOf(Object key) {
    return key instanceof String text ? LeakyBuckets.sizeOf(text) : LeakyBuckets.sizeOf("");
  }

  /// One more of a key, to be given back by [#leave]; false if there are as many as there may be,
  /// or no memory for another key.
  public boolean enter(Object key, int most) {
    if (most < 1) {
      return false;
    }
    boolean[] isIn = new boolean[1];
    counts.compute(
        key,
        (_, known) -> {
          isIn[0] = known == null ? hasRoom(key) : known < most;
          if (!isIn[0]) {
            return known;
          }
          return known == null ? 1 : known + 1;
        });
    return isIn[0];
  }

  private boolean hasRoom(Object key) {
    if (bytes.addAndGet(sizeOf(key)) > bytesMax) {
      bytes.addAndGet(-sizeOf(key));
      return false;
    }
    return true;
  }

  /// One less of a key.
  public void leave(Object key) {
    counts.computeIfPresent(
        key,
        (_, known) -> {
          if (known > 1) {
            return known - 1;
          }
          bytes.addAndGet(-sizeOf(key));
          return null;
        });
  }

  /// How many of a key there are.
  public int count(Object key) {
    return counts.getOrDefault(key, 0);
  }

  /// How many keys there are.
  public int size() {
    return counts.size();
  }
}
