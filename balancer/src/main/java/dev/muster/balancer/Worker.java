package dev.muster.balancer;

import dev.muster.balancer.BalancerConfig.Limits;
import dev.muster.balancer.http1.HeadWriter;
import dev.muster.balancer.http1.Octets;
import dev.muster.balancer.http1.RequestHead;
import dev.muster.balancer.http1.ResponseHead;
import dev.muster.balancer.http1.TargetPath;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.Ticker;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What belongs to one event loop: its clients, its idle connections to instances, and the codec
/// state all of them share because only one head is read at a time. Everything here runs on that
/// loop, and one tick watches all its deadlines.
final class Worker {
  private static final long TICK_MILLIS = 100;
  private static final int DESCRIBED_BYTES_MAX = 200;

  final int index;
  final EventLoop loop;
  final Transport transport;
  final Catalog catalog;
  final Counters counters;
  final Executor resolver;
  final Limits limits;
  final Deadlines deadlines;
  final RequestHead request;
  final ResponseHead response;
  final HeadWriter writer = new HeadWriter();

  /// Where heads are read: one is copied out of its buffer once, and scanned as an array.
  final byte[] scratch;

  private final byte[] host;
  private final List<ClientConnection> clients = new ArrayList<>();
  private final List<Instance> withIdle = new ArrayList<>();
  private final Ticker ticker;
  private final Promise<Void> drained;
  private long now;
  private boolean isDraining;

  /// The timeouts in nanoseconds, each with one tick more so that none ends early.
  record Deadlines(
      long clientHeader,
      long clientIdle,
      long clientBody,
      long clientSend,
      long connect,
      long response,
      long upstreamIdle,
      long retry,
      long skip) {

    static Deadlines of(BalancerConfig.Timeouts timeouts) {
      long tick = TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);
      return new Deadlines(
          timeouts.clientHeader().toNanos() + tick,
          timeouts.clientIdle().toNanos() + tick,
          timeouts.clientBody().toNanos() + tick,
          timeouts.clientSend().toNanos() + tick,
          timeouts.connect().toNanos() + tick,
          timeouts.response().toNanos() + tick,
          timeouts.upstreamIdle().toNanos() + tick,
          timeouts.retry().toNanos(),
          timeouts.skip().toNanos());
    }
  }

  Worker(
      int index,
      EventLoop loop,
      Transport transport,
      BalancerConfig config,
      Catalog catalog,
      Counters counters,
      Executor resolver) {
    this.index = index;
    this.loop = loop;
    this.transport = transport;
    this.catalog = catalog;
    this.counters = counters;
    this.resolver = resolver;
    this.limits = config.limits();
    this.deadlines = Deadlines.of(config.timeouts());
    this.request =
        new RequestHead(limits.requestLineBytes(), limits.headerBytes(), limits.headerCount());
    this.response =
        new ResponseHead(limits.requestLineBytes(), limits.headerBytes(), limits.headerCount());
    // An empty line may stand before a request.
    this.scratch = new byte[limits.requestLineBytes() + limits.headerBytes() + 2];
    this.host = new byte[scratch.length];
    this.ticker = loop.ticker();
    this.drained = loop.newPromise();
    this.now = ticker.nanoTime();
  }

  void start() {
    loop.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /// The time as of the last tick; late by up to 100 ms.
  long now() {
    return now;
  }

  boolean isDraining() {
    return isDraining;
  }

  private void tick() {
    now = ticker.nanoTime();
    for (int i = clients.size() - 1; i >= 0; i--) {
      if (i < clients.size()) {
        clients.get(i).tick(now);
      }
    }
    for (Iterator<Instance> each = withIdle.iterator(); each.hasNext(); ) {
      Instance instance = each.next();
      Instance.IdleConnections idle = instance.idle(index);
      closeExpired(instance, idle.waiting);
      if (idle.waiting.isEmpty()) {
        idle.isListed = false;
        each.remove();
      }
    }
  }

  // The connections that wait longest are at the end.
  private void closeExpired(Instance instance, ArrayDeque<UpstreamConnection> waiting) {
    for (UpstreamConnection oldest = waiting.peekLast();
        oldest != null && (instance.isGone() || now - oldest.idleSince() > deadlines.upstreamIdle);
        oldest = waiting.peekLast()) {
      waiting.removeLast();
      oldest.close();
    }
  }

  /// The route of a request, or null.
  @Nullable Route route(RequestHead head) {
    int length = 0;
    byte[] bytes = head.bytes();
    int end = head.hostEnd();
    // A name may be written with the dot of the root at its end.
    if (end > head.hostStart() && bytes[end - 1] == '.') {
      end--;
    }
    for (int at = head.hostStart(); at < end; at++) {
      host[length++] = Octets.lower(bytes[at]);
    }
    TargetPath path = head.path();
    return catalog.table().find(host, length, path.bytes(), path.start(), path.end());
  }

  /// Which host and path had no route.
  String describe(RequestHead head) {
    TargetPath path = head.path();
    return "no route for host '%s' and path '%s'"
        .formatted(
            text(head.bytes(), head.hostStart(), head.hostEnd()),
            text(path.bytes(), path.start(), path.end()));
  }

  private static String text(byte[] bytes, int from, int to) {
    return new String(
        bytes, from, Math.min(to - from, DESCRIBED_BYTES_MAX), StandardCharsets.US_ASCII);
  }

  /// Takes part in ticks and in draining; returns false if there is no room for another client.
  boolean add(ClientConnection client) {
    counters.connections.increment();
    client.setSlot(clients.size());
    clients.add(client);
    return counters.connections.sum() <= limits.connections() && !isDraining;
  }

  void remove(ClientConnection client) {
    counters.connections.decrement();
    ClientConnection last = clients.removeLast();
    if (last != client) {
      clients.set(client.slot(), last);
      last.setSlot(client.slot());
    }
    if (isDraining && clients.isEmpty()) {
      drained.trySuccess(null);
    }
  }

  /// A kept connection to the instance, or null.
  @Nullable UpstreamConnection pollIdle(Instance instance) {
    ArrayDeque<UpstreamConnection> waiting = instance.idle(index).waiting;
    UpstreamConnection found = waiting.pollFirst();
    while (found != null && !found.isOpen()) {
      found = waiting.pollFirst();
    }
    return found;
  }

  void keep(UpstreamConnection connection) {
    Instance instance = connection.instance();
    Instance.IdleConnections idle = instance.idle(index);
    if (instance.isGone() || idle.waiting.size() >= limits.idlePerInstance()) {
      connection.close();
      return;
    }
    idle.waiting.addFirst(connection);
    if (!idle.isListed) {
      idle.isListed = true;
      withIdle.add(instance);
    }
  }

  void forget(UpstreamConnection connection) {
    connection.instance().idle(index).waiting.remove(connection);
  }

  /// Opens a channel whose events go to the connection; its connect is still to be asked for.
  Channel open(UpstreamConnection connection) {
    Channel channel = transport.upstream();
    channel.pipeline().addLast(connection);
    loop.register(channel);
    return channel;
  }

  /// Closes idle clients and lets the others finish; the promise succeeds when all are gone.
  Promise<Void> drain() {
    loop.execute(
        () -> {
          isDraining = true;
          for (ClientConnection client : List.copyOf(clients)) {
            client.drain();
          }
          if (clients.isEmpty()) {
            drained.trySuccess(null);
          }
        });
    return drained;
  }

  /// Cuts off whoever is still there; completes with the loop.
  void cutOff() {
    loop.execute(
        () -> {
          for (ClientConnection client : List.copyOf(clients)) {
            client.close();
          }
          for (Instance instance : withIdle) {
            List.copyOf(instance.idle(index).waiting).forEach(UpstreamConnection::close);
          }
        });
  }
}
