package dev.muster.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One client's connection. Requests are answered one after the other, in their order; a few more
/// are read ahead, so that a client that goes away is noticed while its request is being answered.
/// Everything here runs on the connection's event loop.
final class Connection extends SimpleChannelInboundHandler<HttpObject> {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
  private static final int READ_AHEAD_MAX = 16;

  /// One packet may bring far more than are to be read ahead.
  private static final int WAITING_MAX = 100;

  private final Handler handler;
  private final HttpLimits limits;
  private final Connections connections;
  private final Patience patience;
  private final InetAddress client;
  private final Queue<Exchange> waiting = new ArrayDeque<>(1);

  private @Nullable Incoming incoming;
  private @Nullable Thread answering;
  private long answeringBytes;

  /// Of the bodies of all requests here that are arriving, waiting or being answered.
  private long heldBytes;

  /// Set once nothing more of what the client sends is looked at.
  private boolean ends;

  /// Set once the answer that is under way is the last one.
  private boolean drains;

  private @Nullable ChannelHandlerContext context;

  Connection(
      Handler handler,
      HttpLimits limits,
      Connections connections,
      Patience patience,
      InetAddress client) {
    this.handler = handler;
    this.limits = limits;
    this.connections = connections;
    this.patience = patience;
    this.client = client;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    this.context = context;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
    if (ends) {
      return;
    }
    if (message.decoderResult().isFailure()) {
      cut(context, unreadable(message.decoderResult().cause()));
      return;
    }
    if (message instanceof HttpRequest head) {
      begin(context, head);
    }
    if (message instanceof HttpContent content && incoming != null) {
      collect(context, incoming, content);
    }
  }

  private void begin(ChannelHandlerContext context, HttpRequest head) {
    Incoming request;
    try {
      request = new Incoming(head, handler, limits.bodyBytesMax());
    } catch (IllegalArgumentException e) {
      cut(context, Response.text(400, "Invalid request target: " + e.getMessage()));
      return;
    }
    incoming = request;
    if (request.asksFirst()) {
      if (request.willBeTooLarge()) {
        // It must not wait for a body that it holds back.
        cut(context, request.tooLarge(handler));
      } else {
        context.writeAndFlush(
            new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
      }
    }
  }

  private void collect(ChannelHandlerContext context, Incoming request, HttpContent content) {
    long before = request.heldBytes();
    request.add(content.content());
    long more = request.heldBytes() - before;
    if (request.isHopeless()) {
      cut(context, request.tooLarge(handler));
    } else if (!hold(more)) {
      incoming = null;
      hold(-before);
      cut(context, Response.text(503, "Too many request bodies at once, please try again later"));
    } else if (content instanceof LastHttpContent) {
      complete(context, request);
    }
  }

  private boolean hold(long bytes) {
    boolean may = connections.hold(bytes);
    heldBytes += may ? bytes : 0;
    return may;
  }

  private void complete(ChannelHandlerContext context, Incoming request) {
    incoming = null;
    patience.requestArrived();
    Exchange.Answer answer;
    if (request.isTooLarge()) {
      Response refusal = request.tooLarge(handler);
      answer = () -> refusal;
    } else {
      Request whole = request.request(client);
      answer = () -> handler.handle(whole);
    }
    waiting.add(Exchange.of(request.head(), request.heldBytes(), answer));
    readAhead(context);
    answerNext(context);
    if (waiting.size() > WAITING_MAX) {
      cut(context, Response.text(429, "More than " + WAITING_MAX + " requests wait here at once"));
    }
  }

  /// Answers what was read before and then this, and reads no more.
  private void cut(ChannelHandlerContext context, Response refusal) {
    ends = true;
    patience.stopListening();
    if (incoming != null) {
      hold(-incoming.heldBytes());
      incoming = null;
    }
    waiting.add(Exchange.refused(refusal));
    readAhead(context);
    answerNext(context);
  }

  /// What a client sends in vain is read, too: unread, it would reset the connection at its end.
  private void readAhead(ChannelHandlerContext context) {
    context.channel().config().setAutoRead(ends || waiting.size() < READ_AHEAD_MAX);
  }

  private static Response unreadable(Throwable cause) {
    return switch (cause) {
      case TooLongHttpLineException _ -> Response.text(414, "414 URI Too Long");
      case TooLongHttpHeaderException _ ->
          Response.text(431, "431 Request Header Fields Too Large");
      default -> Response.text(400, "400 Bad Request: " + cause.getMessage());
    };
  }

  private void answerNext(ChannelHandlerContext context) {
    if (answering != null || waiting.isEmpty() || !context.channel().isWritable()) {
      return;
    }
    Exchange exchange = waiting.remove();
    answeringBytes = exchange.bodyBytes();
    readAhead(context);
    answering =
        Thread.ofVirtual().name("request").start(new Answering(context, exchange, this::finish));
  }

  /// A client that does not read its answers gets no more of them.
  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    answerNext(context);
  }

  /// The last that is said in an answer.
  private void finish(ChannelHandlerContext context, HttpObject last, Exchange.After after) {
    answering = null;
    if (!context.channel().isActive()) {
      ReferenceCountUtil.release(last);
      return;
    }
    hold(-answeringBytes);
    if (drains && last instanceof HttpResponse head) {
      head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
    patience.answered(context.executor().ticker().nanoTime());
    ChannelFuture written = context.writeAndFlush(last);
    switch (drains ? Exchange.After.CUT : after) {
      case KEPT, KEPT_EXPLICITLY -> answerNext(context);
      case CLOSED -> written.addListener(ChannelFutureListener.CLOSE);
      case CUT -> written.addListener(_ -> Lingering.close(context));
    }
  }

  /// Ends with the answer that is under way. Requests that were read behind it have not begun, and
  /// their client sees that they are not answered.
  void drain() {
    drains = true;
    ends = true;
    waiting.clear();
    patience.stopListening();
    if (answering == null) {
      ChannelHandlerContext context = Objects.requireNonNull(this.context);
      context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    } else {
      readAhead(Objects.requireNonNull(context));
    }
  }

  void close() {
    Objects.requireNonNull(context).close();
  }

  /// Ends what has been waited for long enough.
  void look(long now) {
    ChannelHandlerContext context = Objects.requireNonNull(this.context);
    Channel channel = context.channel();
    if (!channel.config().isAutoRead()) {
      patience.holdReading(now);
    }
    if (patience.isStalled(channel, now)) {
      LOG.debug("{} does not read its answer", channel.remoteAddress());
      channel.close();
    } else if (!ends && patience.isRequestLate(now)) {
      cut(context, Response.text(408, "408 Request Timeout"));
    } else if (answering == null && waiting.isEmpty() && patience.isIdleForTooLong(now)) {
      channel.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    waiting.clear();
    hold(-heldBytes);
    Thread thread = answering;
    if (thread != null) {
      thread.interrupt();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.debug("connection of {} failed", context.channel().remoteAddress(), cause);
    context.close();
  }
}
