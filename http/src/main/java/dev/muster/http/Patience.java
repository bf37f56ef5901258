package dev.muster.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.ReferenceCountUtil;

/// For how long one client is waited for. Stands before the decoder, since the first byte of a
/// request counts, not its first line. Has no timers: ten thousand connections that wait cost one
/// look each.
final class Patience extends ChannelInboundHandlerAdapter {
  /// Who sends more slowly than this is slow on purpose.
  private static final long BYTES_PER_SECOND_MIN = 16 * 1024;

  private final HttpTimeouts timeouts;

  /// Of the event loop's clock, as all times here.
  private long quietSince;

  private boolean isDeaf;
  private boolean arrives;
  private long firstByteAt;
  private long arrivedBytes;

  private boolean leaves;
  private long leftSince;
  private long left;

  Patience(HttpTimeouts timeouts, long now) {
    this.timeouts = timeouts;
    quietSince = now;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (isDeaf) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (!arrives) {
      arrives = true;
      firstByteAt = context.executor().ticker().nanoTime();
      arrivedBytes = 0;
    }
    arrivedBytes += ((ByteBuf) message).readableBytes();
    context.fireChannelRead(message);
  }

  /// Whatever else is sent is thrown away.
  void stopListening() {
    isDeaf = true;
  }

  /// The last byte of a request was read.
  void requestArrived() {
    arrives = false;
  }

  void answered(long now) {
    quietSince = now;
  }

  /// Nothing is read for now, for which the client is not to blame.
  void holdReading(long now) {
    firstByteAt = now;
  }

  boolean isRequestLate(long now) {
    long extra = arrivedBytes * 1_000 / BYTES_PER_SECOND_MIN * 1_000_000;
    return arrives && now - firstByteAt > timeouts.request().toNanos() + extra;
  }

  boolean isIdleForTooLong(long now) {
    return !arrives && now - quietSince > timeouts.idle().toNanos();
  }

  /// Whether there is an answer of which the client took nothing for too long.
  boolean isStalled(Channel channel, long now) {
    ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
    if (out == null || out.isEmpty()) {
      leaves = false;
      return false;
    }
    // Pieces of one size follow each other: only their identity tells them apart.
    long seen =
        (out.totalPendingWriteBytes() - out.currentProgress()) << 32
            | System.identityHashCode(out.current());
    if (!leaves || seen != left) {
      leaves = true;
      left = seen;
      leftSince = now;
    }
    return now - leftSince > timeouts.stall().toNanos();
  }
}
