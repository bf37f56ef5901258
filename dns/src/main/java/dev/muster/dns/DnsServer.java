package dev.muster.dns;

import dev.muster.registry.Registry;
import dev.muster.registry.View;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.handler.timeout.WriteTimeoutHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Answers DNS queries about the registry, by UDP and TCP on one port: received on one event
/// loop, each answered on a virtual thread.
public final class DnsServer implements AutoCloseable {
  /// Queries are small; a longer datagram is cut, and then malformed.
  private static final int QUERY_BYTES_MAX = 4096;

  private static final int RECEIVE_BYTES = 1 << 20;

  /// How often a free TCP port is tried for UDP, before giving up to find one free for both.
  private static final int PORT_TRIES = 16;

  /// What an exchange is made of, beside its settings.
  ///
  /// @param random thread-safe, not to be guessed: it makes the ids of questions to recursors
  private record Parts(
      Registry registry,
      PreparedQueries queries,
      InstantSource clock,
      LongSupplier nanoTime,
      RandomGenerator random,
      Semaphore recursions,
      Counters counters) {

    Exchange exchange(DnsConfig config) {
      var upstream = new Recursors(config.recursion(), recursions, nanoTime, random, counters);
      var sources = new Lookup.Sources(config, Zone.of(config), queries, upstream);
      var answers = new Answers(sources, random, clock, counters);
      Supplier<View> views = config.allowStale() ? registry::localView : registry::view;
      return new Exchange(answers, views, upstream, config, counters, nanoTime);
    }
  }

  private final Parts parts;
  private final QueryThreads queries;
  private final IoEventLoopGroup loops;
  private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final DnsConfig.Limits limits;
  private final TcpConnections tcp;
  private InetSocketAddress address;

  private DnsServer(Parts parts, DnsConfig config, InetSocketAddress listen) {
    this.parts = parts;
    limits = config.limits();
    tcp = new TcpConnections(limits);
    queries = new QueryThreads(parts.exchange(config), limits.queriesMax(), parts.counters());
    loops =
        new MultiThreadIoEventLoopGroup(
            1,
            new DefaultThreadFactory("dns", true),
            Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    address = listen;
  }

  /// Listens at once.
  ///
  /// @param listen port 0 takes one that is free for UDP and TCP
  /// @param queries what `.query.` names mean
  /// @param clock for the serial number of the domain
  /// @param nanoTime for time-outs
  /// @param random thread-safe, and not to be guessed, as a `SecureRandom` is
  /// @throws IOException if it cannot listen there; the message names the address
  public static DnsServer start(
      DnsConfig config,
      InetSocketAddress listen,
      Registry registry,
      PreparedQueries queries,
      InstantSource clock,
      LongSupplier nanoTime,
      RandomGenerator random)
      throws IOException {
    var parts =
        new Parts(
            registry,
            queries,
            clock,
            nanoTime,
            random,
            new Semaphore(config.limits().recursionsMax()),
            new Counters());
    var server = new DnsServer(parts, config, listen);
    try {
      server.listen(listen);
    } catch (IOException e) {
      server.close();
      throw e;
    }
    return server;
  }

  private void listen(InetSocketAddress listen) throws IOException {
    for (int tries = 1; ; tries++) {
      ChannelFuture tcp = bindTcp(listen);
      if (!tcp.isSuccess()) {
        throw cannotListen("TCP", listen, tcp.cause());
      }
      address = (InetSocketAddress) tcp.channel().localAddress();
      ChannelFuture udp = bindUdp(new InetSocketAddress(listen.getAddress(), address.getPort()));
      if (udp.isSuccess()) {
        channels.add(tcp.channel());
        channels.add(udp.channel());
        return;
      }
      tcp.channel().close().awaitUninterruptibly();
      if (listen.getPort() != 0 || tries == PORT_TRIES) {
        throw cannotListen("UDP", listen, udp.cause());
      }
    }
  }

  private static IOException cannotListen(String protocol, InetSocketAddress at, Throwable cause) {
    return new IOException(
        "cannot listen on %s:%d (%s): %s"
            .formatted(at.getHostString(), at.getPort(), protocol, cause.getMessage()),
        cause);
  }

  private ChannelFuture bindUdp(InetSocketAddress at) {
    return new Bootstrap()
        .group(loops)
        .channel(Epoll.isAvailable() ? EpollDatagramChannel.class : NioDatagramChannel.class)
        .option(ChannelOption.SO_RCVBUF, RECEIVE_BYTES)
        .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(QUERY_BYTES_MAX))
        .handler(new UdpQueries(queries, parts.counters()))
        .bind(at)
        .awaitUninterruptibly();
  }

  private ChannelFuture bindTcp(InetSocketAddress at) {
    return new ServerBootstrap()
        .group(loops)
        .channel(
            Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
        .option(ChannelOption.SO_REUSEADDR, true)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
        .childHandler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel channel) {
                takeOn(channel);
              }
            })
        .bind(at)
        .awaitUninterruptibly();
  }

  private void takeOn(Channel channel) {
    var answering = new TcpQueries(queries, limits.queriesPerConnectionMax(), tcp);
    InetAddress client = ((InetSocketAddress) channel.remoteAddress()).getAddress();
    if (!tcp.add(channel, answering, client)) {
      parts.counters().shed();
      channel.close();
      return;
    }
    connections.add(channel);
    long idle = limits.idleTimeout().toMillis();
    channel
        .pipeline()
        .addLast(new LengthFieldBasedFrameDecoder(Query.TCP_BYTES_MAX + 2, 0, 2, 0, 2))
        .addLast(new FlowControlHandler()) // one by one, as long as reading is on
        // Behind the decoder: only a whole query counts, not each byte that trickles in.
        .addLast(new IdleStateHandler(idle, 0, 0, TimeUnit.MILLISECONDS))
        .addLast(new WriteTimeoutHandler(idle, TimeUnit.MILLISECONDS))
        .addLast(answering);
  }

  /// Where it listens, with the port it got.
  public InetSocketAddress address() {
    return address;
  }

  /// Replaces all settings, except the limits: queries that come from now on are answered by the
  /// new ones.
  public void configure(DnsConfig config) {
    queries.use(parts.exchange(config));
  }

  /// What was counted since the start.
  public DnsStatistics statistics() {
    return parts.counters().read();
  }

  /// Stops listening and cuts every connection.
  @Override
  public void close() {
    channels.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
    queries.close();
    connections.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
  }
}
