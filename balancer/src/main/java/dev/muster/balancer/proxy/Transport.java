package dev.muster.balancer.proxy;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.UnixChannelOption;
import java.net.Inet4Address;
import java.net.InetAddress;

/// Which sockets are used: native epoll where there is one, else the JDK's. Stateless.
public enum Transport {
  /// Linux: every event loop has its own listener on the same port.
  EPOLL,
  /// Elsewhere: one listener hands connections to all loops.
  NIO;

  private static final ByteBufAllocator ALLOCATOR = PooledByteBufAllocator.DEFAULT;
  private static final int READ_BYTES_MIN = 2048;
  private static final int READ_BYTES_MAX = 64 * 1024;
  private static final int UNSENT_BYTES_LOW = 32 * 1024;
  private static final int UNSENT_BYTES_HIGH = 64 * 1024;
  private static final int BACKLOG = 1024;
  // Linux' IPPROTO_IPV6 and IPV6_V6ONLY.
  private static final IntegerUnixChannelOption IPV6_ONLY =
      new IntegerUnixChannelOption("IPV6_V6ONLY", 41, 26);

  /// The best there is here.
  public static Transport best() {
    return Epoll.isAvailable() ? EPOLL : NIO;
  }

  /// What event loops wait with.
  public IoHandlerFactory ioHandlers() {
    return switch (this) {
      case EPOLL -> EpollIoHandler.newFactory();
      case NIO -> NioIoHandler.newFactory();
    };
  }

  boolean sharesPort() {
    return this == EPOLL;
  }

  /// One that is not bound yet.
  ///
  /// @param sharesPort whether others may have the same port
  /// @param isIpv6Alone whether `::` leaves IPv4 to others, as in nginx
  ServerChannel listener(InetAddress address, boolean sharesPort, boolean isIpv6Alone) {
    SocketProtocolFamily family =
        address instanceof Inet4Address ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
    ServerChannel channel =
        switch (this) {
          case EPOLL -> new EpollServerSocketChannel(family);
          case NIO -> new NioServerSocketChannel();
        };
    channel.config().setOption(ChannelOption.SO_BACKLOG, BACKLOG);
    channel.config().setOption(ChannelOption.SO_REUSEADDR, true);
    if (this == EPOLL) {
      channel.config().setOption(UnixChannelOption.SO_REUSEPORT, sharesPort);
      if (isIpv6Alone && family == SocketProtocolFamily.INET6) {
        channel.config().setOption(IPV6_ONLY, 1);
      }
    }
    channel.config().setAllocator(ALLOCATOR);
    return channel;
  }

  /// One that is listened on already.
  ServerChannel listener(int descriptor) {
    if (this != EPOLL) {
      throw new IllegalStateException("only epoll takes over sockets");
    }
    ServerChannel channel = new EpollServerSocketChannel(descriptor);
    channel.config().setAllocator(ALLOCATOR);
    return channel;
  }

  Channel upstream() {
    Channel channel =
        switch (this) {
          case EPOLL -> new EpollSocketChannel();
          case NIO -> new NioSocketChannel();
        };
    configure(channel);
    // The worker's tick watches the connect, and a failed write must leave what the instance
    // answered before it hung up readable.
    channel.config().setConnectTimeoutMillis(0);
    channel.config().setAutoClose(false);
    return channel;
  }

  static void configure(Channel channel) {
    channel.config().setAllocator(ALLOCATOR);
    channel.config().setOption(ChannelOption.TCP_NODELAY, true);
    channel
        .config()
        .setRecvByteBufAllocator(
            new AdaptiveRecvByteBufAllocator(READ_BYTES_MIN, READ_BYTES_MIN, READ_BYTES_MAX));
    channel
        .config()
        .setWriteBufferWaterMark(new WriteBufferWaterMark(UNSENT_BYTES_LOW, UNSENT_BYTES_HIGH));
  }
}
