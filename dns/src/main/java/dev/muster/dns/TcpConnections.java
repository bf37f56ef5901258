package dev.muster.dns;

import io.netty.channel.Channel;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The open TCP connections: so many in all, and of each client. Owned by the event loop.
final class TcpConnections {
  private final DnsConfig.Limits limits;

  /// The one that was used longest ago comes first.
  private final Map<Channel, TcpQueries> open = new LinkedHashMap<>(16, 0.75f, true);

  private final Map<InetAddress, Integer> perClient = new LinkedHashMap<>();

  TcpConnections(DnsConfig.Limits limits) {
    this.limits = limits;
  }

  /// Takes a connection on. If there are too many in all, the one that has been idle longest
  /// makes room: else those who only connect would lock out those who ask.
  ///
  /// @return false if there is no room
  boolean add(Channel channel, TcpQueries queries, InetAddress client) {
    if (perClient.getOrDefault(client, 0) >= limits.connectionsPerClientMax()) {
      return false;
    }
    if (open.size() >= limits.connectionsMax()) {
      Optional<Channel> idle = longestIdle();
      if (idle.isEmpty()) {
        return false;
      }
      idle.get().close();
    }
    open.put(channel, queries);
    perClient.merge(client, 1, Integer::sum);
    channel
        .closeFuture()
        .addListener(
            _ -> {
              open.remove(channel);
              perClient.computeIfPresent(client, (_, count) -> count == 1 ? null : count - 1);
            });
    return true;
  }

  private Optional<Channel> longestIdle() {
    return open.entrySet().stream()
        .filter(each -> each.getValue().isIdle())
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /// Something was asked or answered there.
  void used(Channel channel) {
    open.get(channel);
  }
}
