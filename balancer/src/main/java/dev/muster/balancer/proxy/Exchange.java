package dev.muster.balancer.proxy;

import dev.muster.balancer.config.ProxyConfig.Retry;
import dev.muster.balancer.dispatch.Picker;
import dev.muster.balancer.guard.Ejection.Cause;
import dev.muster.balancer.http1.RequestHead;
import dev.muster.balancer.observe.Statistics.Failure;
import dev.muster.balancer.pipeline.Location;
import dev.muster.balancer.pipeline.Verdict.Answer;
import dev.muster.balancer.request.Request;
import dev.muster.balancer.upstream.Cluster;
import dev.muster.balancer.upstream.Instance;
import io.netty.buffer.ByteBuf;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One request on its way to one instance after another until one answers. Belongs to the loop of
/// its client.
///
/// | phase | waits for | next |
/// | --- | --- | --- |
/// | QUEUED | an instance that is not at its limit | CONNECTING, DONE |
/// | CONNECTING | an address or a connection | SENT, CONNECTING elsewhere, DONE |
/// | SENT | the response head | RELAYING, CONNECTING elsewhere, DONE |
/// | RELAYING | the rest of the response | TUNNEL, DONE |
/// | TUNNEL | either side to close | DONE |
final class Exchange implements Asker {
  private enum Phase {
    QUEUED,
    CONNECTING,
    SENT,
    RELAYING,
    TUNNEL,
    DONE
  }

  private final ClientConnection client;
  private final Worker worker;
  private final ResponseRelay relay;
  private final Replay request;
  private final boolean mayRepeat;
  private final boolean isWebSocket;
  private final boolean isHead;
  private final boolean isVersion10;
  private final boolean clientKeeps;

  private final Location location;
  private final Cluster cluster;
  private final Request asked;
  private Phase phase = Phase.CONNECTING;
  private @Nullable UpstreamConnection upstream;
  private Tenure tenure;
  private @Nullable Waiting waiting;
  private final @Nullable Hedging hedging;
  private long startedAt;
  private long progressAt;
  private boolean isBodyComplete;

  Exchange(
      ClientConnection client, Worker worker, Location location, Cluster cluster, Request asked) {
    this.client = client;
    this.worker = worker;
    this.location = location;
    this.cluster = cluster;
    this.asked = asked;
    RequestHead head = asked.head();
    this.mayRepeat = head.isIdempotent() || location.retry().isNonIdempotent();
    this.isHead = head.isHead();
    this.isVersion10 = head.isVersion10();
    this.clientKeeps = head.keepsAlive();
    this.isWebSocket = head.upgradesToWebSocket();
    this.tenure = new Tenure(worker, cluster, asked);
    this.hedging =
        location.hedgeNanos() == 0 ? null : new Hedging(worker, this, location.hedgeNanos());
    this.relay = new ResponseRelay(this, worker);
    Objects.requireNonNull(location.forwarding()).write(asked, isWebSocket, worker.writer.clear());
    this.request =
        new Replay(
            client.channel.alloc(),
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

  Tenure tenure() {
    return tenure;
  }

  ClientConnection client() {
    return client;
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
    boolean isRetry = tenure.count() > 0;
    if (isRetry ? isOutOfTries() : !tenure.tryEnter()) {
      fail(last);
      return;
    }
    // Nobody overtakes those who wait.
    int index = tenure.room().isEmpty() ? tenure.next() : Picker.FULL;
    boolean needsNewConnection = index == Picker.NONE && isRetry && tenure.nextDeadConnection();
    if (index == Picker.FULL) {
      queue();
      return;
    }
    if (index < 0 && !needsNewConnection) {
      fail(last);
      return;
    }
    if (isRetry) {
      worker.counters.retries().increment();
    }
    go(needsNewConnection);
  }

  private boolean isOutOfTries() {
    Retry retry = location.retry();
    int most = retry.tries() == 0 ? worker.limits.tries() : retry.tries();
    long within = retry.within().isZero() ? worker.deadlines.retry() : retry.within().toNanos();
    return tenure.count() >= most || worker.now() - startedAt > within || !tenure.mayTryAgain();
  }

  private void go(boolean needsNewConnection) {
    Instance chosen = tenure.instance();
    chosen.requests().increment();
    phase = Phase.CONNECTING;
    progressAt = worker.now();
    UpstreamConnection kept = needsNewConnection ? null : worker.idle.poll(chosen);
    if (kept != null) {
      kept.assign(this);
      tenure.attempts().reused();
      upstream = kept;
      send(kept);
    } else {
      upstream = new UpstreamConnection(worker, chosen);
      upstream.connect(this);
    }
  }

  private void queue() {
    phase = Phase.QUEUED;
    progressAt = worker.now();
    Waiting entered = new Waiting(worker, tenure, () -> go(false), () -> fail(Failure.NO_INSTANCE));
    waiting = entered;
    entered.enter();
  }

  @Override
  public void connected(UpstreamConnection opened) {
    tenure.attempts().connected();
    send(opened);
  }

  @Override
  public void connectFailed(UpstreamConnection failed) {
    connectFailed();
  }

  /// Nothing was sent, so that any request may go elsewhere.
  private void connectFailed() {
    upstream = null;
    tenure.count(Failure.CONNECT);
    tenure.failed(Cause.CONNECT, false);
    tryNext(Failure.CONNECT);
  }

  private void send(UpstreamConnection to) {
    phase = Phase.SENT;
    progressAt = worker.now();
    request.writeTo(to, tenure.strip(), mayRepeat);
    if (hedging != null && isBodyComplete && !isWebSocket) {
      hedging.sent(tenure, request);
    }
    if (!client.isReading) {
      to.flush();
    }
    if (client.holdsBody && to.isWritable()) {
      client.holdBody(false);
    }
  }

  /// Passes on a piece of the body, or keeps it until there is a connection.
  void body(ByteBuf piece, boolean isLast) {
    isBodyComplete = isLast;
    progressAt = worker.now();
    UpstreamConnection to = upstream;
    if (phase == Phase.QUEUED || phase == Phase.CONNECTING || to == null) {
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
    if (!client.isReading) {
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

  @Override
  public void writable() {
    progressAt = worker.now();
    client.holdBody(false);
  }

  void clientWritable() {
    progressAt = worker.now();
    if (upstream != null) {
      upstream.resume();
    }
  }

  /// Something came from the instance; stops reading while the client does not keep up.
  void relayed() {
    progressAt = worker.now();
    if (upstream != null && !client.outflow.isWritable()) {
      upstream.pause();
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
    tenure.answered(relay.status());
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
    tenure.count(Failure.UPSTREAM_INVALID);
    tenure.failed(Cause.ANSWER, false);
    fail(Failure.UPSTREAM_INVALID);
  }

  @Override
  public void received(UpstreamConnection from, ByteBuf bytes) {
    if (hedging != null) {
      hedging.cancel();
    }
    relay.read(bytes);
  }

  @Override
  public void receivedAll() {
    client.outflow.flush();
  }

  /// Whether a second copy could still help.
  boolean awaitsAnswer(Tenure sent) {
    return phase == Phase.SENT && tenure == sent && relay.isUntouched() && request.isKept();
  }

  /// The second copy was answered first.
  void follow(Hedge winner) {
    closeUpstream();
    tenure.end();
    tenure = winner.tenure();
    upstream = winner.connection();
    winner.connection().passTo(this);
  }

  /// Whether a response of that status is not passed on, because another instance is asked.
  boolean asksElsewhere(int status) {
    Retry retry = location.retry();
    boolean isFailure = !retry.statuses().isEmpty() && retry.statuses().contains(status);
    if (!isFailure || !request.isKept() || !tenure.hasOther() || isOutOfTries()) {
      return false;
    }
    tenure.count(Failure.UPSTREAM_INVALID);
    tenure.failed(Cause.ANSWER, false);
    closeUpstream();
    relay.startOver();
    tryNext(Failure.UPSTREAM_INVALID);
    return true;
  }

  @Override
  public void closed(UpstreamConnection closed) {
    if (closed != upstream) {
      return;
    }
    if (phase == Phase.TUNNEL) {
      upstream = null;
      end();
      client.exchangeFinished(false);
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
      tenure.failed(Cause.RESET, true);
      tryNext(Failure.UPSTREAM_CLOSED);
      return;
    }
    tenure.count(Failure.UPSTREAM_CLOSED);
    tenure.failed(Cause.RESET, false);
    if (canRetry) {
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
    if (why == Failure.NO_INSTANCE) {
      worker.counters.failed(why);
      cluster.traffic().failed(why);
    }
    Answer answer = Answer.of(Failures.status(why, cluster), Failures.sentence(why, cluster));
    client.exchangeFailed(this, answer, keeps);
  }

  /// The client gets something else than this response: lets go of the instance.
  ///
  /// @param left octets of the body that are still to come, -1 to close the connection
  void letGo(int status, long left) {
    UpstreamConnection used = upstream;
    upstream = null;
    tenure.answered(status);
    end();
    if (used != null) {
      used.drain(isBodyComplete ? left : -1);
    }
  }

  private void closeUpstream() {
    UpstreamConnection used = upstream;
    upstream = null;
    if (used != null) {
      used.close();
    }
  }

  private void end() {
    Waiting line = waiting;
    if (phase == Phase.QUEUED && line != null) {
      line.leave();
    }
    if (hedging != null) {
      hedging.cancel();
    }
    phase = Phase.DONE;
    tenure.end();
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
    if (!client.isReading) {
      to.flush();
    }
    if (!to.isWritable()) {
      client.holdBody(true);
    }
  }

  void tick(long now) {
    long waited = now - progressAt;
    Worker.Deadlines deadlines = worker.deadlines;
    Waiting line = waiting;
    if (phase == Phase.QUEUED && line != null) {
      line.tick();
    } else if (phase == Phase.CONNECTING) {
      if (waited > location.connectNanosOr(deadlines.connect())) {
        closeUpstream();
        connectFailed();
      }
    } else if (!client.outflow.isWritable()) {
      if (waited > deadlines.clientSend()) {
        worker.counters.failed(Failure.CLIENT_TIMEOUT);
        client.close();
      }
    } else if (phase == Phase.SENT && !isBodyComplete && !client.holdsBody) {
      if (waited > deadlines.clientBody()) {
        client.refuse(ClientConnection.TOO_SLOW);
      }
    } else if (waited > location.readNanosOr(deadlines.response())) {
      tenure.count(Failure.UPSTREAM_TIMEOUT);
      boolean canRetry =
          phase == Phase.SENT && request.isKept() && location.retry().isAfterTimeout();
      tenure.failed(Cause.TIMEOUT, false);
      if (canRetry) {
        closeUpstream();
        tryNext(Failure.UPSTREAM_TIMEOUT);
      } else {
        fail(Failure.UPSTREAM_TIMEOUT);
      }
    }
  }
}
