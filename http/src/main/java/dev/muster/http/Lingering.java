package dev.muster.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;

/// The end of a connection whose client may still be sending. Closing at once would reset it, and
/// with it the answer that says why.
final class Lingering {
  /// For how long such a client may read its answer.
  private static final long MILLIS = 1_000;

  private Lingering() {}

  /// Says that nothing more comes, and closes a little later.
  static void close(ChannelHandlerContext context) {
    SslHandler tls = context.pipeline().get(SslHandler.class);
    if (tls == null) {
      ((DuplexChannel) context.channel()).shutdownOutput();
    } else {
      tls.closeOutbound();
    }
    context.executor().schedule(() -> context.close(), MILLIS, TimeUnit.MILLISECONDS);
  }
}
