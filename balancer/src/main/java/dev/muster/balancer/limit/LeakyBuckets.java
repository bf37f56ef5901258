package dev.muster.balancer.limit;

import java.util.Iterator;
import java.util.LinkedHashMap;

/// How far each key is ahead of its rate: nginx's leaky bucket, in thousandths of a request.
/// Bounded: the key not asked for longest makes room. Thread-safe; keys are spread over locks.
public final class LeakyBuckets {
  private static final int SHARDS_MAX = 16;
  private static final long SHARD_BYTES = 64 * 1024;
  private static final long ENTRY_BYTES = 128;
  private static final int KEY_BYTES_FREE = 64;
  private static final long ELAPSED_MILLIS_MAX = 1_000_000_000L;

  private final Shard[] shards;

  private static final class Bucket {
    long excess;
    long lastMillis;
  }

  /// A part of the keys; its monitor guards it.
  private static final class Shard {
    final LinkedHashMap<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true);
    final long bytesMax;
    long bytes;

    Shard(long bytesMax) {
      this.bytesMax = bytesMax;
    }

    Bucket add(String key, long nowMillis) {
      Bucket bucket = new Bucket();
      bucket.lastMillis = nowMillis;
      buckets.put(key, bucket);
      bytes += sizeOf(key);
      Iterator<String> oldest = buckets.keySet().iterator();
      while (bytes > bytesMax && buckets.size() > 1) {
        bytes -= sizeOf(oldest.next());
        oldest.remove();
      }
      return bucket;
    }
  }

  /// None yet, in so much memory: 128 octets for a key of up to 64.
  public LeakyBuckets(long bytesMax) {
    int count = Math.clamp(bytesMax / SHARD_BYTES, 1, SHARDS_MAX);
    shards = new Shard[count];
    for (int i = 0; i < count; i++) {
      shards[i] = new Shard(bytesMax / count);
    }
  }

  static long sizeOf(String key) {
    return ENTRY_BYTES + Math.max(0, key.length() - KEY_BYTES_FREE);
  }

  private Shard shard(String key) {
    int hash = key.hashCode() * 0x9E3779B9;
    return shards[(hash >>> 16) % shards.length];
  }

  /// How far a key would be ahead with one request more, in thousandths of a request.
  ///
  /// @param ratePerKilosecond requests in a thousand seconds
  /// @param burst how far it may be ahead, in thousandths
  /// @param counts whether the request counts if it may be
  /// @return that, or its negative if it must not be
  public long ask(String key, long ratePerKilosecond, long burst, long nowMillis, boolean counts) {
    Shard shard = shard(key);
    synchronized (shard) {
      Bucket bucket = shard.buckets.get(key);
      if (bucket == null) {
        if (counts) {
          shard.add(key, nowMillis);
        }
        return 0;
      }
      long excess = excess(bucket, ratePerKilosecond, nowMillis);
      if (excess > burst) {
        return -excess;
      }
      if (counts) {
        count(bucket, excess, nowMillis);
      }
      return excess;
    }
  }

  /// Counts a request that was asked for without being counted; returns how far the key is ahead.
  public long count(String key, long ratePerKilosecond, long nowMillis) {
    Shard shard = shard(key);
    synchronized (shard) {
      Bucket bucket = shard.buckets.get(key);
      if (bucket == null) {
        shard.add(key, nowMillis);
        return 0;
      }
      long excess = excess(bucket, ratePerKilosecond, nowMillis);
      count(bucket, excess, nowMillis);
      return excess;
    }
  }

  private static void count(Bucket bucket, long excess, long nowMillis) {
    bucket.excess = excess;
    // Loops read their clocks at slightly different times: it never goes back.
    bucket.lastMillis = Math.max(bucket.lastMillis, nowMillis);
  }

  private static long excess(Bucket bucket, long ratePerKilosecond, long nowMillis) {
    long elapsed = Math.clamp(nowMillis - bucket.lastMillis, 0, ELAPSED_MILLIS_MAX);
    return Math.max(0, bucket.excess - ratePerKilosecond * elapsed / 1000 + 1000);
  }

  /// How many keys are kept.
  public int size() {
    int size = 0;
    for (Shard shard : shards) {
      synchronized (shard) {
        size += shard.buckets.size();
      }
    }
    return size;
  }
}
