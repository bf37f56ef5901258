package dev.muster.balancer.proxy;

import dev.muster.balancer.config.ListenConfig.Socket;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hands each accepted connection to a worker. Belongs to the loop of its listener.
final class Acceptor extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(Acceptor.class);

  private final Supplier<Worker> workers;
  private final String address;
  private final boolean followsTags;
  private @Nullable Socket socket;

  Acceptor(Supplier<Worker> workers, String address, boolean followsTags) {
    this.workers = workers;
    this.address = address;
    this.followsTags = followsTags;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    Channel channel = (Channel) message;
    Transport.configure(channel);
    Worker worker = workers.get();
    channel
        .pipeline()
        .addLast(
            new ClientConnection(worker, worker.entrance(socket(context), followsTags), channel));
    EventLoop loop = worker.loop;
    loop.register(channel)
        .addListener(
            done -> {
              if (!done.isSuccess()) {
                channel.unsafe().closeForcibly();
              }
            });
  }

  private Socket socket(ChannelHandlerContext context) {
    Socket known = socket;
    if (known == null) {
      var bound = (InetSocketAddress) context.channel().localAddress();
      known = new Socket(address, bound.getPort());
      socket = known;
    }
    return known;
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
