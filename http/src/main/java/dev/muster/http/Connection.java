package dev.muster.http;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One client's connection. Requests are answered one after the other, in their order; a few more
/// are read ahead, so that a client that goes away is noticed while its request is being answered.
/// Everything here runs on the connection's event loop.
final class Connection extends SimpleChannelInboundHandler<HttpObject> {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
  private static final int READ_AHEAD_MAX = 16;

  /// For how long a client that is still sending may read why it should not. Closing at once would
  /// reset the connection, and the answer with it.
  private static final long LINGER_MILLIS = 1_000;

  private final Handler handler;
  private final int bodyBytesMax;
  private final Queue<Exchange> waiting = new ArrayDeque<>();

  private @Nullable Incoming incoming;
  private @Nullable Thread answering;

  /// Set once nothing more of what the client sends is looked at.
  private boolean ends;

  Connection(Handler handler, int bodyBytesMax) {
    this.handler = handler;
    this.bodyBytesMax = bodyBytesMax;
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
      request = new Incoming(head, handler, bodyBytesMax);
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
    request.add(content.content());
    if (request.isHopeless()) {
      cut(context, request.tooLarge(handler));
    } else if (content instanceof LastHttpContent) {
      complete(context, request);
    }
  }

  private void complete(ChannelHandlerContext context, Incoming request) {
    incoming = null;
    Exchange.Answer answer;
    if (request.isTooLarge()) {
      Response refusal = request.tooLarge(handler);
      answer = () -> refusal;
    } else {
      Request whole = request.request(client(context));
      answer = () -> handler.handle(whole);
    }
    waiting.add(Exchange.of(request.head(), answer));
    context.channel().config().setAutoRead(waiting.size() < READ_AHEAD_MAX);
    answerNext(context);
  }

  private static InetAddress client(ChannelHandlerContext context) {
    return ((InetSocketAddress) context.channel().remoteAddress()).getAddress();
  }

  /// Answers what was read before and then this, and reads no more.
  private void cut(ChannelHandlerContext context, Response refusal) {
    ends = true;
    incoming = null;
    waiting.add(Exchange.refused(refusal));
    answerNext(context);
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
    if (answering != null || waiting.isEmpty()) {
      return;
    }
    Exchange exchange = waiting.remove();
    context.channel().config().setAutoRead(true);
    answering =
        Thread.ofVirtual().name("request").start(new Answering(context, exchange, this::finish));
  }

  /// The last that is said in an answer.
  private void finish(ChannelHandlerContext context, HttpObject last, Exchange.After after) {
    answering = null;
    if (!context.channel().isActive()) {
      ReferenceCountUtil.release(last);
      return;
    }
    ChannelFuture written = context.writeAndFlush(last);
    switch (after) {
      case KEPT, KEPT_EXPLICITLY -> answerNext(context);
      case CLOSED -> written.addListener(ChannelFutureListener.CLOSE);
      case CUT -> written.addListener(_ -> linger(context));
    }
  }

  /// Says that nothing more comes, and lets the client read it.
  private static void linger(ChannelHandlerContext context) {
    ((DuplexChannel) context.channel()).shutdownOutput();
    context.executor().schedule(() -> context.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof IdleStateEvent && answering == null) {
      context.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    waiting.clear();
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
