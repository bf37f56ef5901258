package dev.muster.consul.serving;

import dev.muster.http.Request;
import dev.muster.http.Response;
import dev.muster.registry.Registry;
import dev.muster.registry.View;
import dev.muster.registry.tree.Found;
import dev.muster.registry.tree.WatchSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/// Runs reads at the asked consistency and, with `index`, keeps them waiting until their own answer
/// changed (Consul's blocking queries).
public final class Reads {
  private final Registry registry;
  private final LongSupplier nanoTime;
  private final RandomGenerator random;
  private final Set<WatchSet> parked = ConcurrentHashMap.newKeySet();
  private volatile boolean ends;

  public Reads(Registry registry, LongSupplier nanoTime, RandomGenerator random) {
    this.registry = registry;
    this.nanoTime = nanoTime;
    this.random = random;
  }

  @FunctionalInterface
  public interface Query<T> {
    Found<T> run(View view, WatchSet watches);
  }

  /// Blocks for as long as the request asks and nothing it asks for changes. Of something that is
  /// absent, staying absent is no change, whatever happens to its table's index meanwhile.
  public <T> Found<T> read(Request request, Query<T> query) throws InterruptedException {
    return read(request, query, (index, after) -> Long.compareUnsigned(index, after) > 0);
  }

  /// As [#read], of what has an index that only names its state: any other one is a change.
  public <T> Found<T> readUnordered(Request request, Query<T> query) throws InterruptedException {
    return read(request, query, (index, after) -> index != after);
  }

  /// The state of the asked consistency.
  public View view(Request request) {
    return view(ReadOptions.of(request));
  }

  private View view(ReadOptions options) {
    return options.consistency() == ReadOptions.Consistency.STALE
        ? registry.localView()
        : registry.view();
  }

  /// Whether an index says more than the one that a client knows.
  @FunctionalInterface
  private interface IsNews {
    boolean test(long index, long after);
  }

  private <T> Found<T> read(Request request, Query<T> query, IsNews isNews)
      throws InterruptedException {
    ReadOptions options = ReadOptions.of(request);
    View view = view(options);
    WatchSet watches = new WatchSet();
    Found<T> found = query.run(view, watches);
    if (options.index() == 0) {
      return found;
    }
    long wait = options.timeout().toNanos();
    long deadline = nanoTime.getAsLong() + wait + random.nextLong(wait / 16 + 1);
    long after = options.index();
    boolean wasAbsent = false;
    while (!isNews.test(index(found), after) || (wasAbsent && found.isAbsent())) {
      if (isNews.test(index(found), after)) {
        after = index(found);
      }
      wasAbsent = found.isAbsent();
      if (!park(watches, deadline)) {
        return found;
      }
      watches = new WatchSet();
      View next = registry.localView();
      found = query.run(next, watches);
      if (next.restores() != view.restores()) {
        return found;
      }
    }
    return found;
  }

  /// Returns whether to look again.
  private boolean park(WatchSet watches, long deadline) throws InterruptedException {
    parked.add(watches);
    try {
      return !ends && watches.await(Math.max(0, deadline - nanoTime.getAsLong())) && !ends;
    } finally {
      parked.remove(watches);
    }
  }

  /// Ends all waits, as if their time was over, and lets nothing wait any more.
  public void end() {
    ends = true;
    parked.forEach(WatchSet::wake);
  }

  /// Blocks for as long as the request asks, or until the answer is one that `isNew`: for answers
  /// that are told apart by what they say, not by an index.
  public <T> T readUntil(Request request, BiFunction<View, WatchSet, T> query, Predicate<T> isNew)
      throws InterruptedException {
    ReadOptions options = ReadOptions.of(request);
    long wait = options.timeout().toNanos();
    long deadline = nanoTime.getAsLong() + wait + random.nextLong(wait / 16 + 1);
    WatchSet watches = new WatchSet();
    T found = query.apply(registry.view(), watches);
    while (!isNew.test(found) && park(watches, deadline)) {
      watches = new WatchSet();
      found = query.apply(registry.localView(), watches);
    }
    return found;
  }

  /// Never 0: clients take that for a fault.
  private static long index(Found<?> found) {
    return found.index() == 0 ? 1 : found.index();
  }

  /// Whether the group has a leader, as far as this server knows.
  public boolean knowsLeader() {
    return registry.standing().leaderAddress().isPresent();
  }

  /// Adds the headers that tell clients how to wait for the next change.
  public Response withIndex(Response response, Found<?> found) {
    return response
        .with("X-Consul-Index", Long.toString(index(found)))
        .with("X-Consul-Knownleader", Boolean.toString(knowsLeader()))
        .with("X-Consul-Lastcontact", "0")
        .with("X-Consul-Query-Backend", "blocking-query");
  }

  /// As [#withIndex], with the consistency that the catalog's answers name.
  public Response withIndexAndConsistency(Response response, Found<?> found, Request request) {
    return withIndex(response, found)
        .with("X-Consul-Effective-Consistency", ReadOptions.of(request).consistency().word());
  }

  /// As [#withIndexAndConsistency], for what Consul's agents may keep: there is no cache here, so
  /// who asks for a kept answer is told that it is a new one.
  public Response withIndexAndCache(Response response, Found<?> found, Request request) {
    Response answer = withIndexAndConsistency(response, found, request);
    return request.hasParameter("cached") ? answer.with("X-Cache", "MISS") : answer;
  }
}
