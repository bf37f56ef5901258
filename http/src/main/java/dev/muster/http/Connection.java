package dev.muster.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.timeout.IdleStateEvent;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
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

  /// A body over the limit is swallowed up to here, so that the client reads why and the connection
  /// goes on; beyond it, the connection ends with the answer.
  private static final long SWALLOWED_BYTES_MAX = 8L * 1024 * 1024;

  /// For how long a client that is still sending may read why it should not. Closing at once would
  /// reset the connection, and the answer with it.
  private static final long LINGER_MILLIS = 1_000;

  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US);

  private final Handler handler;
  private final int bodyBytesMax;
  private final Queue<Exchange> waiting = new ArrayDeque<>();

  private @Nullable HttpRequest head;
  private ByteArrayOutputStream body = new ByteArrayOutputStream(0);
  private long bodyBytes;
  private @Nullable Thread answering;

  /// Set once nothing more of what the client sends is looked at.
  private boolean ends;

  Connection(Handler handler, int bodyBytesMax) {
    this.handler = handler;
    this.bodyBytesMax = bodyBytesMax;
  }

  @FunctionalInterface
  private interface Answer {
    Response response() throws InterruptedException;
  }

  /// A request that is not yet answered.
  ///
  /// @param request method and path, for the log
  private record Exchange(String request, Answer answer, After after) {}

  /// What becomes of the connection after an answer.
  private enum After {
    KEPT,
    /// Kept, which clients of HTTP/1.0 must be told.
    KEPT_EXPLICITLY,
    CLOSED,
    /// Closed although the client may still be sending.
    CUT
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
    if (message instanceof HttpRequest request) {
      begin(context, request);
    }
    if (message instanceof HttpContent content && head != null) {
      collect(context, head, content.content());
      if (message instanceof LastHttpContent && head != null) {
        complete(context, head);
      }
    }
  }

  private void begin(ChannelHandlerContext context, HttpRequest request) {
    head = request;
    body = new ByteArrayOutputStream(0);
    bodyBytes = 0;
    if (!HttpUtil.is100ContinueExpected(request)) {
      return;
    }
    long declared = HttpUtil.getContentLength(request, 0L);
    if (declared > bodyBytesMax) {
      // The client asked before sending: it must not wait for a body that it holds back.
      cut(context, handler.bodyTooLarge(declared, bodyBytesMax));
    } else {
      context.writeAndFlush(
          new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
    }
  }

  private void collect(ChannelHandlerContext context, HttpRequest request, ByteBuf content) {
    bodyBytes += content.readableBytes();
    if (bodyBytes <= bodyBytesMax) {
      byte[] bytes = new byte[content.readableBytes()];
      content.readBytes(bytes);
      body.writeBytes(bytes);
    } else if (bodyBytes > SWALLOWED_BYTES_MAX) {
      cut(context, tooLarge(request));
    }
  }

  private Response tooLarge(HttpRequest request) {
    return handler.bodyTooLarge(HttpUtil.getContentLength(request, bodyBytes), bodyBytesMax);
  }

  private void complete(ChannelHandlerContext context, HttpRequest head) {
    this.head = null;
    Answer answer;
    if (bodyBytes > bodyBytesMax) {
      Response refusal = tooLarge(head);
      answer = () -> refusal;
    } else {
      try {
        Request request = request(context, head);
        answer = () -> handler.handle(request);
      } catch (IllegalArgumentException e) {
        answer = () -> Response.text(400, "Invalid request target: " + e.getMessage());
      }
    }
    waiting.add(new Exchange(head.method() + " " + head.uri(), answer, after(head)));
    context.channel().config().setAutoRead(waiting.size() < READ_AHEAD_MAX);
    answerNext(context);
  }

  private static After after(HttpRequest request) {
    if (!HttpUtil.isKeepAlive(request)) {
      return After.CLOSED;
    }
    return request.protocolVersion().isKeepAliveDefault() ? After.KEPT : After.KEPT_EXPLICITLY;
  }

  private Request request(ChannelHandlerContext context, HttpRequest request) {
    Target target = Target.parse(request.uri());
    Map<String, String> headers = new HashMap<>();
    request
        .headers()
        .forEach(
            header -> headers.put(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
    return new Request(
        request.method().name(),
        target.path(),
        target.query(),
        headers,
        body.toByteArray(),
        client(context));
  }

  private static InetAddress client(ChannelHandlerContext context) {
    return ((InetSocketAddress) context.channel().remoteAddress()).getAddress();
  }

  /// Answers what was read before and then this, and reads no more.
  private void cut(ChannelHandlerContext context, Response refusal) {
    ends = true;
    head = null;
    body = new ByteArrayOutputStream(0);
    waiting.add(new Exchange("refused", () -> refusal, After.CUT));
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
    answering = Thread.ofVirtual().name("request").start(() -> answer(context, exchange));
  }

  /// Runs on the request's own thread.
  private void answer(ChannelHandlerContext context, Exchange exchange) {
    FullHttpResponse response;
    try {
      response = encoded(exchange.answer().response());
    } catch (InterruptedException e) {
      // The client is gone: nobody is left to answer.
      Thread.currentThread().interrupt();
      return;
    } catch (RuntimeException | Error e) {
      LOG.error("{} failed", exchange.request(), e);
      response = encoded(Response.text(500, "Internal error: " + e.getMessage()));
    }
    FullHttpResponse answer = response;
    try {
      context.executor().execute(() -> write(context, exchange, answer));
    } catch (RejectedExecutionException e) {
      LOG.debug("the server was closed before {} was answered", exchange.request());
    }
  }

  private static FullHttpResponse encoded(Response answer) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(answer.status()),
            Unpooled.wrappedBuffer(answer.body()));
    answer.headers().forEach((name, value) -> response.headers().set(name, value));
    if (answer.status() != 204 && answer.status() != 304) {
      response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, answer.body().length);
    }
    return response;
  }

  private void write(ChannelHandlerContext context, Exchange exchange, FullHttpResponse response) {
    answering = null;
    if (!context.channel().isActive()) {
      return;
    }
    response
        .headers()
        .set(HttpHeaderNames.DATE, HTTP_DATE.format(ZonedDateTime.now(ZoneOffset.UTC)));
    switch (exchange.after()) {
      case KEPT -> {}
      case KEPT_EXPLICITLY ->
          response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
      case CLOSED, CUT ->
          response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
    var written = context.writeAndFlush(response);
    switch (exchange.after()) {
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
