package dev.muster.http;

import dev.muster.http.Exchange.After;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers one request, on its own thread.
final class Answering implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Answering.class);
  private static final byte[] NOTHING = {};
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US);

  private final ChannelHandlerContext context;
  private final Exchange exchange;
  private final End end;

  /// @param end called once on the event loop, unless the connection ends before
  Answering(ChannelHandlerContext context, Exchange exchange, End end) {
    this.context = context;
    this.exchange = exchange;
    this.end = end;
  }

  /// Sends the last part of an answer, and goes on with the connection.
  @FunctionalInterface
  interface End {
    void finish(ChannelHandlerContext context, HttpObject last, After after);
  }

  @Override
  public void run() {
    try {
      answer(exchange.answer().response());
    } catch (InterruptedException e) {
      // The client is gone: nobody is left to answer.
      Thread.currentThread().interrupt();
      context.close();
    } catch (RuntimeException | Error e) {
      failed(e);
    }
  }

  private void failed(Throwable failure) {
    LOG.error("{} failed", exchange.request(), failure);
    answer(Response.text(500, "Internal error: " + failure.getMessage()));
  }

  private void answer(Response response) {
    switch (response.body()) {
      case Response.Whole(byte[] bytes) -> end(whole(response, bytes), exchange.after());
      case Response.Streamed(BodyWriter writer) -> stream(response, writer);
    }
  }

  private void end(HttpObject last, After after) {
    try {
      context.executor().execute(() -> end.finish(context, last, after));
    } catch (RejectedExecutionException e) {
      LOG.debug("the server was closed before {} was answered", exchange.request());
    }
  }

  private FullHttpResponse whole(Response response, byte[] bytes) {
    HttpHeaders headers = headers(response, exchange.after());
    byte[] sent = bytes;
    if (exchange.takesGzip()
        && bytes.length >= Gzip.BYTES_MIN
        && !headers.contains(HttpHeaderNames.CONTENT_ENCODING)) {
      sent = Gzip.compressed(bytes);
      headers.set(HttpHeaderNames.CONTENT_ENCODING, HttpHeaderValues.GZIP);
      if (!headers.contains(HttpHeaderNames.VARY)) {
        headers.set(HttpHeaderNames.VARY, HttpHeaderNames.ACCEPT_ENCODING);
      }
    }
    if (response.status() != 204 && response.status() != 304) {
      headers.setInt(HttpHeaderNames.CONTENT_LENGTH, sent.length);
    }
    return full(response.status(), headers, sent);
  }

  private static FullHttpResponse full(int status, HttpHeaders headers, byte[] bytes) {
    return new DefaultFullHttpResponse(
        HttpVersion.HTTP_1_1,
        HttpResponseStatus.valueOf(status),
        Unpooled.wrappedBuffer(bytes),
        headers,
        EmptyHttpHeaders.INSTANCE);
  }

  private static HttpHeaders headers(Response response, After after) {
    HttpHeaders headers = new DefaultHttpHeaders();
    response.headers().forEach(headers::set);
    headers.set(HttpHeaderNames.DATE, HTTP_DATE.format(ZonedDateTime.now(ZoneOffset.UTC)));
    switch (after) {
      case KEPT -> {}
      case KEPT_EXPLICITLY -> headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
      case CLOSED, CUT -> headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
    return headers;
  }

  private void stream(Response response, BodyWriter writer) {
    After after = exchange.isDelimited() ? exchange.after() : After.CLOSED;
    HttpHeaders headers = headers(response, after);
    if (exchange.isDelimited()) {
      headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    }
    if (exchange.isHead()) {
      end(full(response.status(), headers, NOTHING), after);
      return;
    }
    var status = HttpResponseStatus.valueOf(response.status());
    var body =
        new BodyStream(context, new DefaultHttpResponse(HttpVersion.HTTP_1_1, status, headers));
    try {
      writer.writeTo(body);
      end(body.end(), after);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      context.close();
    } catch (IOException | RuntimeException | Error e) {
      if (!context.channel().isActive()) {
        LOG.debug("the client went away while {} was being answered", exchange.request(), e);
      } else if (body.isBegun()) {
        LOG.error("{} failed, the connection is cut", exchange.request(), e);
        context.close();
      } else {
        failed(e);
      }
    }
  }
}
