package dev.muster.http;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;

/// What a server listens with: epoll where there is, else what the JDK has.
///
/// @param address the same, as the channel wants it
record Transport(
    IoHandlerFactory io, Class<? extends ServerChannel> channel, SocketAddress address) {

  static Transport of(SocketAddress listen) {
    boolean epoll = Epoll.isAvailable();
    IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    if (listen instanceof UnixDomainSocketAddress unix) {
      return epoll
          ? new Transport(
              io,
              EpollServerDomainSocketChannel.class,
              new DomainSocketAddress(unix.getPath().toFile()))
          : new Transport(io, NioServerDomainSocketChannel.class, unix);
    }
    return new Transport(
        io, epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class, listen);
  }
}
