package dev.muster.balancer.proxyprotocol;

import dev.muster.balancer.request.Client.Proxied;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes the PROXY protocol header off the front of a connection and leaves; closes a connection
/// that does not start with one. Belongs to the loop of the connection.
public final class ProxyHeaderReader extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(ProxyHeaderReader.class);

  private final Consumer<@Nullable Proxied> then;
  private @Nullable ByteBuf held;

  /// @param then is told who is behind the connection, null if the header does not say
  public ProxyHeaderReader(Consumer<@Nullable Proxied> then) {
    this.then = then;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    ByteBuf before = held;
    if (before != null) {
      ByteBuf all = context.alloc().buffer(before.readableBytes() + bytes.readableBytes());
      all.writeBytes(before).writeBytes(bytes);
      before.release();
      bytes.release();
      bytes = all;
    }
    held = bytes;
    int size = Math.min(bytes.readableBytes(), ProxyHeader.BYTES_MAX);
    byte[] front = new byte[size];
    bytes.getBytes(bytes.readerIndex(), front);
    switch (ProxyHeader.read(front, size)) {
      case ProxyHeader.Result.Incomplete _ -> {}
      case ProxyHeader.Result.Malformed(String why) -> {
        log.error(
            "the connection of {} is closed: a PROXY protocol header was expected and {}",
            context.channel().remoteAddress(),
            why);
        context.close();
      }
      case ProxyHeader.Result.Found(int length, Proxied proxied) -> {
        held = null;
        bytes.skipBytes(length);
        then.accept(proxied);
        if (bytes.isReadable()) {
          context.fireChannelRead(bytes);
        } else {
          bytes.release();
        }
        context.pipeline().remove(this);
      }
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    ByteBuf rest = held;
    held = null;
    if (rest != null) {
      rest.release();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    handlerRemoved(context);
    context.fireChannelInactive();
  }
}
