package dev.muster.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// An HTTP/1.1 server: decoded on one event loop, each request handled on a virtual thread.
public final class HttpServer implements AutoCloseable {
  private static final int CHUNK_BYTES_MAX = 16 * 1024;

  /// More than one read brings: the decoder cuts without a word, [Connection] refuses earlier.
  private static final int PIPELINED_MAX = 8 * 1024;

  private final SocketAddress listen;
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
    listen = config.listen();
    closing = config.timeouts().closing();
    this.handler = handler;
    this.loops = loops;
    this.connections = connections;
    this.listener = listener;
  }

  /// Listens at once.
  ///
  /// @throws IOException if it cannot listen there, or not speak TLS with the files it was given;
  ///     the message names the address or the file
  public static HttpServer start(HttpConfig config, Handler handler) throws IOException {
    HttpTls files = config.tls();
    SslContext tls = files == null ? null : Certificates.context(files);
    if (config.listen() instanceof UnixDomainSocketAddress unix) {
      SocketFile.clear(unix);
    }
    Transport transport = Transport.of(config.listen());
    var threads = new DefaultThreadFactory("http", true);
    var loops = new MultiThreadIoEventLoopGroup(1, threads, transport.io());
    var connections = new Connections(config.limits());
    var bootstrap =
        new ServerBootstrap()
            .group(loops)
            .channel(transport.channel())
            .option(ChannelOption.SO_BACKLOG, 1024)
            .childHandler(pipeline(config, handler, connections, tls));
    if (config.listen() instanceof InetSocketAddress) {
      bootstrap
          .option(ChannelOption.SO_REUSEADDR, true)
          .childOption(ChannelOption.TCP_NODELAY, true);
    }
    var binding = bootstrap.bind(transport.address()).awaitUninterruptibly();
    if (!binding.isSuccess()) {
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      throw new IOException(
          "cannot listen on %s: %s".formatted(named(config.listen()), binding.cause().getMessage()),
          binding.cause());
    }
    lookAgainAndAgain(loops.next(), connections, config.timeouts().interval());
    return new HttpServer(config, handler, loops, connections, binding.channel());
  }

  private static String named(SocketAddress listen) {
    return listen instanceof InetSocketAddress inet
        ? inet.getHostString() + ":" + inet.getPort()
        : listen.toString();
  }

  private static void lookAgainAndAgain(EventLoop loop, Connections connections, Duration every) {
    loop.scheduleWithFixedDelay(
        () -> connections.look(loop.ticker().nanoTime()),
        every.toMillis(),
        every.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  private static ChannelInitializer<Channel> pipeline(
      HttpConfig config, Handler handler, Connections connections, @Nullable SslContext tls) {
    HttpLimits limits = config.limits();
    HttpDecoderConfig decoding =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(limits.lineBytesMax())
            .setMaxHeaderSize(limits.headerBytesMax())
            .setMaxChunkSize(CHUNK_BYTES_MAX);
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        if (tls != null) {
          SslHandler encryption = tls.newHandler(channel.alloc());
          encryption.setHandshakeTimeoutMillis(config.timeouts().request().toMillis());
          channel.pipeline().addLast(encryption);
        }
        InetAddress client =
            channel.remoteAddress() instanceof InetSocketAddress remote
                ? remote.getAddress()
                : null;
        Optional<Refusal> refusal = connections.refusal(client);
        if (refusal.isPresent()) {
          refuse(channel, refusal.get(), connections);
          return;
        }
        var patience = new Patience(config.timeouts(), channel.eventLoop().ticker().nanoTime());
        var connection =
            new Connection(
                handler,
                limits,
                connections,
                patience,
                client == null ? InetAddress.getLoopbackAddress() : client);
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
  ///
  /// @throws IllegalStateException if that is a unix socket
  public InetSocketAddress address() {
    if (listener.localAddress() instanceof InetSocketAddress address) {
      return address;
    }
    throw new IllegalStateException("a unix socket has no port");
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
    if (listen instanceof UnixDomainSocketAddress unix) {
      SocketFile.remove(unix);
    }
  }
}
