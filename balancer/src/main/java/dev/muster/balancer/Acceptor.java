package dev.muster.balancer;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hands each accepted connection to a worker. Belongs to the loop of its listener.
final class Acceptor extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(Acceptor.class);

  private final Supplier<Worker> workers;

  Acceptor(Supplier<Worker> workers) {
    this.workers = workers;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    Channel channel = (Channel) message;
    Transport.configure(channel);
    Worker worker = workers.get();
    channel.pipeline().addLast(new ClientConnection(worker, channel));
    EventLoop loop = worker.loop;
    loop.register(channel)
        .addListener(
            done -> {
              if (!done.isSuccess()) {
                channel.unsafe().closeForcibly();
              }
            });
  }

  // Out of file descriptors, usually: accepting on at once would spin.
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    log.warn("accepting pauses for a second: {}", cause.toString());
    Channel listener = context.channel();
    listener.config().setAutoRead(false);
    listener.eventLoop().schedule(() -> listener.config().setAutoRead(true), 1, TimeUnit.SECONDS);
  }
}
