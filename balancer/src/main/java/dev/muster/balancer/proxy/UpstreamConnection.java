package dev.muster.balancer.proxy;

import dev.muster.balancer.upstream.Instance;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One connection to an instance: carries one exchange at a time and waits among the idle ones in
/// between. Belongs to the loop it was opened on.
final class UpstreamConnection extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(UpstreamConnection.class);

  private final Worker worker;
  private final Instance instance;
  private final Channel channel;
  private @Nullable Exchange exchange;
  private boolean isReused;
  private boolean isBroken;
  private long idleSince;

  UpstreamConnection(Worker worker, Instance instance) {
    this.worker = worker;
    this.instance = instance;
    this.channel = worker.open(this);
  }

  Instance instance() {
    return instance;
  }

  boolean isReused() {
    return isReused;
  }

  /// Whether the connection ended by an error rather than by the instance closing it.
  boolean isBroken() {
    return isBroken;
  }

  boolean isOpen() {
    return channel.isActive();
  }

  boolean isWritable() {
    return channel.isWritable();
  }

  long idleSince() {
    return idleSince;
  }

  void connect(SocketAddress address, Exchange asker) {
    exchange = asker;
    channel
        .connect(address)
        .addListener(
            done -> {
              if (exchange != asker) {
                channel.close();
              } else if (done.isSuccess()) {
                asker.connected(this);
              } else {
                exchange = null;
                channel.close();
                asker.connectFailed();
              }
            });
  }

  void assign(Exchange next) {
    exchange = next;
    isReused = true;
  }

  /// Ends the exchange and waits for another.
  void release() {
    exchange = null;
    idleSince = worker.now();
    resume();
    worker.idle.keep(this);
  }

  void write(ByteBuf bytes) {
    channel.write(bytes, channel.voidPromise());
  }

  void flush() {
    channel.flush();
  }

  void pause() {
    channel.config().setAutoRead(false);
  }

  void resume() {
    channel.config().setAutoRead(true);
  }

  /// Closes without a further word to the exchange.
  void close() {
    exchange = null;
    channel.close();
  }

  /// Closes when everything written is sent.
  void closeAfterFlush() {
    exchange = null;
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> channel.close());
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    Exchange asker = exchange;
    if (asker == null) {
      // An answer nobody asked for: whatever comes next on this connection is suspect.
      ReferenceCountUtil.release(message);
      channel.close();
      return;
    }
    asker.relay().read((ByteBuf) message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    Exchange asker = exchange;
    if (asker != null) {
      asker.client().flush();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    Exchange asker = exchange;
    if (asker != null && channel.isWritable()) {
      asker.upstreamWritable();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    Exchange asker = exchange;
    exchange = null;
    if (asker == null) {
      worker.idle.forget(this);
    } else {
      asker.upstreamClosed(this);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    isBroken = true;
    // After a failed write what the instance sent before is still to be read; the end follows.
    if (!(cause instanceof IOException)) {
      log.error("a connection to {} is cut off by a fault of the balancer", instance.id(), cause);
      channel.close();
    }
  }
}
