package dev.muster.balancer.proxy;

import dev.muster.balancer.http1.HeaderBlock;
import dev.muster.balancer.http1.Refusal;
import dev.muster.balancer.http1.RequestHead;
import dev.muster.balancer.http1.TargetPath;
import dev.muster.balancer.observe.Statistics.Failure;
import dev.muster.balancer.pipeline.Location;
import dev.muster.balancer.pipeline.Verdict.Answer;
import dev.muster.balancer.pipeline.Verdict.SendFile;
import dev.muster.balancer.request.Request;
import dev.muster.balancer.route.VirtualServer;
import dev.muster.balancer.upstream.Cluster;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One client's connection: finds the requests in what it sends and serves them one after another.
/// Belongs to its loop.
///
/// | phase | what arrives is | next |
/// | --- | --- | --- |
/// | HEAD | a request head | DECIDING, CLOSING |
/// | DECIDING | kept until it is decided where the request goes | BODY, WAIT, DISCARD, CLOSING |
/// | BODY | the body of the request in flight | WAIT, CLOSING |
/// | DISCARD | the body of a request that is answered already | HEAD, CLOSING |
/// | WAIT | the next request, kept until the response is sent | HEAD, TUNNEL, CLOSING |
/// | TUNNEL | passed on as it is | CLOSING |
/// | CLOSING | thrown away while the last response is sent | |
final class ClientConnection extends ChannelInboundHandlerAdapter {
  private enum Phase {
    HEAD,
    DECIDING,
    BODY,
    DISCARD,
    WAIT,
    TUNNEL,
    CLOSING
  }

  private static final Logger log = LoggerFactory.getLogger(ClientConnection.class);
  private static final long LINGER_NANOS = 5_000_000_000L;
  private static final long NEW_NANOS = 1_000_000_000L;
  static final Refusal TOO_SLOW = new Refusal(408, "the request took too long to arrive");

  final Worker worker;
  final Entrance entrance;
  final Channel channel;
  private final Inbox inbox = new Inbox();
  final Account account;
  final Outflow outflow;
  final RequestBody body;
  private final Answers replies;
  private final Admission admission;
  private @Nullable Serving serving;
  private @Nullable Exchange exchange;
  private Phase phase = Phase.HEAD;
  private long since;
  private boolean wasServed;
  private boolean isFlushed;
  /// Whether a read is going on, at whose end both sides are flushed.
  boolean isReading;
  private boolean isProcessing;
  private boolean holdsNextRequest;
  boolean holdsBody;
  private boolean isFinishing;
  private boolean keepsThen;

  /// Where the worker keeps it.
  int slot;

  ClientConnection(Worker worker, Entrance entrance, Channel channel) {
    this.worker = worker;
    this.entrance = entrance;
    this.channel = channel;
    this.account = new Account(worker, entrance);
    this.outflow = new Outflow(this, worker, channel);
    this.body = new RequestBody(worker);
    this.replies = new Answers(worker, outflow);
    this.admission = new Admission(worker, entrance, channel);
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    since = worker.now();
    if (worker.add(this)) {
      admission.begin(context);
    } else {
      channel.close();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    isReading = true;
    if (inbox.isEmpty() && phase == Phase.HEAD) {
      since = worker.now();
    }
    inbox.add((ByteBuf) message);
    if (phase != Phase.HEAD || inbox.isWorthReading()) {
      process();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    isReading = false;
    Exchange current = exchange;
    if (current != null) {
      current.flushUpstream();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (channel.isWritable()) {
      outflow.advance();
      outflowAdvanced();
    }
  }

  /// More can be sent, or all that was held back is sent.
  void outflowAdvanced() {
    Exchange current = exchange;
    if (isFinishing && !outflow.isBusy()) {
      isFinishing = false;
      finish(keepsThen);
    } else if (current != null && outflow.isWritable()) {
      current.clientWritable();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    phase = Phase.CLOSING;
    inbox.clear();
    outflow.release();
    worker.remove(this);
    Exchange current = exchange;
    exchange = null;
    if (current != null) {
      current.clientClosed();
    }
    endServing();
  }

  private void endServing() {
    Serving current = serving;
    serving = null;
    account.end(current == null ? null : current.location());
    if (current != null) {
      current.end();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (!(cause instanceof IOException)) {
      log.error("a client's connection is cut off by a fault of the balancer", cause);
    }
    channel.close();
  }

  private void process() {
    if (isProcessing) {
      return;
    }
    isProcessing = true;
    try {
      boolean goesOn = true;
      while (goesOn && !inbox.isEmpty()) {
        goesOn =
            switch (phase) {
              case HEAD -> head();
              case BODY -> passBody();
              case DISCARD -> discard();
              case TUNNEL -> tunnel();
              case WAIT, DECIDING -> {
                holdsNextRequest = true;
                updateReading();
                yield false;
              }
              case CLOSING -> {
                inbox.clear();
                yield false;
              }
            };
      }
    } finally {
      isProcessing = false;
    }
  }

  private boolean head() {
    RequestHead request = worker.request;
    int end = request.parse(worker.scratch, 0, worker.copyHead(inbox));
    if (end == HeaderBlock.INCOMPLETE) {
      inbox.headIsIncomplete();
      return false;
    }
    if (end == HeaderBlock.REFUSED) {
      refuse(request.refusal());
      return false;
    }
    worker.skipHead(inbox, end);
    if (!body.start(request.bodyLength(), worker.limits.bodyBytes())) {
      account.refuse(admission.client(), true);
      refuse(body.refusal());
      return false;
    }
    worker.counters.requests().increment();
    wasServed = true;
    begin(request, end);
    return true;
  }

  private void begin(RequestHead head, int octets) {
    phase = Phase.DECIDING;
    worker.serve(this, account.begin(admission.client(), head, octets));
  }

  /// The request takes its way through a virtual server.
  void serve(VirtualServer server, Request request) {
    if (!request.enter(server.site())) {
      refuse(TargetPath.DOT_SEGMENT);
      return;
    }
    var next = new Serving(this, worker.loop, server, request);
    serving = next;
    next.run();
  }

  /// Something was decided after a step had waited.
  void decided() {
    if (phase != Phase.DECIDING) {
      holdsNextRequest = false;
      updateReading();
    }
    process();
  }

  /// The request goes to an instance of a cluster.
  void forward(Request request, Location location, Cluster cluster) {
    account.at(location);
    Exchange next = new Exchange(this, worker, location, cluster, request);
    exchange = next;
    boolean sendsBody = body.isFor(request);
    if (sendsBody || !body.exists()) {
      phase = body.exists() ? Phase.BODY : Phase.WAIT;
    }
    // The first piece of the body is looked at before anything is sent to an instance.
    ByteBuf piece = !sendsBody || inbox.isEmpty() ? null : bodyPiece();
    if (exchange == next) {
      next.begin(!sendsBody || phase == Phase.WAIT);
      if (piece != null) {
        pass(next, piece);
      }
    }
  }

  // An exchange may end while it begins: then the client is told already.
  private void pass(Exchange current, ByteBuf piece) {
    if (exchange == current) {
      current.body(piece, phase != Phase.BODY);
    } else {
      piece.release();
    }
  }

  private boolean passBody() {
    Exchange current = exchange;
    ByteBuf piece = bodyPiece();
    if (piece != null && current != null) {
      pass(current, piece);
    }
    return true;
  }

  private boolean discard() {
    ByteBuf piece = bodyPiece();
    if (piece != null) {
      piece.release();
      if (phase == Phase.WAIT && serving == null) {
        next(true);
      }
    }
    return true;
  }

  /// What is left of the body is thrown away; the answer is still to come.
  void dropBody() {
    if (body.exists() && phase != Phase.WAIT) {
      since = worker.now();
      phase = Phase.DISCARD;
      holdBody(false);
    }
  }

  /// What is here of the body, or null if it was refused.
  private @Nullable ByteBuf bodyPiece() {
    ByteBuf piece = body.piece(inbox);
    if (piece == null) {
      refuse(body.refusal());
      return null;
    }
    account.received(piece.readableBytes());
    if (body.isAtEnd()) {
      phase = Phase.WAIT;
    }
    return piece;
  }

  private boolean tunnel() {
    Exchange current = exchange;
    if (current == null) {
      return false;
    }
    current.tunnel(inbox.take(inbox.size()));
    return true;
  }

  void refuse(Refusal refusal) {
    account.refuse(admission.client(), false);
    worker.counters.failed(refusal.equals(TOO_SLOW) ? Failure.CLIENT_TIMEOUT : Failure.REFUSED);
    Exchange current = exchange;
    exchange = null;
    boolean hasStarted = current != null && current.abandon();
    if (hasStarted || outflow.isBusy() || (phase == Phase.DISCARD && serving == null)) {
      phase = Phase.CLOSING;
      close();
      return;
    }
    next(replies.refuse(refusal));
  }

  /// Answers in a location's name; a body that is still to come is thrown away.
  void answer(Request request, Location location, Answer answer) {
    account.at(location);
    finish(replies.answer(request, location, answer));
  }

  /// Answers with a part of a file.
  void send(Request request, Location location, SendFile file) {
    account.at(location);
    finish(replies.send(request, location, file));
  }

  /// The exchange has no answer: this one is given, or what a page says in its place.
  void exchangeFailed(Exchange failed, Answer answer, boolean keeps) {
    Serving current = serving;
    if (current != null && current.hasPage(answer)) {
      exchangeLetGo(failed.asked());
      current.instead(answer);
      return;
    }
    exchange = null;
    finish(replies.answer(failed, answer, keeps));
  }

  /// The exchange is over without an answer: the request goes on by itself.
  Serving exchangeLetGo(Request request) {
    exchange = null;
    if (body.exists()) {
      request.redirected().loseBody();
    }
    dropBody();
    return Objects.requireNonNull(serving);
  }

  /// The exchange is over and its response is written.
  void exchangeFinished(boolean keeps) {
    exchange = null;
    outflow.flush();
    finish(keeps);
  }

  /// The answer is written: what is left of the body is thrown away before the next request.
  private void finish(boolean keeps) {
    if (outflow.isBusy()) {
      isFinishing = true;
      keepsThen = keeps;
    } else if (body.exists() && keeps && phase != Phase.WAIT) {
      endServing();
      since = worker.now();
      phase = Phase.DISCARD;
      holdBody(false);
    } else {
      phase = body.exists() || phase == Phase.TUNNEL ? phase : Phase.WAIT;
      next(keeps);
    }
  }

  private void next(boolean keeps) {
    if (!channel.isActive()) {
      return;
    }
    endServing();
    outflow.limit(0, 0);
    boolean wasWaiting = phase == Phase.WAIT;
    since = worker.now();
    holdsBody = false;
    holdsNextRequest = false;
    if (keeps && !worker.isDraining()) {
      phase = Phase.HEAD;
      updateReading();
      process();
    } else {
      phase = Phase.CLOSING;
      updateReading();
      boolean isClean = wasWaiting && inbox.isEmpty();
      inbox.clear();
      outflow.end(isClean);
    }
  }

  void tick(long now) {
    outflow.tick(now);
    Exchange current = exchange;
    if (current != null) {
      current.tick(now);
      return;
    }
    if (outflow.isBusy()) {
      return;
    }
    long waited = now - since;
    if (phase == Phase.CLOSING) {
      if (waited > (isFlushed ? LINGER_NANOS : worker.deadlines.clientSend())) {
        close();
      }
    } else if (phase == Phase.DISCARD) {
      if (waited > worker.deadlines.clientBody()) {
        close();
      }
    } else if (serving == null && phase != Phase.DECIDING && !inbox.isEmpty()) {
      if (waited > worker.deadlines.clientHeader()) {
        refuse(TOO_SLOW);
      }
    } else if (phase == Phase.HEAD && waited > (worker.isDraining() ? NEW_NANOS : idleNanos())) {
      close();
    }
  }

  private long idleNanos() {
    return wasServed ? worker.deadlines.clientIdle() : worker.deadlines.clientHeader();
  }

  /// Our side is ended, and what still comes is thrown away for a while.
  void isEnded() {
    isFlushed = true;
    since = worker.now();
  }

  /// The client does not take its answer.
  void tooSlow() {
    worker.counters.failed(Failure.CLIENT_TIMEOUT);
    close();
  }

  /// Whether it is between requests, or in the middle of a head if there is something of one.
  boolean isIdle(boolean hasBytes) {
    return phase == Phase.HEAD && inbox.isEmpty() != hasBytes;
  }

  // What a new connection asks may be on its way; a kept one may be closed at any time.
  void drain() {
    if (wasServed && exchange == null && phase == Phase.HEAD && inbox.isEmpty()) {
      close();
    }
  }

  void close() {
    channel.close();
  }

  void startTunnel() {
    phase = Phase.TUNNEL;
    holdsNextRequest = false;
    updateReading();
    process();
  }

  /// Stops or goes on reading the body.
  void holdBody(boolean holds) {
    holdsBody = holds;
    updateReading();
  }

  private void updateReading() {
    channel.config().setAutoRead(!holdsBody && !holdsNextRequest);
  }
}
