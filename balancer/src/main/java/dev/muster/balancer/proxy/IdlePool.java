package dev.muster.balancer.proxy;

import dev.muster.balancer.upstream.Instance;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The connections of one loop that wait for a request; of those to an instance, the one used last
/// is used next.
final class IdlePool {
  private final Map<Instance, ArrayDeque<UpstreamConnection>> byInstance = new HashMap<>();
  private final int perInstance;

  IdlePool(int perInstance) {
    this.perInstance = perInstance;
  }

  /// A kept connection to the instance, or null.
  @Nullable UpstreamConnection poll(Instance instance) {
    ArrayDeque<UpstreamConnection> waiting = byInstance.get(instance);
    if (waiting == null) {
      return null;
    }
    UpstreamConnection found = waiting.pollFirst();
    while (found != null && !found.isOpen()) {
      found = waiting.pollFirst();
    }
    return found;
  }

  /// Keeps a connection, or closes it.
  void keep(UpstreamConnection connection) {
    Instance instance = connection.instance();
    ArrayDeque<UpstreamConnection> waiting = byInstance.get(instance);
    if (waiting == null) {
      waiting = new ArrayDeque<>();
      byInstance.put(instance, waiting);
    }
    if (instance.isGone() || waiting.size() >= perInstance) {
      connection.close();
    } else {
      waiting.addFirst(connection);
    }
  }

  void forget(UpstreamConnection connection) {
    ArrayDeque<UpstreamConnection> waiting = byInstance.get(connection.instance());
    if (waiting != null) {
      waiting.remove(connection);
    }
  }

  /// Closes what waited too long or leads to who is gone.
  void closeExpired(long now, long idleNanos) {
    Iterator<Map.Entry<Instance, ArrayDeque<UpstreamConnection>>> entries =
        byInstance.entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<Instance, ArrayDeque<UpstreamConnection>> entry = entries.next();
      closeExpired(entry.getKey(), entry.getValue(), now - idleNanos);
      if (entry.getValue().isEmpty()) {
        entries.remove();
      }
    }
  }

  // The connections that wait longest are at the end.
  private static void closeExpired(
      Instance instance, ArrayDeque<UpstreamConnection> waiting, long oldestAllowed) {
    for (UpstreamConnection oldest = waiting.peekLast();
        oldest != null && (instance.isGone() || oldest.idleSince() - oldestAllowed < 0);
        oldest = waiting.peekLast()) {
      waiting.removeLast();
      oldest.close();
    }
  }

  void closeAll() {
    List.copyOf(byInstance.values())
        .forEach(waiting -> List.copyOf(waiting).forEach(UpstreamConnection::close));
  }
}
