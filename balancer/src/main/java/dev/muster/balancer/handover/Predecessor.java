package dev.muster.balancer.handover;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.DomainSocketReadMode;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The process that has served so far, asked over the socket of its [Handover]. Blocks.
///
/// @param path of that socket
/// @param patience how long it may take to answer
public record Predecessor(Path path, Duration patience) {

  /// Gets what it listens on. It goes on serving.
  public Inheritance sockets() throws IOException {
    List<Integer> received = new ArrayList<>();
    ask(
        Handover.SOCKETS,
        new ChannelInboundHandlerAdapter() {
          @Override
          public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof FileDescriptor descriptor) {
              received.add(descriptor.intValue());
            } else {
              ReferenceCountUtil.release(message);
            }
          }
        });
    return Inheritance.of(received);
  }

  /// Tells it that its sockets are served, so that it finishes what it has begun and ends.
  public void drain() throws IOException {
    ask(Handover.SERVES, new ChannelInboundHandlerAdapter());
  }

  private void ask(byte what, ChannelInboundHandlerAdapter answers) throws IOException {
    if (!Epoll.isAvailable()) {
      throw new IOException("sockets can only be handed over on Linux");
    }
    var group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    try {
      var bootstrap = new Bootstrap().group(group).channel(EpollDomainSocketChannel.class);
      bootstrap.handler(answers);
      Channel channel = bootstrap.register().syncUninterruptibly().channel();
      ((EpollDomainSocketChannel) channel)
          .config()
          .setReadMode(DomainSocketReadMode.FILE_DESCRIPTORS);
      ChannelFuture connected =
          channel.connect(new DomainSocketAddress(path.toFile())).awaitUninterruptibly();
      if (!connected.isSuccess()) {
        throw new IOException("nobody hands sockets over on " + path + ": " + connected.cause());
      }
      channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {what}));
      if (!channel.closeFuture().awaitUninterruptibly(patience.toMillis())) {
        throw new IOException("the process behind " + path + " does not answer");
      }
    } finally {
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
  }
}
