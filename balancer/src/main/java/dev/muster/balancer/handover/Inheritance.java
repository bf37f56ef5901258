package dev.muster.balancer.handover;

import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Sockets that someone else has listened on, not yet taken. Thread-safe.
public final class Inheritance {
  private final Map<InetSocketAddress, List<Integer>> byAddress = new LinkedHashMap<>();

  private Inheritance() {}

  /// Nothing.
  public static Inheritance none() {
    return new Inheritance();
  }

  /// Listening TCP sockets by their file descriptors, which from now on belong to it.
  static Inheritance of(List<Integer> descriptors) {
    var all = new Inheritance();
    for (int descriptor : descriptors) {
      // Asks the system which address it is; not closed, since that would close the descriptor.
      InetSocketAddress address = new EpollServerSocketChannel(descriptor).localAddress();
      all.byAddress.computeIfAbsent(address, _ -> new ArrayList<>()).add(descriptor);
    }
    return all;
  }

  /// Hands over those that listen on an address.
  public synchronized List<Integer> take(InetSocketAddress address) {
    List<Integer> found = byAddress.remove(address);
    return found == null ? List.of() : found;
  }

  /// Whether nothing is left.
  public synchronized boolean isEmpty() {
    return byAddress.isEmpty();
  }

  /// Closes what nobody took.
  public synchronized void closeRest() {
    for (List<Integer> descriptors : byAddress.values()) {
      for (int descriptor : descriptors) {
        try {
          new FileDescriptor(descriptor).close();
        } catch (IOException e) {
          throw new IllegalStateException("a socket cannot be closed", e);
        }
      }
    }
    byAddress.clear();
  }
}
