package dev.muster.balancer.proxy;

import dev.muster.balancer.upstream.Instance;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One connection to an instance: carries one asker at a time and waits among the idle ones in
/// between. Belongs to the loop it was opened on.
final class UpstreamConnection extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(UpstreamConnection.class);

  private static final int DRAIN_SECONDS = 5;

  private final Worker worker;
  private final Instance instance;
  private final Channel channel;
  private @Nullable Asker asker;
  private boolean isReused;
  private boolean isBroken;
  private long idleSince;
  private long unwanted;

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

  /// Connects, once the instance's name is resolved; the asker learns how that went.
  void connect(Asker next) {
    asker = next;
    InetSocketAddress address = instance.socketAddress(worker.now(), worker.resolver);
    if (address != null) {
      connect(address);
      return;
    }
    instance
        .resolve(worker.now(), worker.resolver)
        .whenComplete((found, problem) -> worker.loop.execute(() -> resolved(found)));
  }

  private void resolved(@Nullable InetSocketAddress address) {
    if (asker == null) {
      channel.close();
    } else if (address == null) {
      connectFailed();
    } else {
      connect(address);
    }
  }

  private void connect(InetSocketAddress address) {
    channel
        .connect(address)
        .addListener(
            done -> {
              Asker current = asker;
              if (current == null) {
                channel.close();
              } else if (done.isSuccess()) {
                current.connected(this);
              } else {
                connectFailed();
              }
            });
  }

  private void connectFailed() {
    Asker current = asker;
    asker = null;
    channel.close();
    if (current != null) {
      current.connectFailed(this);
    }
  }

  void assign(Asker next) {
    asker = next;
    isReused = true;
  }

  /// Another one uses it from now on.
  void passTo(Asker next) {
    asker = next;
  }

  /// Gives what was received to who uses it now.
  void handTo(ByteBuf bytes) {
    Asker current = asker;
    if (current == null) {
      bytes.release();
    } else {
      current.received(this, bytes);
    }
  }

  /// Ends the asker and waits for another.
  void release() {
    asker = null;
    idleSince = worker.now();
    resume();
    worker.idle.keep(this);
  }

  /// Throws away what is left of a response, then waits for another exchange; closes if that takes
  /// long.
  ///
  /// @param octets what is left, -1 if that is unknown or too much
  void drain(long octets) {
    if (octets < 0 || !isOpen()) {
      close();
      return;
    }
    if (octets == 0) {
      release();
      return;
    }
    asker = null;
    unwanted = octets;
    resume();
    worker.loop.schedule(
        () -> {
          if (unwanted > 0) {
            channel.close();
          }
        },
        DRAIN_SECONDS,
        TimeUnit.SECONDS);
  }

  private void discard(ByteBuf bytes) {
    unwanted -= bytes.readableBytes();
    bytes.release();
    if (unwanted == 0) {
      release();
    } else if (unwanted < 0) {
      channel.close();
    }
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

  /// Closes without a further word to the asker.
  void close() {
    asker = null;
    channel.close();
  }

  /// Closes when everything written is sent.
  void closeAfterFlush() {
    asker = null;
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(_ -> channel.close());
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    Asker current = asker;
    if (current == null && unwanted > 0) {
      discard((ByteBuf) message);
      return;
    }
    if (current == null) {
      // An answer nobody asked for: whatever comes next on this connection is suspect.
      ReferenceCountUtil.release(message);
      channel.close();
      return;
    }
    current.received(this, (ByteBuf) message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    Asker current = asker;
    if (current != null) {
      current.receivedAll();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    Asker current = asker;
    if (current != null && channel.isWritable()) {
      current.writable();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    Asker current = asker;
    asker = null;
    if (current == null) {
      worker.idle.forget(this);
    } else {
      current.closed(this);
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
