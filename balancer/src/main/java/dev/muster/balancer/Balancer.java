package dev.muster.balancer;

import dev.muster.balancer.access.Credentials;
import dev.muster.balancer.chain.Chance;
import dev.muster.balancer.config.BalancerConfig;
import dev.muster.balancer.config.Configuration;
import dev.muster.balancer.config.ListenConfig.Socket;
import dev.muster.balancer.config.SessionKey;
import dev.muster.balancer.config.UpstreamConfig;
import dev.muster.balancer.file.Disk;
import dev.muster.balancer.guard.EjectionRules;
import dev.muster.balancer.handover.Handover;
import dev.muster.balancer.handover.Inheritance;
import dev.muster.balancer.insight.Insight;
import dev.muster.balancer.limit.Zones;
import dev.muster.balancer.observe.Counters;
import dev.muster.balancer.observe.Ledgers;
import dev.muster.balancer.observe.Statistics;
import dev.muster.balancer.observe.Watch;
import dev.muster.balancer.pipeline.Shared;
import dev.muster.balancer.pipeline.Steps;
import dev.muster.balancer.proxy.Listeners;
import dev.muster.balancer.proxy.Transport;
import dev.muster.balancer.proxy.Worker;
import dev.muster.balancer.request.Surroundings;
import dev.muster.balancer.route.Hosts;
import dev.muster.balancer.route.Routing;
import dev.muster.balancer.upstream.Catalog;
import dev.muster.balancer.upstream.Cluster;
import dev.muster.balancer.upstream.Clusters;
import dev.muster.balancer.upstream.Endpoints;
import dev.muster.balancer.upstream.Rules;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Ticker;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running HTTP/1.1 reverse proxy: every request goes to an instance of the virtual server and
/// location, or of the route that services ask for, which its host and path match. Thread-safe;
/// [#close] ends it.
public final class Balancer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Balancer.class);

  private final BalancerConfig config;
  private final Catalog catalog;
  private final Clusters clusters;
  private final Routing routing;
  private final Chance chance;
  private final Counters counters;
  private final Watch watch;
  private final MultiThreadIoEventLoopGroup group;
  private final List<Worker> workers;
  private final Listeners listeners;
  private final Socket own;
  private final Disk disk = new Disk();
  private final Credentials credentials;
  private Zones zones = Zones.NONE;
  private final AtomicBoolean isClosed = new AtomicBoolean();
  private volatile Configuration configured = Configuration.empty();

  // Cap lifted: it is made in one place, of its parts
  private Balancer(
      BalancerConfig config,
      Catalog catalog,
      Clusters clusters,
      Routing routing,
      Chance chance,
      Counters counters,
      Watch watch,
      MultiThreadIoEventLoopGroup group,
      List<Worker> workers,
      Listeners listeners,
      Socket own) {
    this.config = config;
    this.catalog = catalog;
    this.clusters = clusters;
    this.routing = routing;
    this.chance = chance;
    this.counters = counters;
    this.watch = watch;
    this.group = group;
    this.workers = workers;
    this.listeners = listeners;
    this.own = own;
    this.credentials =
        new Credentials(
            task -> Thread.ofVirtual().name("balancer-passwords").start(task), config.threads());
  }

  /// Listens when the call returns; every request is answered 404 until endpoints are known.
  /// Throws an `IllegalStateException` naming the address if it cannot be listened on.
  public static Balancer start(BalancerConfig config) {
    return start(config, Surroundings.unnamed(new SecureRandom()));
  }

  /// The same with what requests can ask of the machine and the process.
  public static Balancer start(BalancerConfig config, Surroundings surroundings) {
    return start(config, surroundings, Inheritance.none());
  }

  /// The same with sockets that are listened on already. With any of them, nothing is accepted
  /// before the first configuration is applied, and those that it does not ask for are closed then.
  // Cap lifted: everything is put together here, in order
  public static Balancer start(
      BalancerConfig config, Surroundings surroundings, Inheritance inheritance) {
    Transport transport = Transport.best();
    LongSupplier nanoTime = Ticker.systemTicker()::nanoTime;
    Catalog catalog = new Catalog(nanoTime, ejectionRules(config.timeouts().skip()));
    Watch watch =
        Watch.start(
            config.telemetry(),
            Clock.system(ZoneId.systemDefault()),
            nanoTime,
            RandomGenerator.of("L64X128MixRandom"));
    SessionKey key = config.sessionKey().orElseGet(Balancer::ownKey);
    Clusters clusters = new Clusters(config.threads(), "", nanoTime, key);
    Chance chance = new Chance(new SecureRandom());
    Routing routing =
        Routing.of(
            catalog,
            config.threads(),
            watch.ledgers(),
            key,
            () -> Rules.of(UpstreamConfig.of("", List.of()), "", nanoTime.getAsLong()),
            chance);
    Counters counters = new Counters();
    Executor resolver = task -> Thread.ofVirtual().name("balancer-resolver").start(task);
    var group =
        new MultiThreadIoEventLoopGroup(
            config.threads(), new DefaultThreadFactory("balancer"), transport.ioHandlers());
    List<Worker> workers = new ArrayList<>();
    for (int i = 0; i < config.threads(); i++) {
      workers.add(
          new Worker(
              i,
              group.next(),
              transport,
              config,
              routing,
              counters,
              watch,
              resolver,
              RandomGenerator.of("L64X128MixRandom"),
              surroundings));
    }
    try {
      boolean isHeir = !inheritance.isEmpty();
      Listeners listeners = new Listeners(transport, workers, inheritance);
      Socket own = new Socket(config.listenAddress(), config.port());
      if (own.port() >= 0) {
        own = listeners.open(own, true);
      }
      workers.forEach(Worker::start);
      Balancer balancer =
          new Balancer(
              config,
              catalog,
              clusters,
              routing,
              chance,
              counters,
              watch,
              group,
              List.copyOf(workers),
              listeners,
              own);
      catalog.follow(balancer.clusters);
      if (!isHeir) {
        listeners.accept();
      }
      return balancer;
    } catch (IllegalStateException e) {
      group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
      watch.close();
      throw e;
    }
  }

  /// Of instances of services: one failure to answer is enough while there are others, and five
  /// answers with 5xx in a row.
  private static EjectionRules ejectionRules(Duration skip) {
    return EjectionRules.nginx(0, Duration.ZERO)
        .withOutliers(1, 5, 0)
        .withEjection(skip, skip.multipliedBy(32));
  }

  private static SessionKey ownKey() {
    log.info("there is no session key: session cookies are forgotten when this process ends");
    return SessionKey.random(new SecureRandom());
  }

  /// The port listened on for the routes that services ask for, or -1.
  public int port() {
    return own.port();
  }

  /// Hands what is listened on to a successor that connects to a socket of the file system.
  ///
  /// @param path of that socket; replaced if it is there
  /// @param drain run, once and on a thread of its own, when the successor serves
  /// @throws IOException if it cannot be listened on, or the system cannot hand sockets over
  public Handover handOver(Path path, Runnable drain) throws IOException {
    return Handover.offer(path, group.next(), listeners::descriptors, drain);
  }

  /// Where to say what is where.
  public Endpoints endpoints() {
    return catalog;
  }

  /// Serves what a configuration says from the next request on, instead of what one said before.
  ///
  /// @throws IllegalStateException naming the address that cannot be listened on; then nothing has
  ///     changed
  /// @throws IllegalArgumentException naming a zone that does not exist; likewise
  public synchronized void apply(Configuration configuration) {
    Ledgers ledgers = watch.ledgers();
    Zones nextZones = zones.next(configuration.zones());
    Map<String, Cluster> named = clusters.replace(configuration.upstreams());
    Assembly assembly =
        new Assembly(
            clusters,
            named,
            ledgers,
            new Steps(disk, counters, new Shared(nextZones, credentials)),
            configuration.chains(),
            chance);
    try {
      Map<Socket, Hosts> hosts = assembly.hosts(configuration);
      listeners.replace(hosts.keySet(), Set.of(own));
      catalog.between(() -> routing.replace(hosts, configuration.chains(), named));
      ledgers.replace(assembly.ledgers());
      listeners.accept();
      configured = configuration;
      zones = nextZones;
    } catch (IllegalStateException | IllegalArgumentException e) {
      ledgers.closeUnused();
      clusters.replace(configured.upstreams());
      throw e;
    }
  }

  /// What was done so far.
  public Statistics statistics() {
    return new Statistics(
        counters.connections().sum(),
        counters.requests().sum(),
        counters.retries().sum(),
        counters.failures(),
        catalog.statistics());
  }

  /// What can be asked about it.
  public Insight insight() {
    return new Insight(
        catalog,
        clusters,
        routing,
        watch,
        own,
        configured,
        Ticker.systemTicker()::nanoTime,
        RandomGenerator.of("L64X128MixRandom"));
  }

  /// Opens the access logs anew, after someone has renamed them; returns before that is done.
  public void reopenLogs() {
    watch.ledgers().reopen();
  }

  /// Stops accepting, lets requests in flight finish for up to the drain timeout, then cuts off
  /// what is left. Blocks until all is closed; further calls do nothing.
  @Override
  public void close() {
    close(config.timeouts().drain());
  }

  /// The same with another time for what is in flight.
  public void close(Duration drain) {
    if (!isClosed.compareAndSet(false, true)) {
      return;
    }
    listeners.closeAll();
    clusters.close();
    List<Future<Void>> drained = new ArrayList<>();
    workers.forEach(worker -> drained.add(worker.drain()));
    Ticker ticker = workers.getFirst().ticker();
    long deadline = ticker.nanoTime() + drain.toNanos();
    for (Future<Void> each : drained) {
      each.awaitUninterruptibly(Math.max(0, deadline - ticker.nanoTime()), TimeUnit.NANOSECONDS);
    }
    workers.forEach(Worker::cutOff);
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    watch.close();
    disk.close();
  }
}
