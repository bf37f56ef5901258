package dev.muster.balancer;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Ticker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/// A running HTTP/1.1 reverse proxy: every request goes to a passing instance of the most specific
/// route its host and path match. Thread-safe; [#close] ends it.
public final class Balancer implements AutoCloseable {
  private final BalancerConfig config;
  private final Catalog catalog;
  private final Counters counters;
  private final MultiThreadIoEventLoopGroup group;
  private final List<Worker> workers;
  private final List<Channel> listeners;
  private final AtomicBoolean isClosed = new AtomicBoolean();

  private Balancer(
      BalancerConfig config,
      Catalog catalog,
      Counters counters,
      MultiThreadIoEventLoopGroup group,
      List<Worker> workers,
      List<Channel> listeners) {
    this.config = config;
    this.catalog = catalog;
    this.counters = counters;
    this.group = group;
    this.workers = workers;
    this.listeners = listeners;
  }

  /// Listens when the call returns; every request is answered 404 until endpoints are known.
  /// Throws an `IllegalStateException` naming the address if it cannot be listened on.
  public static Balancer start(BalancerConfig config) {
    Transport transport = Transport.best();
    Catalog catalog = new Catalog(config.threads());
    Counters counters = new Counters();
    Executor resolver = task -> Thread.ofVirtual().name("balancer-resolver").start(task);
    var group =
        new MultiThreadIoEventLoopGroup(
            config.threads(), new DefaultThreadFactory("balancer"), transport.ioHandlers());
    List<Worker> workers = new ArrayList<>();
    for (int i = 0; i < config.threads(); i++) {
      workers.add(new Worker(i, group.next(), transport, config, catalog, counters, resolver));
    }
    try {
      List<Channel> listeners = listen(config, transport, workers);
      workers.forEach(Worker::start);
      return new Balancer(
          config, catalog, counters, group, List.copyOf(workers), List.copyOf(listeners));
    } catch (IllegalStateException e) {
      group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
      throw e;
    }
  }

  private static List<Channel> listen(
      BalancerConfig config, Transport transport, List<Worker> workers) {
    InetAddress address = Addresses.literal(config.listenAddress());
    int port = config.port();
    List<Channel> listeners = new ArrayList<>();
    int count = transport.sharesPort() ? workers.size() : 1;
    if (transport.sharesPort() && port != 0) {
      requireFree(new InetSocketAddress(address, port), config);
    }
    for (int i = 0; i < count; i++) {
      Worker own = workers.get(i);
      Supplier<Worker> choice = transport.sharesPort() ? () -> own : new Turns(workers);
      ServerChannel listener = transport.listener();
      listener.pipeline().addLast(new Acceptor(choice));
      await(own.loop.register(listener), config);
      await(listener.bind(new InetSocketAddress(address, port)), config);
      port = ((InetSocketAddress) listener.localAddress()).getPort();
      listeners.add(listener);
    }
    return listeners;
  }

  /// Listeners that share a port would also share it with another process of this user, which then
  /// got a part of the connections: one that does not share it finds out.
  private static void requireFree(InetSocketAddress address, BalancerConfig config) {
    try (ServerSocket lone = new ServerSocket()) {
      lone.setReuseAddress(true);
      lone.bind(address);
    } catch (IOException e) {
      throw cannotListen(config, e);
    }
  }

  private static void await(ChannelFuture done, BalancerConfig config) {
    if (!done.awaitUninterruptibly().isSuccess()) {
      throw cannotListen(config, done.cause());
    }
  }

  private static IllegalStateException cannotListen(BalancerConfig config, Throwable cause) {
    return new IllegalStateException(
        "the balancer cannot listen on %s port %d: %s"
            .formatted(config.listenAddress(), config.port(), cause),
        cause);
  }

  /// Workers one after another; belongs to the loop of the only listener.
  private static final class Turns implements Supplier<Worker> {
    private final List<Worker> workers;
    private int next;

    Turns(List<Worker> workers) {
      this.workers = workers;
    }

    @Override
    public Worker get() {
      next = (next + 1) % workers.size();
      return workers.get(next);
    }
  }

  /// The port listened on.
  public int port() {
    return ((InetSocketAddress) listeners.getFirst().localAddress()).getPort();
  }

  /// Where to say what is where.
  public Endpoints endpoints() {
    return catalog;
  }

  /// What was done so far.
  public Statistics statistics() {
    return new Statistics(
        counters.connections.sum(),
        counters.requests.sum(),
        counters.retries.sum(),
        counters.failures(),
        catalog.statistics());
  }

  /// Stops accepting, lets requests in flight finish for up to the drain timeout, then cuts off
  /// what is left. Blocks until all is closed; further calls do nothing.
  @Override
  public void close() {
    if (!isClosed.compareAndSet(false, true)) {
      return;
    }
    listeners.forEach(listener -> listener.close().awaitUninterruptibly());
    List<Future<Void>> drained = new ArrayList<>();
    workers.forEach(worker -> drained.add(worker.drain()));
    Ticker ticker = workers.getFirst().loop.ticker();
    long deadline = ticker.nanoTime() + config.timeouts().drain().toNanos();
    for (Future<Void> each : drained) {
      each.awaitUninterruptibly(Math.max(0, deadline - ticker.nanoTime()), TimeUnit.NANOSECONDS);
    }
    workers.forEach(Worker::cutOff);
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
