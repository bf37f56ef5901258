package dev.muster.balancer.proxy;

import dev.muster.balancer.config.ListenConfig.Socket;
import dev.muster.balancer.upstream.Addresses;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ServerChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// The sockets that are listened on, each by every loop where the system can. One thread at a time.
public final class Listeners {
  private final Transport transport;
  private final List<Worker> workers;
  private final Map<Socket, List<Channel>> open = new LinkedHashMap<>();

  /// None yet.
  public Listeners(Transport transport, List<Worker> workers) {
    this.transport = transport;
    this.workers = List.copyOf(workers);
  }

  /// Listens on a socket, for good.
  ///
  /// @param followsTags whether the routes that services ask for are reached here
  /// @return the same with the port that was free, if it asked for any
  /// @throws IllegalStateException naming the socket if it cannot be listened on
  public Socket open(Socket socket, boolean followsTags) {
    InetAddress address = Addresses.literal(socket.address());
    int count = transport.sharesPort() ? workers.size() : 1;
    if (transport.sharesPort() && socket.port() != 0) {
      requireFree(new InetSocketAddress(address, socket.port()), socket);
    }
    Socket bound = socket;
    List<Channel> channels = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        Worker own = workers.get(i);
        Supplier<Worker> choice = transport.sharesPort() ? () -> own : new Turns(workers);
        ServerChannel listener = transport.listener();
        listener.pipeline().addLast(new Acceptor(choice, socket.address(), followsTags));
        channels.add(listener);
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

  /// Listens on exactly these beside the ones to keep: opens what is new, then closes what is gone.
  ///
  /// @throws IllegalStateException if one cannot be listened on; then nothing has changed
  public void replace(Set<Socket> wanted, Set<Socket> kept) {
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
  }

  private void close(Socket socket) {
    List<Channel> channels = open.remove(socket);
    if (channels != null) {
      channels.forEach(channel -> channel.close().awaitUninterruptibly());
    }
  }

  /// Stops listening.
  public void closeAll() {
    List.copyOf(open.keySet()).forEach(this::close);
  }

  /// Listeners that share a port would also share it with another process of this user, which then
  /// got a part of the connections: one that does not share it finds out.
  private static void requireFree(InetSocketAddress address, Socket socket) {
    try (ServerSocket lone = new ServerSocket()) {
      lone.setReuseAddress(true);
      lone.bind(address);
    } catch (IOException e) {
      throw cannotListen(socket, e);
    }
  }

  private static void await(ChannelFuture done, Socket socket) {
    if (!done.awaitUninterruptibly().isSuccess()) {
      throw cannotListen(socket, done.cause());
    }
  }

  private static IllegalStateException cannotListen(Socket socket, Throwable cause) {
    return new IllegalStateException(
        "the balancer cannot listen on %s port %d: %s"
            .formatted(socket.address(), socket.port(), cause),
        cause);
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
