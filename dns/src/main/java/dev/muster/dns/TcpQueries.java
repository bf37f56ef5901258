package dev.muster.dns;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.timeout.IdleStateEvent;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Queries by one TCP connection. Any number may be sent without waiting; each is answered when
/// its answer is known, so that a slow one holds up no other (RFC 7766). Owned by the
/// connection's loop.
final class TcpQueries extends SimpleChannelInboundHandler<ByteBuf> {
  private static final Logger LOG = LoggerFactory.getLogger(TcpQueries.class);
  private static final int LENGTH_BYTES = 2;

  private final QueryThreads queries;
  private final int queriesMax;
  private final TcpConnections connections;
  private int unanswered;
  private boolean isLastQueryRead;

  TcpQueries(QueryThreads queries, int queriesMax, TcpConnections connections) {
    this.queries = queries;
    this.queriesMax = queriesMax;
    this.connections = connections;
  }

  /// Whether nothing is being answered.
  boolean isIdle() {
    return unanswered == 0;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, ByteBuf message) {
    byte[] packet = ByteBufUtil.getBytes(message);
    var client = ((InetSocketAddress) context.channel().remoteAddress()).getAddress();
    unanswered++;
    connections.used(context.channel());
    if (unanswered >= queriesMax) {
      context.channel().config().setAutoRead(false);
    }
    boolean isStarted =
        queries.start(
            packet,
            client,
            true,
            answer -> context.executor().execute(() -> send(context, answer)));
    if (!isStarted) {
      send(context, Exchange.overloaded(packet));
    }
  }

  private void send(ChannelHandlerContext context, Optional<byte[]> answer) {
    if (answer.isEmpty()) {
      context.close(); // not a query: what follows cannot be trusted either
      return;
    }
    byte[] bytes = answer.get();
    ByteBuf length = context.alloc().buffer(LENGTH_BYTES).writeShort(bytes.length);
    context
        .writeAndFlush(Unpooled.wrappedBuffer(length, Unpooled.wrappedBuffer(bytes)))
        .addListener((ChannelFuture sent) -> answered(context));
  }

  private void answered(ChannelHandlerContext context) {
    unanswered--;
    connections.used(context.channel());
    if (isLastQueryRead && unanswered == 0) {
      context.close();
    } else if (unanswered < queriesMax) {
      context.channel().config().setAutoRead(true);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      isLastQueryRead = true;
      if (unanswered == 0) {
        context.close();
      }
    } else if (event instanceof IdleStateEvent && unanswered == 0) {
      context.close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.debug("connection of {} failed: {}", context.channel().remoteAddress(), cause.toString());
    context.close();
  }
}
