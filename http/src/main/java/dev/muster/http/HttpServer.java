package dev.muster.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// An HTTP/1.1 server: decoded on one event loop, each request handled on a virtual thread.
public final class HttpServer implements AutoCloseable {
  private static final int CHUNK_BYTES_MAX = 16 * 1024;

  /// More than one read brings: the decoder cuts without a word, [Connection] refuses earlier.
  private static final int PIPELINED_MAX = 8 * 1024;

  private final Duration closing;
  private final Handler handler;
  private final EventLoopGroup loops;
  private final Connections connections;
  private final Channel listener;

  private HttpServer(
      HttpConfig config,
      Handler handler,
      EventLoopGroup loops,
      Connections connections,
      Channel listener) {
    closing = config.timeouts().closing();
    this.handler = handler;
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
    var connections = new Connections(config.limits());
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
    lookAgainAndAgain(loops.next(), connections, config.timeouts().interval());
    return new HttpServer(config, handler, loops, connections, binding.channel());
  }

  private static void lookAgainAndAgain(EventLoop loop, Connections connections, Duration every) {
    loop.scheduleWithFixedDelay(
        () -> connections.look(loop.ticker().nanoTime()),
        every.toMillis(),
        every.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  private static ChannelInitializer<Channel> pipeline(
      HttpConfig config, Handler handler, Connections connections) {
    HttpLimits limits = config.limits();
    HttpDecoderConfig decoding =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(limits.lineBytesMax())
            .setMaxHeaderSize(limits.headerBytesMax())
            .setMaxChunkSize(CHUNK_BYTES_MAX);
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        InetAddress client = ((InetSocketAddress) channel.remoteAddress()).getAddress();
        Optional<Refusal> refusal = connections.refusal(client);
        if (refusal.isPresent()) {
          refuse(channel, refusal.get(), connections);
          return;
        }
        var patience = new Patience(config.timeouts(), channel.eventLoop().ticker().nanoTime());
        var connection = new Connection(handler, limits, connections, patience, client);
        channel
            .pipeline()
            .addLast(patience)
            .addLast(new HttpServerCodec(decoding, PIPELINED_MAX))
            .addLast(connection);
        connections.add(connection, client);
        channel.closeFuture().addListener(_ -> connections.remove(connection, client));
      }
    };
  }

  private static void refuse(Channel channel, Refusal refusal, Connections connections) {
    if (connections.beginRefusing()) {
      channel.pipeline().addLast(refusal.handler());
      channel.closeFuture().addListener(_ -> connections.endRefusing());
    } else {
      channel.close();
    }
  }

  /// Where it listens, with the port it got.
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  /// Stops listening, ends what waits, lets the answers that are under way reach their clients, and
  /// then cuts what is left: its handlers are interrupted. Blocks for as long as
  /// [HttpTimeouts#closing] and a little more.
  @Override
  public void close() {
    if (loops.isShuttingDown()) {
      return;
    }
    listener.close().awaitUninterruptibly();
    EventLoop loop = loops.next();
    Promise<Void> empty = loop.newPromise();
    loop.execute(() -> connections.drain(() -> empty.trySuccess(null)));
    handler.closing();
    empty.awaitUninterruptibly(closing.toMillis(), TimeUnit.MILLISECONDS);
    loop.submit(connections::closeAll).awaitUninterruptibly(1, TimeUnit.SECONDS);
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
  }
}
