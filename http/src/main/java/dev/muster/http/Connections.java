package dev.muster.http;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The connections of one server and what they share. Everything here runs on the event loop.
final class Connections {
  /// Connections over a limit are told so before they are closed, but only this many at a time.
  private static final int REFUSED_MAX = 100;

  private final HttpLimits limits;
  private final Set<Connection> open = new HashSet<>();
  private final Map<InetAddress, Integer> perClient = new HashMap<>();
  private long bodyBytes;
  private int refused;
  private @Nullable Runnable whenEmpty;

  Connections(HttpLimits limits) {
    this.limits = limits;
  }

  /// Why there is no room for one more.
  ///
  /// @param client null where clients have no address
  Optional<Refusal> refusal(@Nullable InetAddress client) {
    if (open.size() >= limits.connectionsMax()) {
      return Optional.of(Refusal.SERVER_IS_FULL);
    }
    int max = limits.connectionsPerClientMax();
    return client != null && max > 0 && perClient.getOrDefault(client, 0) >= max
        ? Optional.of(Refusal.CLIENT_HAS_TOO_MANY)
        : Optional.empty();
  }

  void add(Connection connection, @Nullable InetAddress client) {
    open.add(connection);
    if (client != null) {
      perClient.merge(client, 1, Integer::sum);
    }
  }

  void remove(Connection connection, @Nullable InetAddress client) {
    if (open.remove(connection) && open.isEmpty() && whenEmpty != null) {
      whenEmpty.run();
    }
    if (client != null) {
      perClient.computeIfPresent(client, (_, count) -> count == 1 ? null : count - 1);
    }
  }

  /// Whether one more may stay open until it has read why it is refused.
  boolean beginRefusing() {
    boolean may = refused < REFUSED_MAX;
    refused += may ? 1 : 0;
    return may;
  }

  void endRefusing() {
    refused--;
  }

  /// Makes room for a part of a body, or gives it back.
  ///
  /// @param bytes less than 0 to give back
  /// @return whether there is room
  boolean hold(long bytes) {
    if (bytes > 0 && bodyBytes + bytes > limits.bodiesBytesMax()) {
      return false;
    }
    bodyBytes += bytes;
    return true;
  }

  /// Ends what has been waited for long enough.
  void look(long now) {
    for (Connection each : List.copyOf(open)) {
      each.look(now);
    }
  }

  /// Lets each end with the answer that is under way.
  ///
  /// @param whenEmpty called once there is none left
  void drain(Runnable whenEmpty) {
    this.whenEmpty = whenEmpty;
    if (open.isEmpty()) {
      whenEmpty.run();
    }
    List.copyOf(open).forEach(Connection::drain);
  }

  void closeAll() {
    List.copyOf(open).forEach(Connection::close);
  }
}
