package dev.muster.balancer.session;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Which member each session is bound to, up to a number of sessions: the one that was quiet for
/// longest makes room for the next. Shared by all loops; its one lock is held for a few steps
/// through arrays, and nothing else is called within it.
final class SessionTable {
  private static final int NONE = -1;
  private static final int SIZE_FIRST = 256;

  private final int capacity;
  private final long timeoutNanos;
  private int[] buckets;
  private int[] next;
  private int[] older;
  private int[] newer;
  private long[] keys;
  private long[] usedAt;
  private @Nullable String[] names;
  private int size;
  private int free = NONE;
  private int used;
  private int oldest = NONE;
  private int newest = NONE;

  /// An empty one.
  ///
  /// @param timeoutNanos after which a session nobody asked for is forgotten
  SessionTable(int capacity, long timeoutNanos) {
    this.capacity = Math.max(1, capacity);
    this.timeoutNanos = timeoutNanos;
    int first = Math.min(SIZE_FIRST, this.capacity);
    this.buckets = new int[first];
    Arrays.fill(buckets, NONE);
    this.next = new int[first];
    this.older = new int[first];
    this.newer = new int[first];
    this.keys = new long[first];
    this.usedAt = new long[first];
    this.names = new String[first];
  }

  /// How many sessions are known, those that are about to be forgotten included.
  synchronized int size() {
    return size;
  }

  /// The member a session is bound to, or null; it then counts as just used.
  synchronized @Nullable String find(long key, long now) {
    int slot = slotOf(key);
    if (slot == NONE) {
      return null;
    }
    if (now - usedAt[slot] > timeoutNanos) {
      remove(slot);
      return null;
    }
    usedAt[slot] = now;
    touch(slot);
    return names[slot];
  }

  /// Binds a session, whatever it was bound to.
  synchronized void put(long key, String name, long now) {
    int slot = slotOf(key);
    if (slot == NONE) {
      slot = take(now);
      keys[slot] = key;
      int bucket = bucketOf(key);
      next[slot] = buckets[bucket];
      buckets[bucket] = slot;
      append(slot);
      size++;
    } else {
      touch(slot);
    }
    names[slot] = name;
    usedAt[slot] = now;
  }

  private int slotOf(long key) {
    int slot = buckets[bucketOf(key)];
    while (slot != NONE && keys[slot] != key) {
      slot = next[slot];
    }
    return slot;
  }

  private int bucketOf(long key) {
    return (int) Long.remainderUnsigned(key, buckets.length);
  }

  private int take(long now) {
    // A few at a time, so that no request pays for all that ran out.
    for (int i = 0; i < 2 && oldest != NONE && now - usedAt[oldest] > timeoutNanos; i++) {
      remove(oldest);
    }
    if (free == NONE && used == capacity) {
      remove(oldest);
    }
    if (free != NONE) {
      int slot = free;
      free = next[slot];
      return slot;
    }
    if (used == keys.length) {
      grow();
    }
    return used++;
  }

  private void grow() {
    int to = (int) Math.min(capacity, keys.length * 2L);
    next = new int[to];
    older = Arrays.copyOf(older, to);
    newer = Arrays.copyOf(newer, to);
    keys = Arrays.copyOf(keys, to);
    usedAt = Arrays.copyOf(usedAt, to);
    names = Arrays.copyOf(names, to);
    buckets = new int[to];
    Arrays.fill(buckets, NONE);
    // It grows only when every slot is taken.
    for (int slot = 0; slot < used; slot++) {
      int bucket = bucketOf(keys[slot]);
      next[slot] = buckets[bucket];
      buckets[bucket] = slot;
    }
  }

  private void remove(int slot) {
    int bucket = bucketOf(keys[slot]);
    if (buckets[bucket] == slot) {
      buckets[bucket] = next[slot];
    } else {
      int before = buckets[bucket];
      while (next[before] != slot) {
        before = next[before];
      }
      next[before] = next[slot];
    }
    unlink(slot);
    names[slot] = null;
    next[slot] = free;
    free = slot;
    size--;
  }

  private void touch(int slot) {
    if (slot != newest) {
      unlink(slot);
      append(slot);
    }
  }

  private void append(int slot) {
    older[slot] = newest;
    newer[slot] = NONE;
    if (newest == NONE) {
      oldest = slot;
    } else {
      newer[newest] = slot;
    }
    newest = slot;
  }

  private void unlink(int slot) {
    if (older[slot] == NONE) {
      oldest = newer[slot];
    } else {
      newer[older[slot]] = newer[slot];
    }
    if (newer[slot] == NONE) {
      newest = older[slot];
    } else {
      older[newer[slot]] = older[slot];
    }
  }
}
