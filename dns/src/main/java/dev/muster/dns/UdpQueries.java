package dev.muster.dns;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Queries by UDP: a datagram each. Those that there is no room for are dropped, and so are
/// answers when the socket is full: the client asks again.
final class UdpQueries extends SimpleChannelInboundHandler<DatagramPacket> {
  private static final Logger LOG = LoggerFactory.getLogger(UdpQueries.class);

  private final QueryThreads queries;
  private final Counters counters;

  UdpQueries(QueryThreads queries, Counters counters) {
    this.queries = queries;
    this.counters = counters;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
    var client = packet.sender();
    queries.start(
        ByteBufUtil.getBytes(packet.content()),
        client.getAddress(),
        false,
        answer ->
            answer.ifPresent(
                bytes -> {
                  if (context.channel().isWritable()) {
                    context.writeAndFlush(
                        new DatagramPacket(Unpooled.wrappedBuffer(bytes), client));
                  } else {
                    counters.shed();
                  }
                }));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    // Such as "connection refused" from a client that did not wait; the socket serves the others.
    LOG.debug("receiving failed: {}", cause.toString());
  }
}
