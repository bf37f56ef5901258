package dev.muster.balancer.upstream;

import dev.muster.balancer.config.Addresses;
import dev.muster.balancer.dispatch.Load;
import dev.muster.balancer.guard.Ejection;
import dev.muster.balancer.guard.EjectionRules;
import dev.muster.balancer.observe.TryTraffic;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// A running instance as the data path sees it. It outlives changes of state, weight and tags, and
/// with it the idle connections to it. Thread-safe.
public final class Instance {
  private static final long RESOLVED_NANOS = 30_000_000_000L;

  private final String id;
  private final String address;
  private final int port;
  private final String endpoint;
  private final TryTraffic traffic = new TryTraffic();
  private final LongAdder requests = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final Load load = new Load();
  private final Ejection ejection;
  private final @Nullable InetSocketAddress literal;
  private final AtomicReference<@Nullable Resolution> resolution = new AtomicReference<>();
  private volatile boolean isGone;
  private volatile String unwell = "";
  private volatile long upSince = Long.MIN_VALUE;

  private record Resolution(
      long startedNanos,
      @Nullable InetSocketAddress previous,
      CompletableFuture<InetSocketAddress> found) {}

  /// @param rules when it is left out
  Instance(String id, String address, int port, EjectionRules rules) {
    this.id = id;
    this.address = address;
    this.port = port;
    this.ejection = new Ejection(rules);
    this.endpoint = (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
    InetAddress known = Addresses.literal(address);
    this.literal = known == null ? null : new InetSocketAddress(known, port);
  }

  /// Unique among all instances.
  public String id() {
    return id;
  }

  /// An IP address or a name.
  public String address() {
    return address;
  }

  /// 1 to 65535; with 0 it takes no traffic.
  public int port() {
    return port;
  }

  /// Address and port as one text.
  public String endpoint() {
    return endpoint;
  }

  /// What it was asked, and how it went.
  public TryTraffic traffic() {
    return traffic;
  }

  /// How many requests were given to it, retries included.
  public LongAdder requests() {
    return requests;
  }

  /// How many of them it did not answer properly.
  public LongAdder failures() {
    return failures;
  }

  /// Its requests in flight, and how fast it answers.
  public Load load() {
    return load;
  }

  /// Whether it is left out because requests to it went wrong.
  public Ejection ejection() {
    return ejection;
  }

  /// Since when it is up again, as of the clock of the loops; [Long#MIN_VALUE] if it was up when
  /// it became known.
  public long upSince() {
    return upSince;
  }

  void cameUp(long now) {
    upSince = now;
  }

  boolean isAt(String otherAddress, int otherPort) {
    return address.equals(otherAddress) && port == otherPort;
  }

  /// Where to connect to, or null while a name is being resolved; see [#resolve].
  public @Nullable InetSocketAddress socketAddress(long now, Executor resolver) {
    if (literal != null) {
      return literal;
    }
    Resolution known = resolution.get();
    if (known == null) {
      return null;
    }
    boolean isDone = known.found.isDone();
    InetSocketAddress found =
        isDone && !known.found.isCompletedExceptionally() ? known.found.join() : known.previous;
    if (isDone && (found == null || now - known.startedNanos > RESOLVED_NANOS)) {
      startResolution(known, new Resolution(now, found, new CompletableFuture<>()), resolver);
    }
    return found;
  }

  /// The address once it is resolved; fails if it cannot be.
  public CompletableFuture<InetSocketAddress> resolve(long now, Executor resolver) {
    Resolution known = resolution.get();
    if (known == null) {
      startResolution(null, new Resolution(now, null, new CompletableFuture<>()), resolver);
      known = resolution.get();
    }
    if (known == null) {
      throw new IllegalStateException("a resolution was started and is gone");
    }
    return known.found;
  }

  private void startResolution(@Nullable Resolution from, Resolution to, Executor resolver) {
    if (resolution.compareAndSet(from, to)) {
      resolver.execute(
          () -> {
            try {
              to.found.complete(new InetSocketAddress(InetAddress.getByName(address), port));
            } catch (UnknownHostException e) {
              to.found.completeExceptionally(e);
            }
          });
    }
  }

  /// Its address; null if it is a name.
  @Nullable InetSocketAddress literal() {
    return literal;
  }

  /// Why the balancer's own checks say that it is not well; empty if they do not.
  public String unwell() {
    return unwell;
  }

  /// What the balancer's own checks say.
  void mark(String why) {
    unwell = why;
  }

  void leave() {
    isGone = true;
  }

  /// Whether it left the catalog, so that its idle connections are to be closed.
  public boolean isGone() {
    return isGone;
  }
}
