package dev.muster.balancer.proxy;

import dev.muster.balancer.config.BalancerConfig;
import dev.muster.balancer.config.BalancerConfig.Limits;
import dev.muster.balancer.config.ListenConfig.Socket;
import dev.muster.balancer.http1.DateField;
import dev.muster.balancer.http1.HeadWriter;
import dev.muster.balancer.http1.LineEnds;
import dev.muster.balancer.http1.Octets;
import dev.muster.balancer.http1.RequestHead;
import dev.muster.balancer.http1.ResponseHead;
import dev.muster.balancer.http1.TargetPath;
import dev.muster.balancer.observe.Counters;
import dev.muster.balancer.observe.Entrances;
import dev.muster.balancer.observe.Ledgers;
import dev.muster.balancer.observe.LogLines;
import dev.muster.balancer.observe.Statistics.Failure;
import dev.muster.balancer.observe.Tracer;
import dev.muster.balancer.observe.Watch;
import dev.muster.balancer.pipeline.Location;
import dev.muster.balancer.pipeline.Verdict;
import dev.muster.balancer.request.Client;
import dev.muster.balancer.request.PatternTooCostly;
import dev.muster.balancer.request.Request;
import dev.muster.balancer.request.Site;
import dev.muster.balancer.request.Surroundings;
import dev.muster.balancer.route.Hosts;
import dev.muster.balancer.route.Locations;
import dev.muster.balancer.route.Routing;
import dev.muster.balancer.route.RoutingTable;
import dev.muster.balancer.route.VirtualServer;
import dev.muster.balancer.upstream.Cluster;
import dev.muster.balancer.upstream.Instance;
import dev.muster.balancer.upstream.Rules;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.Ticker;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What belongs to one event loop: its clients, its idle connections to instances, and the codec
/// state all of them share because only one head is read at a time. Everything here runs on that
/// loop, and one tick watches all its deadlines.
public final class Worker {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);
  private static final long TICK_MILLIS = 100;
  private static final int DESCRIBED_BYTES_MAX = 200;

  final int index;
  final EventLoop loop;
  final Transport transport;
  final Routing routing;
  final Counters counters;
  final Executor resolver;
  private final Surroundings surroundings;
  private final int loops;
  final Limits limits;
  final Deadlines deadlines;
  final RequestHead request;
  final ResponseHead response;
  final Pick pick;
  final IdlePool idle;
  final HeadWriter writer = new HeadWriter();
  final Ledgers ledgers;
  final LogLines lines;
  final @Nullable Tracer tracer;
  final DateField date = new DateField();

  /// Where heads are read: one is copied out of its buffer once, and scanned as an array.
  final byte[] scratch;

  private final @Nullable LineEnds lineEnds;
  private final Map<Socket, Entrance> entrances = new ConcurrentHashMap<>();
  private final byte[] host;
  private final List<ClientConnection> clients = new ArrayList<>();
  private final Ticker ticker;
  private final Promise<Void> drained;
  private long connections;
  final Location noRoute;
  private final Entrances sockets;
  private long now;
  private long marked;
  private boolean isDraining;
  private int reading;
  private int waiting;

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

  /// One for a loop; it does nothing before [#start].
  // Cap lifted: it is made in one place, of what all loops share
  public Worker(
      int index,
      EventLoop loop,
      Transport transport,
      BalancerConfig config,
      Routing routing,
      Counters counters,
      Watch watch,
      Executor resolver,
      RandomGenerator random,
      Surroundings surroundings) {
    this.index = index;
    this.loop = loop;
    this.transport = transport;
    this.routing = routing;
    this.counters = counters;
    this.resolver = resolver;
    this.surroundings = surroundings;
    this.loops = config.threads();
    this.ledgers = watch.ledgers();
    this.lines = new LogLines(watch.clock());
    this.tracer = watch.tracer(random);
    this.sockets = watch.entrances();
    this.limits = config.limits();
    this.pick =
        new Pick(index, random, new Cluster("", 0, config.threads(), Rules.plain()).membership());
    this.idle = new IdlePool(limits.idlePerInstance());
    this.deadlines = Deadlines.of(config.timeouts());
    this.request =
        new RequestHead(limits.requestLineBytes(), limits.headerBytes(), limits.headerCount());
    this.response =
        new ResponseHead(limits.requestLineBytes(), limits.headerBytes(), limits.headerCount());
    // An empty line may stand before a request.
    int headBytes = limits.requestLineBytes() + limits.headerBytes() + 2;
    this.lineEnds = config.takesBareLf() ? new LineEnds() : null;
    this.scratch = new byte[lineEnds == null ? headBytes : headBytes + limits.headerCount() + 2];
    this.host = new byte[scratch.length];
    this.ticker = loop.ticker();
    this.drained = loop.newPromise();
    this.now = ticker.nanoTime();
    this.marked = now;
    this.noRoute = Location.none("no route", ledgers.others());
    this.date.update(surroundings.now().getEpochSecond());
  }

  /// Begins to watch deadlines.
  public void start() {
    loop.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /// A client on a new connection.
  Client client(Channel channel) {
    return new Client(
        (InetSocketAddress) channel.remoteAddress(),
        (InetSocketAddress) channel.localAddress(),
        surroundings,
        ticker::nanoTime,
        ++connections * loops + index);
  }

  /// The time as of the last tick; late by up to 100 ms.
  long now() {
    return now;
  }

  /// Looks at the clock, for what happens in this turn of the loop.
  long mark() {
    marked = ticker.nanoTime();
    return marked;
  }

  /// The time as of the last [#mark].
  long instant() {
    return marked;
  }

  /// The clock of the loop.
  public Ticker ticker() {
    return ticker;
  }

  /// The time now; costs a little.
  long preciseNow() {
    return mark();
  }

  /// Says that an instance is left out from now on.
  void tell(Cluster cluster, Instance instance) {
    log.warn(
        "{}: instance {} at {} port {}: {}",
        cluster.name(),
        instance.id(),
        instance.address(),
        instance.port(),
        instance.ejection().reason(preciseNow()));
  }

  boolean isDraining() {
    return isDraining;
  }

  private void tick() {
    now = mark();
    date.update(surroundings.now().getEpochSecond());
    int readingNow = 0;
    int waitingNow = 0;
    for (int i = clients.size() - 1; i >= 0; i--) {
      if (i < clients.size()) {
        ClientConnection client = clients.get(i);
        readingNow += client.isIdle(true) ? 1 : 0;
        waitingNow += client.isIdle(false) ? 1 : 0;
        client.tick(now);
      }
    }
    counters.reading().add(readingNow - reading);
    counters.waiting().add(waitingNow - waiting);
    reading = readingNow;
    waiting = waitingNow;
    idle.closeExpired(now, deadlines.upstreamIdle);
  }

  /// A socket as this loop sees it.
  Entrance entrance(Socket socket, boolean followsTags) {
    return entrances.computeIfAbsent(socket, it -> new Entrance(it, followsTags, sockets.of(it)));
  }

  /// Finds out who serves a request: a virtual server of that name, a route that services ask for,
  /// the socket's default server.
  void serve(ClientConnection client, Request asked) {
    RequestHead head = asked.head();
    int hostLength = lowerCaseHost(head);
    RoutingTable table = routing.table();
    Hosts hosts = client.entrance.hosts(table);
    VirtualServer server;
    try {
      server = hosts == null ? null : hosts.named(asked, host, hostLength);
    } catch (PatternTooCostly e) {
      client.answer(asked, noRoute, Verdict.Answer.of(500, "the host takes too long to look up"));
      return;
    }
    if (server == null && client.entrance.followsTags()) {
      TargetPath path = head.path();
      if (path.hasDotSegment()) {
        client.refuse(TargetPath.DOT_SEGMENT);
        return;
      }
      Location route = table.byTag(host, hostLength, path.bytes(), path.start(), path.end());
      if (route != null) {
        Cluster cluster = route.cluster();
        if (cluster != null) {
          client.forward(asked, route, cluster);
        } else {
          client.serve(new VirtualServer("", route, Locations.NONE, Site.PLAIN), asked);
        }
        return;
      }
    }
    if (server == null && hosts != null) {
      server = hosts.fallback();
    }
    if (server != null) {
      client.serve(server, asked);
    } else {
      counters.failed(Failure.NO_ROUTE);
      client.answer(asked, noRoute, Verdict.Answer.of(404, describe(head)));
    }
  }

  /// Copies what has arrived to where heads are read; returns how many octets there are then.
  int copyHead(Inbox inbox) {
    int count = inbox.copyTo(scratch);
    return lineEnds == null ? count : lineEnds.complete(scratch, count);
  }

  /// Drops the head that was copied last, and ends at an offset there.
  void skipHead(Inbox inbox, int end) {
    inbox.skip(lineEnds == null ? end : end - lineEnds.inserted());
  }

  private int lowerCaseHost(RequestHead head) {
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
    return length;
  }

  /// Which host and path had no route.
  private static String describe(RequestHead head) {
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
    counters.connections().increment();
    counters.accepted().increment();
    client.slot = clients.size();
    clients.add(client);
    return counters.connections().sum() <= limits.connections() && !isDraining;
  }

  void remove(ClientConnection client) {
    counters.connections().decrement();
    ClientConnection last = clients.removeLast();
    if (last != client) {
      clients.set(client.slot, last);
      last.slot = client.slot;
    }
    if (isDraining && clients.isEmpty()) {
      drained.trySuccess(null);
    }
  }

  /// Opens a channel whose events go to the connection; its connect is still to be asked for.
  Channel open(UpstreamConnection connection) {
    Channel channel = transport.upstream();
    channel.pipeline().addLast(connection);
    loop.register(channel);
    return channel;
  }

  /// Closes idle clients and lets the others finish; the promise succeeds when all are gone.
  public Promise<Void> drain() {
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
  public void cutOff() {
    loop.execute(
        () -> {
          for (ClientConnection client : List.copyOf(clients)) {
            client.close();
          }
          idle.closeAll();
        });
  }
}
