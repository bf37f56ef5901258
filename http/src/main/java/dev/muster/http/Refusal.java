package dev.muster.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;

/// Why a connection is not taken. The client is told without being listened to.
enum Refusal {
  /// In Consul's words, which clients look for.
  CLIENT_HAS_TOO_MANY(
      "429 Too Many Requests",
      "Your IP is issuing too many concurrent connections, please rate limit your calls\n"),
  SERVER_IS_FULL(
      "503 Service Unavailable",
      "This server has as many connections as it can take, please try again later\n");

  private final String response;

  Refusal(String status, String text) {
    response =
        """
        HTTP/1.1 %s\r
        Content-Type: text/plain\r
        Content-Length: %d\r
        Connection: close\r
        \r
        %s\
        """
            .formatted(status, text.length(), text);
  }

  ChannelInboundHandlerAdapter handler() {
    return new Refusing(response);
  }

  private static final class Refusing extends ChannelInboundHandlerAdapter {
    private final String response;

    private Refusing(String response) {
      this.response = response;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      context
          .writeAndFlush(Unpooled.copiedBuffer(response, StandardCharsets.US_ASCII))
          .addListener(
              (ChannelFutureListener)
                  written -> {
                    if (written.isSuccess()) {
                      Lingering.close(context);
                    } else {
                      context.close();
                    }
                  });
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ReferenceCountUtil.release(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }
}
