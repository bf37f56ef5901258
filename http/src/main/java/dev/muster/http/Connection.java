package dev.muster.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
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
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.timeout.IdleStateEvent;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
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

  /// A body over the limit is swallowed up to here, so that the client reads why; then it is cut.
  private static final long SWALLOWED_BYTES_MAX = 8L * 1024 * 1024;

  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US);

  private final Handler handler;
  private final int bodyBytesMax;
  private final Queue<Exchange> waiting = new ArrayDeque<>();

  private @Nullable HttpRequest head;
  private ByteArrayOutputStream body = new ByteArrayOutputStream(0);
  private long bodyBytes;
  private @Nullable Thread answering;

  Connection(Handler handler, int bodyBytesMax) {
    this.handler = handler;
    this.bodyBytesMax = bodyBytesMax;
  }

  /// A request that is complete and not yet answered; `refusal` is the answer if it is known.
  private record Exchange(Request request, @Nullable Response refusal, boolean isKeptAlive) {}

  @Override
  protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
    if (message.decoderResult().isFailure()) {
      refuseUnreadable(context, message.decoderResult().cause());
      return;
    }
    if (message instanceof HttpRequest request) {
      begin(context, request);
    }
    if (message instanceof HttpContent content && head != null) {
      collect(context, content.content());
      if (message instanceof LastHttpContent) {
        complete(context);
      }
    }
  }

  private void begin(ChannelHandlerContext context, HttpRequest request) {
    head = request;
    body = new ByteArrayOutputStream(0);
    bodyBytes = 0;
    boolean fits = HttpUtil.getContentLength(request, 0L) <= bodyBytesMax;
    if (HttpUtil.is100ContinueExpected(request) && fits) {
      context.writeAndFlush(
          new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
    }
  }

  private void collect(ChannelHandlerContext context, ByteBuf content) {
    bodyBytes += content.readableBytes();
    if (bodyBytes <= bodyBytesMax) {
      byte[] bytes = new byte[content.readableBytes()];
      content.readBytes(bytes);
      body.writeBytes(bytes);
    } else if (bodyBytes > SWALLOWED_BYTES_MAX) {
      context.close();
    }
  }

  private void complete(ChannelHandlerContext context) {
    HttpRequest request = head;
    head = null;
    if (request == null) {
      return;
    }
    boolean keepAlive = HttpUtil.isKeepAlive(request);
    try {
      Response refusal = null;
      if (bodyBytes > bodyBytesMax) {
        long declared = HttpUtil.getContentLength(request, bodyBytes);
        refusal = handler.bodyTooLarge(declared, bodyBytesMax);
      }
      waiting.add(new Exchange(request(context, request), refusal, keepAlive));
    } catch (IllegalArgumentException e) {
      var refusal = Response.text(400, "Invalid request target: " + e.getMessage());
      var unread =
          new Request(
              request.method().name(), "", Map.of(), Map.of(), new byte[0], client(context));
      waiting.add(new Exchange(unread, refusal, keepAlive));
    }
    context.channel().config().setAutoRead(waiting.size() < READ_AHEAD_MAX);
    answerNext(context);
  }

  private Request request(ChannelHandlerContext context, HttpRequest request) {
    var target = new QueryStringDecoder(request.uri(), StandardCharsets.UTF_8);
    Map<String, String> headers = new HashMap<>();
    request
        .headers()
        .forEach(
            header -> headers.put(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
    byte[] bytes = bodyBytes > bodyBytesMax ? new byte[0] : body.toByteArray();
    return new Request(
        request.method().name(),
        target.path(),
        target.parameters(),
        headers,
        bytes,
        client(context));
  }

  private static InetAddress client(ChannelHandlerContext context) {
    return ((InetSocketAddress) context.channel().remoteAddress()).getAddress();
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
    Response response;
    try {
      response =
          exchange.refusal() != null ? exchange.refusal() : handler.handle(exchange.request());
    } catch (InterruptedException e) {
      // The client is gone: nobody is left to answer.
      Thread.currentThread().interrupt();
      return;
    } catch (RuntimeException e) {
      LOG.error("{} {} failed", exchange.request().method(), exchange.request().path(), e);
      response = Response.text(500, "Internal error: " + e.getMessage());
    }
    Response answer = response;
    context.executor().execute(() -> write(context, exchange, answer));
  }

  private void write(ChannelHandlerContext context, Exchange exchange, Response answer) {
    answering = null;
    if (!context.channel().isActive()) {
      return;
    }
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(answer.status()),
            Unpooled.wrappedBuffer(answer.body()));
    answer.headers().forEach((name, value) -> response.headers().set(name, value));
    if (answer.status() != 204 && answer.status() != 304) {
      response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, answer.body().length);
    }
    response
        .headers()
        .set(HttpHeaderNames.DATE, HTTP_DATE.format(ZonedDateTime.now(ZoneOffset.UTC)));
    if (!exchange.isKeptAlive()) {
      response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
    var written = context.writeAndFlush(response);
    if (exchange.isKeptAlive()) {
      answerNext(context);
    } else {
      written.addListener(ChannelFutureListener.CLOSE);
    }
  }

  private static void refuseUnreadable(ChannelHandlerContext context, Throwable cause) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.BAD_REQUEST,
            Unpooled.copiedBuffer(
                "400 Bad Request: " + cause.getMessage(), StandardCharsets.UTF_8));
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
    response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    HttpUtil.setContentLength(response, response.content().readableBytes());
    context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
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
