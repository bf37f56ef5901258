package dev.muster.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/// An HTTP/1.1 server: decoded on one event loop, each request handled on a virtual thread.
public final class HttpServer implements AutoCloseable {
  private static final int LINE_BYTES_MAX = 8 * 1024;
  private static final int CHUNK_BYTES_MAX = 16 * 1024;

  private final EventLoopGroup loops;
  private final ChannelGroup connections;
  private final Channel listener;

  private HttpServer(EventLoopGroup loops, ChannelGroup connections, Channel listener) {
    this.loops = loops;
    this.connections = connections;
    this.listener = listener;
  }

  /// Listens at once.
  ///
  /// @throws IOException if it cannot listen there; the message names the address
  public static HttpServer start(HttpConfig config, Handler handler) throws IOException {
    boolean epoll = Epoll.isAvailable();
    IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    Class<? extends ServerChannel> type =
        epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    var loops = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("http", true), io);
    ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    var binding =
        new ServerBootstrap()
            .group(loops)
            .channel(type)
            .option(ChannelOption.SO_BACKLOG, 1024)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(pipeline(config, handler, connections))
            .bind(config.listen())
            .awaitUninterruptibly();
    if (!binding.isSuccess()) {
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      InetSocketAddress at = config.listen();
      throw new IOException(
          "cannot listen on %s:%d: %s"
              .formatted(at.getHostString(), at.getPort(), binding.cause().getMessage()),
          binding.cause());
    }
    return new HttpServer(loops, connections, binding.channel());
  }

  private static ChannelInitializer<Channel> pipeline(
      HttpConfig config, Handler handler, ChannelGroup connections) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        if (connections.size() >= config.connectionsMax()) {
          channel.close();
          return;
        }
        connections.add(channel);
        long idle = config.idleTimeout().toMillis();
        channel
            .pipeline()
            .addLast(new HttpServerCodec(LINE_BYTES_MAX, config.headerBytesMax(), CHUNK_BYTES_MAX))
            .addLast(new IdleStateHandler(idle, 0, 0, TimeUnit.MILLISECONDS))
            .addLast(new Connection(handler, config.bodyBytesMax()));
      }
    };
  }

  /// Where it listens, with the port it got.
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  /// Stops listening and cuts every connection; waiting handlers are interrupted.
  @Override
  public void close() {
    listener.close().awaitUninterruptibly();
    connections.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
  }
}
