package dev.muster.balancer.proxy;

import dev.muster.balancer.http1.HeadWriter;
import dev.muster.balancer.http1.HeaderBlock;
import dev.muster.balancer.http1.Refusal;
import dev.muster.balancer.http1.RequestHead;
import dev.muster.balancer.http1.TargetPath;
import dev.muster.balancer.observe.Statistics.Failure;
import dev.muster.balancer.pipeline.Location;
import dev.muster.balancer.pipeline.Verdict.Answer;
import dev.muster.balancer.request.Client;
import dev.muster.balancer.request.Request;
import dev.muster.balancer.route.VirtualServer;
import dev.muster.balancer.upstream.Cluster;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
  private static final Refusal TOO_SLOW = new Refusal(408, "the request took too long to arrive");

  private final Worker worker;
  private final Entrance entrance;
  private final Channel channel;
  private final Inbox inbox = new Inbox();
  private final Account account;
  private @Nullable Client client;
  private @Nullable Serving serving;
  private @Nullable Exchange exchange;
  private final RequestBody body;
  private Phase phase = Phase.HEAD;
  private long since;
  private boolean wasServed;
  private boolean isFlushed;
  private boolean isReading;
  private boolean isProcessing;
  private boolean holdsNextRequest;
  private boolean holdsBody;
  private int slot;

  ClientConnection(Worker worker, Entrance entrance, Channel channel) {
    this.worker = worker;
    this.entrance = entrance;
    this.channel = channel;
    this.body = new RequestBody(worker);
    this.account = new Account(worker, entrance);
  }

  void setSlot(int slot) {
    this.slot = slot;
  }

  int slot() {
    return slot;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    since = worker.now();
    if (!worker.add(this)) {
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
    Exchange current = exchange;
    if (current != null && channel.isWritable()) {
      current.clientWritable();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    phase = Phase.CLOSING;
    inbox.clear();
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
    int end = request.parse(worker.scratch, 0, inbox.copyTo(worker.scratch));
    if (end == HeaderBlock.INCOMPLETE) {
      inbox.headIsIncomplete();
      return false;
    }
    if (end == HeaderBlock.REFUSED) {
      refuse(request.refusal());
      return false;
    }
    inbox.skip(end);
    if (!body.start(request.bodyLength(), worker.limits.bodyBytes())) {
      account.refuse(client(), true);
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
    worker.serve(this, account.begin(client(), head, octets));
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
    phase = body.exists() ? Phase.BODY : Phase.WAIT;
    // The first piece of the body is looked at before anything is sent to an instance.
    ByteBuf piece = !body.exists() || inbox.isEmpty() ? null : bodyPiece();
    if (exchange == next) {
      next.begin(phase == Phase.WAIT);
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

  private Client client() {
    Client known = client;
    if (known == null) {
      known = worker.client(channel);
      client = known;
    }
    return known;
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
      if (phase == Phase.WAIT) {
        next(true);
      }
    }
    return true;
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
    account.refuse(client(), false);
    worker.counters.failed(refusal.equals(TOO_SLOW) ? Failure.CLIENT_TIMEOUT : Failure.REFUSED);
    Exchange current = exchange;
    exchange = null;
    if (current != null && current.abandon()) {
      close();
      return;
    }
    respond(refusal.status(), refusal.reason(), false, false, false);
  }

  /// Answers in the balancer's own name, and goes on to the next request or closes.
  void respond(int status, String line, boolean keeps, boolean isHead, boolean isVersion10) {
    exchange = null;
    Answer answer = Answer.of(status, line);
    Answers.writeHead(answer, keeps, isVersion10, worker.writer);
    write(answer, isHead);
    next(keeps);
  }

  /// Answers in a location's name; a body that is still to come is thrown away.
  void answer(Request request, Location location, Answer answer) {
    account.at(location);
    RequestHead head = request.head();
    boolean keeps = head.keepsAlive() && !worker.isDraining() && !head.expectsContinue();
    Answers.writeHead(answer, keeps, head.isVersion10(), worker.writer);
    location.addHeaders(request, answer.status(), worker.writer);
    write(answer, head.isHead());
    if (body.exists() && keeps) {
      endServing();
      since = worker.now();
      phase = Phase.DISCARD;
    } else {
      phase = body.exists() ? phase : Phase.WAIT;
      next(keeps);
    }
  }

  private void write(Answer answer, boolean isHead) {
    HeadWriter head = worker.writer.endLine();
    account.answered(answer.status(), head.length());
    boolean hasNoBody = isHead || answer.status() == 204 || answer.status() == 304;
    String body = hasNoBody ? "" : answer.body();
    ByteBuf out = channel.alloc().directBuffer(head.length() + body.length());
    out.writeBytes(head.bytes(), 0, head.length());
    out.writeCharSequence(body, StandardCharsets.ISO_8859_1);
    write(out);
    flush();
  }

  /// The exchange is over and its response is written.
  void exchangeFinished(boolean keeps) {
    exchange = null;
    flush();
    next(keeps);
  }

  private void next(boolean keeps) {
    if (!channel.isActive()) {
      return;
    }
    endServing();
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
      closeAfterFlush(isClean);
    }
  }

  // Closing with unread bytes would reset the connection and could take the response away from
  // the client: then only our side is ended, and what still comes is thrown away for a while.
  private void closeAfterFlush(boolean isClean) {
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            (ChannelFutureListener)
                done -> {
                  if (isClean || !done.isSuccess()) {
                    channel.close();
                  } else {
                    isFlushed = true;
                    since = worker.now();
                    ((DuplexChannel) channel).shutdownOutput();
                  }
                });
  }

  void tick(long now) {
    Exchange current = exchange;
    if (current != null) {
      current.tick(now);
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
    } else if (phase != Phase.DECIDING && !inbox.isEmpty()) {
      if (waited > worker.deadlines.clientHeader()) {
        refuse(TOO_SLOW);
      }
    } else if (phase == Phase.HEAD
        && waited > (wasServed ? worker.deadlines.clientIdle() : worker.deadlines.clientHeader())) {
      close();
    }
  }

  void bodyTooSlow() {
    refuse(TOO_SLOW);
  }

  void drain() {
    if (exchange == null && phase == Phase.HEAD && inbox.isEmpty()) {
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

  void closeAfterTunnel() {
    exchange = null;
    next(false);
  }

  /// Stops or goes on reading the body.
  void holdBody(boolean holds) {
    holdsBody = holds;
    updateReading();
  }

  private void updateReading() {
    channel.config().setAutoRead(!holdsBody && !holdsNextRequest);
  }

  boolean isBodyHeld() {
    return holdsBody;
  }

  /// Whether a read is going on, at whose end both sides are flushed.
  boolean isReading() {
    return isReading;
  }

  boolean isWritable() {
    return channel.isWritable();
  }

  Entrance entrance() {
    return entrance;
  }

  Account account() {
    return account;
  }

  Channel channel() {
    return channel;
  }

  void write(ByteBuf bytes) {
    account.sent(bytes.readableBytes());
    channel.write(bytes, channel.voidPromise());
  }

  void flush() {
    channel.flush();
  }
}
