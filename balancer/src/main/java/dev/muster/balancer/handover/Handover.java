package dev.muster.balancer.handover;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A socket of the file system where a successor of the same user gets what is listened on, and
/// says later that it serves. It asks by one octet per connection; the descriptors are sent beside
/// one octet each (`SCM_RIGHTS`), and the connection ends after the last.
public final class Handover implements AutoCloseable {
  static final byte SOCKETS = 'S';
  static final byte SERVES = 'D';

  private static final Logger log = LoggerFactory.getLogger(Handover.class);

  private final Path path;
  private final Channel listener;

  private Handover(Path path, Channel listener) {
    this.path = path;
    this.listener = listener;
  }

  /// Listens for a successor.
  ///
  /// @param path replaced if it is there
  /// @param descriptors of all that is listened on
  /// @param drain run, once and on a thread of its own, when the successor serves
  /// @throws IOException if it cannot be listened on
  public static Handover offer(
      Path path, EventLoop loop, Supplier<List<Integer>> descriptors, Runnable drain)
      throws IOException {
    Files.deleteIfExists(path);
    var isDrained = new AtomicBoolean();
    var uid = new Owner(path);
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loop)
            .channel(EpollServerDomainSocketChannel.class)
            .childHandler(
                new ChannelInitializer<EpollDomainSocketChannel>() {
                  @Override
                  protected void initChannel(EpollDomainSocketChannel channel) {
                    channel.pipeline().addLast(new Successor(descriptors, drain, isDrained, uid));
                  }
                })
            .bind(new DomainSocketAddress(path.toFile()))
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException("cannot listen on " + path + " for a successor: " + bound.cause());
    }
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    return new Handover(path, bound.channel());
  }

  /// Takes the offer back.
  @Override
  public void close() throws IOException {
    listener.close().awaitUninterruptibly();
    Files.deleteIfExists(path);
  }

  /// Who made a file: for its first moments anybody may be able to connect to the socket.
  private record Owner(Path path) {
    boolean is(int uid) throws IOException {
      return uid == 0 || Files.getAttribute(path, "unix:uid").equals(uid);
    }
  }

  private static final class Successor extends SimpleChannelInboundHandler<ByteBuf> {
    private final Supplier<List<Integer>> descriptors;
    private final Runnable drain;
    private final AtomicBoolean isDrained;
    private final Owner owner;

    Successor(
        Supplier<List<Integer>> descriptors, Runnable drain, AtomicBoolean isDrained, Owner owner) {
      this.descriptors = descriptors;
      this.drain = drain;
      this.isDrained = isDrained;
      this.owner = owner;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) throws IOException {
      int uid = ((EpollDomainSocketChannel) context.channel()).peerCredentials().uid();
      if (!owner.is(uid)) {
        log.warn("the user {} asked for what is listened on, and gets nothing", uid);
        context.close();
      }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf asked) {
      switch (asked.readByte()) {
        case SOCKETS -> {
          List<Integer> all = descriptors.get();
          all.forEach(each -> context.write(new FileDescriptor(each)));
          log.info("{} listening sockets are handed to a successor", all.size());
        }
        case SERVES -> {
          if (isDrained.compareAndSet(false, true)) {
            Thread.ofPlatform().name("balancer-handover").start(drain);
          }
        }
        default -> {}
      }
      context.writeAndFlush(context.alloc().buffer(0)).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      log.warn("a successor could not be answered: {}", cause.toString());
      context.close();
    }
  }
}
