package dev.muster.balancer.guard;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// How much a cluster may have of each thing at a time, over all loops; what is more is refused
/// at once instead of piling up. Thread-safe.
public final class CircuitBreaker {
  /// What is counted.
  public enum Resource {
    /// Open connections to instances.
    CONNECTIONS,
    /// Requests that wait for a connection or a free instance.
    PENDING,
    /// Requests sent and not answered.
    REQUESTS,
    /// Requests being repeated.
    RETRIES
  }

  /// The most of each; 0 for no limit.
  public record Limits(int connections, int pending, int requests, int retries) {
    /// No limit at all.
    public static final Limits NONE = new Limits(0, 0, 0, 0);

    /// Refuses negative limits.
    public Limits {
      if (connections < 0 || pending < 0 || requests < 0 || retries < 0) {
        throw new IllegalArgumentException(
            "limits must not be negative: connections %d, pending %d, requests %d, retries %d"
                .formatted(connections, pending, requests, retries));
      }
    }

    /// That of one resource.
    public int of(Resource resource) {
      return switch (resource) {
        case CONNECTIONS -> connections;
        case PENDING -> pending;
        case REQUESTS -> requests;
        case RETRIES -> retries;
      };
    }
  }

  private final Limits limits;
  private final Map<Resource, AtomicInteger> taken = new EnumMap<>(Resource.class);
  private final Map<Resource, AtomicLong> refused = new EnumMap<>(Resource.class);

  /// With nothing taken.
  public CircuitBreaker(Limits limits) {
    this.limits = limits;
    for (Resource resource : Resource.values()) {
      taken.put(resource, new AtomicInteger());
      refused.put(resource, new AtomicLong());
    }
  }

  /// What it allows.
  public Limits limits() {
    return limits;
  }

  /// Takes one, to be given back by [#release], unless the limit is reached.
  public boolean tryAcquire(Resource resource) {
    int limit = limits.of(resource);
    AtomicInteger count = count(resource);
    int before = count.get();
    while (limit == 0 || before < limit) {
      int seen = count.compareAndExchange(before, before + 1);
      if (seen == before) {
        return true;
      }
      before = seen;
    }
    Objects.requireNonNull(refused.get(resource)).incrementAndGet();
    return false;
  }

  /// Gives one back.
  public void release(Resource resource) {
    count(resource).decrementAndGet();
  }

  /// How many are taken.
  public int taken(Resource resource) {
    return count(resource).get();
  }

  /// How many were refused since the start.
  public long refused(Resource resource) {
    return Objects.requireNonNull(refused.get(resource)).get();
  }

  private AtomicInteger count(Resource resource) {
    return Objects.requireNonNull(taken.get(resource));
  }

  /// Whether the next one would be refused.
  public boolean isOpen(Resource resource) {
    int limit = limits.of(resource);
    return limit != 0 && taken(resource) >= limit;
  }
}
