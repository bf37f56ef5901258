package dev.muster.balancer.proxy;

import dev.muster.balancer.http1.RequestHead;
import dev.muster.balancer.observe.Statistics.Failure;
import dev.muster.balancer.pipeline.Location;
import dev.muster.balancer.request.Request;
import dev.muster.balancer.upstream.Cluster;
import dev.muster.balancer.upstream.Instance;
import dev.muster.balancer.upstream.Membership;
import dev.muster.balancer.upstream.Target;
import dev.muster.balancer.upstream.Tries;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One request on its way to one instance after another until one answers. Belongs to the loop of
/// its client.
///
/// | phase | waits for | next |
/// | --- | --- | --- |
/// | CONNECTING | an address or a connection | SENT, CONNECTING elsewhere, DONE |
/// | SENT | the response head | RELAYING, CONNECTING elsewhere, DONE |
/// | RELAYING | the rest of the response | TUNNEL, DONE |
/// | TUNNEL | either side to close | DONE |
final class Exchange {
  private enum Phase {
    CONNECTING,
    SENT,
    RELAYING,
    TUNNEL,
    DONE
  }

  private static final Logger log = LoggerFactory.getLogger(Exchange.class);

  private final ClientConnection client;
  private final Worker worker;
  private final ResponseRelay relay;
  private final Replay request;
  private final boolean isIdempotent;
  private final boolean isWebSocket;
  private final boolean isHead;
  private final boolean isVersion10;
  private final boolean clientKeeps;

  private final Location location;
  private final Cluster cluster;
  private final Request asked;
  private Phase phase = Phase.CONNECTING;
  private @Nullable UpstreamConnection upstream;
  private @Nullable Instance instance;
  private @Nullable Tries tries;
  private int strip;
  private long startedAt;
  private long progressAt;
  private boolean isBodyComplete;

  Exchange(ClientConnection client, Worker worker, Location location, Request asked) {
    this.client = client;
    this.worker = worker;
    this.location = location;
    this.cluster = Objects.requireNonNull(location.cluster());
    this.asked = asked;
    RequestHead head = asked.head();
    this.isIdempotent = head.isIdempotent();
    this.isHead = head.isHead();
    this.isVersion10 = head.isVersion10();
    this.clientKeeps = head.keepsAlive();
    this.isWebSocket = head.upgradesToWebSocket();
    this.relay = new ResponseRelay(this, worker);
    Objects.requireNonNull(location.forwarding()).write(asked, isWebSocket, worker.writer.clear());
    this.request =
        new Replay(
            client.channel().alloc(),
            worker.writer,
            head.methodLength() + 1,
            worker.limits.replayBytes());
    if (location.asksLater()) {
      asked.keepHead();
    }
  }

  Location location() {
    return location;
  }

  Request asked() {
    return asked;
  }

  ClientConnection client() {
    return client;
  }

  ResponseRelay relay() {
    return relay;
  }

  boolean isHead() {
    return isHead;
  }

  boolean isVersion10() {
    return isVersion10;
  }

  boolean isWebSocket() {
    return isWebSocket;
  }

  /// Whether the connection to the client can be kept, as far as the request is concerned.
  boolean canKeepClient() {
    return clientKeeps && isBodyComplete && !worker.isDraining();
  }

  void begin(boolean hasWholeBody) {
    isBodyComplete = hasWholeBody;
    startedAt = worker.now();
    tryNext(Failure.NO_INSTANCE);
  }

  private void tryNext(Failure last) {
    Membership members = cluster.membership();
    long now = worker.now();
    int index = members.next(worker.index, tries, now);
    boolean needsNewConnection = false;
    if (index < 0 && tries != null) {
      Instance again = tries.nextDeadConnection();
      index = again == null ? -1 : members.indexOf(again);
      needsNewConnection = true;
    }
    boolean isOutOfTries =
        tries != null
            && (tries.count() >= worker.limits.tries()
                || now - startedAt > worker.deadlines.retry());
    if (index < 0 || isOutOfTries) {
      fail(last);
      return;
    }
    if (tries != null) {
      worker.counters.retries().increment();
    }
    Target target = members.targets().get(index);
    Instance chosen = target.instance();
    chosen.requests().increment();
    instance = chosen;
    strip = target.strip();
    phase = Phase.CONNECTING;
    progressAt = now;
    UpstreamConnection kept = needsNewConnection ? null : worker.idle.poll(chosen);
    if (kept != null) {
      kept.assign(this);
      upstream = kept;
      send(kept);
    } else {
      connect(chosen);
    }
  }

  private void connect(Instance chosen) {
    InetSocketAddress address = chosen.socketAddress(worker.now(), worker.resolver);
    if (address != null) {
      connect(chosen, address);
      return;
    }
    chosen
        .resolve(worker.now(), worker.resolver)
        .whenComplete((found, problem) -> worker.loop.execute(() -> resolved(chosen, found)));
  }

  private void resolved(Instance chosen, @Nullable InetSocketAddress address) {
    if (phase != Phase.CONNECTING || instance != chosen || upstream != null) {
      return;
    }
    if (address == null) {
      connectFailed();
    } else {
      connect(chosen, address);
    }
  }

  private void connect(Instance chosen, InetSocketAddress address) {
    UpstreamConnection opened = new UpstreamConnection(worker, chosen);
    upstream = opened;
    opened.connect(address, this);
  }

  void connected(UpstreamConnection opened) {
    send(opened);
  }

  /// Nothing was sent, so that any request may go elsewhere.
  void connectFailed() {
    Instance failed = current();
    if (failed.connectFailed(worker.now(), worker.deadlines.skip())) {
      log.warn(
          "instance {} at {} port {} does not accept connections and is skipped for a while",
          failed.id(),
          failed.address(),
          failed.port());
    }
    upstream = null;
    giveUpOn(failed, Failure.CONNECT);
    tries().add(failed, false);
    tryNext(Failure.CONNECT);
  }

  private void giveUpOn(Instance failed, Failure why) {
    failed.failures().increment();
    worker.counters.failed(why);
  }

  private Tries tries() {
    Tries known = tries;
    if (known == null) {
      known = new Tries();
      tries = known;
    }
    return known;
  }

  private Instance current() {
    Instance known = instance;
    if (known == null) {
      throw new IllegalStateException("no instance was chosen yet");
    }
    return known;
  }

  private void send(UpstreamConnection to) {
    phase = Phase.SENT;
    progressAt = worker.now();
    request.writeTo(to, strip, isIdempotent);
    if (!client.isReading()) {
      to.flush();
    }
    if (client.isBodyHeld() && to.isWritable()) {
      client.holdBody(false);
    }
  }

  /// Passes on a piece of the body, or keeps it until there is a connection.
  void body(ByteBuf piece, boolean isLast) {
    isBodyComplete = isLast;
    progressAt = worker.now();
    UpstreamConnection to = upstream;
    if (phase == Phase.CONNECTING || to == null) {
      request.add(piece);
      piece.release();
      if (!isLast && request.isFull()) {
        client.holdBody(true);
      }
      return;
    }
    if (request.isKept()) {
      if (request.hasRoomFor(piece)) {
        request.add(piece);
      } else {
        request.forget();
      }
    }
    to.write(piece);
    if (!client.isReading()) {
      to.flush();
    }
    if (!isLast && !to.isWritable()) {
      client.holdBody(true);
    }
  }

  void flushUpstream() {
    UpstreamConnection to = upstream;
    if (to != null && phase != Phase.CONNECTING) {
      to.flush();
    }
  }

  void upstreamWritable() {
    progressAt = worker.now();
    client.holdBody(false);
  }

  void clientWritable() {
    progressAt = worker.now();
    UpstreamConnection from = upstream;
    if (from != null) {
      from.resume();
    }
  }

  /// Something came from the instance; stops reading while the client does not keep up.
  void relayed() {
    progressAt = worker.now();
    UpstreamConnection from = upstream;
    if (from != null && !client.isWritable()) {
      from.pause();
    }
  }

  /// The response head is here: from now on the request cannot go elsewhere.
  void responseStarted() {
    phase = Phase.RELAYING;
    request.forget();
  }

  void responseComplete(boolean canReuse, boolean keepsClient) {
    UpstreamConnection used = upstream;
    upstream = null;
    boolean isWhole = isBodyComplete;
    end();
    if (used != null) {
      if (canReuse && isWhole && used.isOpen()) {
        used.release();
      } else {
        used.close();
      }
    }
    client.exchangeFinished(keepsClient && isWhole);
  }

  void responseInvalid() {
    giveUpOn(current(), Failure.UPSTREAM_INVALID);
    fail(Failure.UPSTREAM_INVALID);
  }

  /// The instance closed the connection, or it broke.
  void upstreamClosed(UpstreamConnection closed) {
    if (closed != upstream) {
      return;
    }
    if (phase == Phase.TUNNEL) {
      upstream = null;
      end();
      client.closeAfterTunnel();
      return;
    }
    if (phase == Phase.RELAYING && !closed.isBroken() && relay.endsWithConnection()) {
      relay.finish();
      return;
    }
    upstream = null;
    boolean canRetry = phase == Phase.SENT && request.isKept() && relay.isUntouched();
    if (canRetry && closed.isReused()) {
      // Closed while it was idle, most likely: that is nobody's failure.
      tries().add(closed.instance(), true);
      tryNext(Failure.UPSTREAM_CLOSED);
      return;
    }
    giveUpOn(closed.instance(), Failure.UPSTREAM_CLOSED);
    if (canRetry) {
      tries().add(closed.instance(), false);
      tryNext(Failure.UPSTREAM_CLOSED);
    } else {
      fail(Failure.UPSTREAM_CLOSED);
    }
  }

  private void fail(Failure why) {
    boolean hasStarted = phase == Phase.RELAYING || phase == Phase.TUNNEL;
    boolean keeps = canKeepClient();
    closeUpstream();
    end();
    if (hasStarted) {
      client.close();
      return;
    }
    String service = cluster.name();
    switch (why) {
      case NO_INSTANCE -> {
        worker.counters.failed(why);
        respond(cluster.emptyStatus(), service + " has no passing instance", keeps);
      }
      case CONNECT -> respond(502, "no instance of " + service + " accepts connections", keeps);
      case UPSTREAM_CLOSED ->
          respond(502, "the instance of " + service + " closed the connection", keeps);
      case UPSTREAM_TIMEOUT ->
          respond(504, "the instance of " + service + " did not answer in time", keeps);
      case UPSTREAM_INVALID ->
          respond(502, "the instance of " + service + " did not answer in HTTP", keeps);
      case REFUSED, NO_ROUTE, CLIENT_TIMEOUT, CLIENT_CLOSED ->
          throw new IllegalStateException(why.name());
    }
  }

  private void respond(int status, String line, boolean keeps) {
    client.respond(status, line, keeps, isHead, isVersion10);
  }

  private void closeUpstream() {
    UpstreamConnection used = upstream;
    upstream = null;
    if (used != null) {
      used.close();
    }
  }

  private void end() {
    phase = Phase.DONE;
    request.forget();
    relay.release();
  }

  void clientClosed() {
    worker.counters.failed(Failure.CLIENT_CLOSED);
    UpstreamConnection used = upstream;
    if (phase == Phase.TUNNEL && used != null) {
      upstream = null;
      used.closeAfterFlush();
    }
    abandon();
  }

  /// Ends without a word to the client; returns whether a response had been started.
  boolean abandon() {
    boolean hasStarted = phase == Phase.RELAYING || phase == Phase.TUNNEL;
    closeUpstream();
    end();
    return hasStarted;
  }

  void startTunnel() {
    phase = Phase.TUNNEL;
    client.startTunnel();
  }

  void tunnel(ByteBuf bytes) {
    progressAt = worker.now();
    UpstreamConnection to = upstream;
    if (to == null) {
      bytes.release();
      return;
    }
    to.write(bytes);
    if (!client.isReading()) {
      to.flush();
    }
    if (!to.isWritable()) {
      client.holdBody(true);
    }
  }

  void tick(long now) {
    long waited = now - progressAt;
    Worker.Deadlines deadlines = worker.deadlines;
    if (phase == Phase.CONNECTING) {
      if (waited > location.connectNanosOr(deadlines.connect())) {
        closeUpstream();
        connectFailed();
      }
    } else if (!client.isWritable()) {
      if (waited > deadlines.clientSend()) {
        worker.counters.failed(Failure.CLIENT_TIMEOUT);
        client.close();
      }
    } else if (phase == Phase.SENT && !isBodyComplete && !client.isBodyHeld()) {
      if (waited > deadlines.clientBody()) {
        client.bodyTooSlow();
      }
    } else if (waited > location.readNanosOr(deadlines.response())) {
      giveUpOn(current(), Failure.UPSTREAM_TIMEOUT);
      fail(Failure.UPSTREAM_TIMEOUT);
    }
  }
}
