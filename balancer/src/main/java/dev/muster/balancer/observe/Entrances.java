package dev.muster.balancer.observe;

import dev.muster.balancer.config.ListenConfig.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// What came in by each socket that is or was listened on. Thread-safe.
public final class Entrances {
  private final Map<Socket, Traffic> sockets = new ConcurrentHashMap<>();

  /// The numbers of a socket, from its first client on.
  public Traffic of(Socket socket) {
    return sockets.computeIfAbsent(socket, _ -> new Traffic());
  }

  /// All numbers.
  public void readInto(List<Metric> metrics) {
    sockets.forEach(
        (socket, traffic) ->
            traffic.readInto(
                metrics, "muster.balancer.listener", Map.of("listener", socket.toString())));
  }
}
