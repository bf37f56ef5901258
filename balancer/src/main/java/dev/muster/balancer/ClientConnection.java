package dev.muster.balancer;

import dev.muster.balancer.Statistics.Failure;
import dev.muster.balancer.http1.ChunkScanner;
import dev.muster.balancer.http1.HeaderBlock;
import dev.muster.balancer.http1.Octets;
import dev.muster.balancer.http1.Refusal;
import dev.muster.balancer.http1.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One client's connection: finds the requests in what it sends and serves them one after another.
/// Belongs to its loop.
///
/// | phase | what arrives is | next |
/// | --- | --- | --- |
/// | HEAD | a request head | BODY, WAIT, CLOSING |
/// | BODY | the body of the request in flight | WAIT, CLOSING |
/// | WAIT | the next request, kept until the response is sent | HEAD, TUNNEL, CLOSING |
/// | TUNNEL | passed on as it is | CLOSING |
/// | CLOSING | thrown away while the last response is sent | |
final class ClientConnection extends ChannelInboundHandlerAdapter {
  private enum Phase {
    HEAD,
    BODY,
    WAIT,
    TUNNEL,
    CLOSING
  }

  private static final Logger log = LoggerFactory.getLogger(ClientConnection.class);
  private static final long LINGER_NANOS = 5_000_000_000L;
  private static final Refusal BODY_TOO_LARGE = new Refusal(413, "the request body is too large");
  private static final Refusal TOO_SLOW = new Refusal(408, "the request took too long to arrive");

  private final Worker worker;
  private final Channel channel;
  private final Inbox inbox = new Inbox();
  private @Nullable RequestRewrite rewrite;
  private @Nullable Exchange exchange;
  private @Nullable ChunkScanner chunks;
  private Phase phase = Phase.HEAD;
  private long bodyRemaining;
  private long since;
  private boolean wasServed;
  private boolean isFlushed;
  private boolean isReading;
  private boolean isProcessing;
  private boolean holdsNextRequest;
  private boolean holdsBody;
  private int slot;

  ClientConnection(Worker worker, Channel channel) {
    this.worker = worker;
    this.channel = channel;
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
              case BODY -> body();
              case TUNNEL -> tunnel();
              case WAIT -> {
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
    if (request.bodyLength() > worker.limits.bodyBytes()) {
      refuse(BODY_TOO_LARGE);
      return false;
    }
    worker.counters.requests.increment();
    wasServed = true;
    begin(request);
    return true;
  }

  private void begin(RequestHead request) {
    long length = request.bodyLength();
    Route route = worker.route(request);
    if (route == null) {
      worker.counters.failed(Failure.NO_ROUTE);
      boolean keeps = length == 0 && request.keepsAlive() && !worker.isDraining();
      respond(404, worker.describe(request), keeps, request.isHead(), request.isVersion10());
      return;
    }
    Exchange next = new Exchange(this, worker, route, request, rewrite());
    exchange = next;
    bodyRemaining = length;
    chunks =
        length < 0
            ? new ChunkScanner(worker.limits.headerBytes(), worker.limits.headerCount())
            : null;
    phase = length == 0 ? Phase.WAIT : Phase.BODY;
    // The first piece of the body is looked at before anything is sent to an instance.
    ByteBuf piece = length == 0 || inbox.isEmpty() ? null : bodyPiece();
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

  private RequestRewrite rewrite() {
    RequestRewrite known = rewrite;
    if (known == null) {
      known =
          new RequestRewrite(
              (InetSocketAddress) channel.remoteAddress(),
              (InetSocketAddress) channel.localAddress());
      rewrite = known;
    }
    return known;
  }

  private boolean body() {
    Exchange current = exchange;
    ByteBuf piece = bodyPiece();
    if (piece != null && current != null) {
      pass(current, piece);
    }
    return true;
  }

  /// What is here of the body, or null if it was refused.
  private @Nullable ByteBuf bodyPiece() {
    int size = inbox.size();
    ChunkScanner scanner = chunks;
    if (scanner == null) {
      int count = (int) Math.min(bodyRemaining, size);
      bodyRemaining -= count;
      if (bodyRemaining == 0) {
        phase = Phase.WAIT;
      }
      return inbox.take(count);
    }
    ByteBuf held = inbox.held();
    int end = scanner.scan(held, held.readerIndex(), held.writerIndex());
    if (end == HeaderBlock.REFUSED || scanner.dataBytes() > worker.limits.bodyBytes()) {
      refuse(end == HeaderBlock.REFUSED ? scanner.refusal() : BODY_TOO_LARGE);
      return null;
    }
    if (scanner.isAtEnd()) {
      phase = Phase.WAIT;
      chunks = null;
    }
    return inbox.take(end - held.readerIndex());
  }

  private boolean tunnel() {
    Exchange current = exchange;
    if (current == null) {
      return false;
    }
    current.tunnel(inbox.take(inbox.size()));
    return true;
  }

  private void refuse(Refusal refusal) {
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
    byte[] body = (line + "\n").getBytes(StandardCharsets.UTF_8);
    String head =
        "HTTP/1.1 %d %s\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: %d\r\n%s\r\n"
            .formatted(
                status,
                reason(status),
                body.length,
                keeps ? isVersion10 ? "Connection: keep-alive\r\n" : "" : "Connection: close\r\n");
    ByteBuf out = channel.alloc().directBuffer(head.length() + body.length);
    out.writeBytes(Octets.ascii(head));
    if (!isHead) {
      out.writeBytes(body);
    }
    write(out);
    flush();
    next(keeps);
  }

  private static String reason(int status) {
    return switch (status) {
      case 400 -> "Bad Request";
      case 404 -> "Not Found";
      case 408 -> "Request Timeout";
      case 413 -> "Content Too Large";
      case 414 -> "URI Too Long";
      case 431 -> "Request Header Fields Too Large";
      case 501 -> "Not Implemented";
      case 502 -> "Bad Gateway";
      case 503 -> "Service Unavailable";
      case 504 -> "Gateway Timeout";
      case 505 -> "HTTP Version Not Supported";
      default -> "Error";
    };
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
    } else if (!inbox.isEmpty()) {
      if (waited > worker.deadlines.clientHeader()) {
        refuse(TOO_SLOW);
      }
    } else if (waited
        > (wasServed ? worker.deadlines.clientIdle() : worker.deadlines.clientHeader())) {
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

  Channel channel() {
    return channel;
  }

  void write(ByteBuf bytes) {
    channel.write(bytes, channel.voidPromise());
  }

  void flush() {
    channel.flush();
  }
}
