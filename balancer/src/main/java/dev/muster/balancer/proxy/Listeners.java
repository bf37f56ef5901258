package dev.muster.balancer.proxy;

import dev.muster.balancer.config.Addresses;
import dev.muster.balancer.config.ListenConfig.Socket;
import dev.muster.balancer.handover.Inheritance;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ServerChannel;
import io.netty.channel.unix.UnixChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

/// The sockets that are listened on, each by every loop where the system can. Thread-safe.
public final class Listeners {
  private final Transport transport;
  private final List<Worker> workers;
  private final Map<Socket, List<Channel>> open = new LinkedHashMap<>();

  private final Inheritance inheritance;

  /// None yet.
  public Listeners(Transport transport, List<Worker> workers, Inheritance inheritance) {
    this.transport = transport;
    this.workers = List.copyOf(workers);
    this.inheritance = inheritance;
  }

  /// Listens on a socket, for good; [#accept] begins to accept.
  ///
  /// @param followsTags whether the routes that services ask for are reached here
  /// @return the same with the port that was free, if it asked for any
  /// @throws CannotListen naming the socket
  public synchronized Socket open(Socket socket, boolean followsTags) {
    InetAddress address =
        Objects.requireNonNull(Addresses.literal(socket.address()), "no IP address: " + socket);
    List<Channel> channels = new ArrayList<>();
    takeOver(new InetSocketAddress(address, socket.port()), socket, followsTags, channels);
    int count = transport.sharesPort() ? workers.size() : 1;
    if (channels.isEmpty() && transport.sharesPort() && socket.port() != 0) {
      requireFree(address, socket, !followsTags);
    }
    Socket bound = socket;
    try {
      for (int i = channels.size(); i < count; i++) {
        Worker own = workers.get(i);
        ServerChannel listener = transport.listener(address, transport.sharesPort(), !followsTags);
        listener.pipeline().addLast(acceptor(own, socket, followsTags));
        channels.add(listener);
        listener.config().setAutoRead(false);
        await(own.loop.register(listener), socket);
        await(listener.bind(new InetSocketAddress(address, bound.port())), socket);
        bound =
            new Socket(socket.address(), ((InetSocketAddress) listener.localAddress()).getPort());
      }
    } catch (IllegalStateException e) {
      channels.forEach(Channel::close);
      throw e;
    }
    open.put(bound, channels);
    return bound;
  }

  private Acceptor acceptor(Worker own, Socket socket, boolean followsTags) {
    Supplier<Worker> choice = transport.sharesPort() ? () -> own : new Turns(workers);
    return new Acceptor(choice, socket.address(), followsTags);
  }

  /// Goes on with the sockets that a predecessor listened on, so that no connection which waits in
  /// one of them is lost. They may be more than there are loops: then some loops have several.
  private void takeOver(
      InetSocketAddress address, Socket socket, boolean followsTags, List<Channel> channels) {
    for (int descriptor : inheritance.take(address)) {
      Worker own = workers.get(channels.size() % workers.size());
      ServerChannel listener = transport.listener(descriptor);
      listener.pipeline().addLast(acceptor(own, socket, followsTags));
      channels.add(listener);
      listener.config().setAutoRead(false);
      await(own.loop.register(listener), socket);
    }
  }

  /// Accepts on all that is listened on. Until then connections wait in the system's queue, so that
  /// none comes before what is to serve it.
  public synchronized void accept() {
    open.values().stream()
        .flatMap(List::stream)
        .forEach(channel -> channel.config().setAutoRead(true));
  }

  /// The file descriptors of all that is listened on, where the system has any.
  public synchronized List<Integer> descriptors() {
    return open.values().stream()
        .flatMap(List::stream)
        .filter(UnixChannel.class::isInstance)
        .map(channel -> ((UnixChannel) channel).fd().intValue())
        .toList();
  }

  /// Listens on exactly these beside the ones to keep: opens what is new, then closes what is gone.
  ///
  /// @throws IllegalStateException if one cannot be listened on; then nothing has changed
  public synchronized void replace(Set<Socket> wanted, Set<Socket> kept) {
    List<Socket> opened = new ArrayList<>();
    try {
      for (Socket socket : wanted) {
        if (!open.containsKey(socket)) {
          opened.add(open(socket, false));
        }
      }
    } catch (IllegalStateException e) {
      opened.forEach(this::close);
      throw e;
    }
    for (Socket socket : new HashSet<>(open.keySet())) {
      if (!wanted.contains(socket) && !kept.contains(socket)) {
        close(socket);
      }
    }
    inheritance.closeRest();
  }

  private void close(Socket socket) {
    List<Channel> channels = open.remove(socket);
    if (channels != null) {
      channels.forEach(channel -> channel.close().awaitUninterruptibly());
    }
  }

  /// Stops listening.
  public synchronized void closeAll() {
    List.copyOf(open.keySet()).forEach(this::close);
  }

  /// Listeners that share a port would also share it with another process of this user, which then
  /// got a part of the connections: one that does not share it finds out.
  private void requireFree(InetAddress address, Socket socket, boolean isIpv6Alone) {
    ServerChannel lone = transport.listener(address, false, isIpv6Alone);
    try {
      await(workers.getFirst().loop.register(lone), socket);
      await(lone.bind(new InetSocketAddress(address, socket.port())), socket);
    } finally {
      lone.close().awaitUninterruptibly();
    }
  }

  private static void await(ChannelFuture done, Socket socket) {
    if (!done.awaitUninterruptibly().isSuccess()) {
      throw new CannotListen(socket, done.cause());
    }
  }

  /// Workers one after another; belongs to the loop of the only listener.
  private static final class Turns implements Supplier<Worker> {
    private final List<Worker> workers;
    private int next;

    Turns(List<Worker> workers) {
      this.workers = workers;
    }

    @Override
    public Worker get() {
      next = (next + 1) % workers.size();
      return workers.get(next);
    }
  }
}
