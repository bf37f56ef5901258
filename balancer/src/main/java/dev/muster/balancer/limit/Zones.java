package dev.muster.balancer.limit;

import dev.muster.balancer.config.ZoneConfig;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a configuration counts, by the names it gives. Immutable; what was counted is not.
public final class Zones {
  /// Of no configuration.
  public static final Zones NONE = new Zones(Map.of());

  private final Map<String, Zone> byName;

  /// A table and what is counted in it.
  public sealed interface Zone {
    /// How often.
    ///
    /// @param config of it
    /// @param buckets by key
    record Requests(ZoneConfig.Requests config, LeakyBuckets buckets) implements Zone {}

    /// How many at a time.
    ///
    /// @param config of it
    /// @param counts by key
    record Connections(ZoneConfig.Connections config, KeyCounts counts) implements Zone {}
  }

  private Zones(Map<String, Zone> byName) {
    this.byName = Map.copyOf(byName);
  }

  /// Those of the next configuration: of the same name, key and size, they go on.
  public Zones next(Map<String, ZoneConfig> configs) {
    Map<String, Zone> next = new HashMap<>();
    configs.forEach((name, config) -> next.put(name, next(byName.get(name), config)));
    return new Zones(next);
  }

  private static Zone next(@Nullable Zone known, ZoneConfig config) {
    return switch (config) {
      case ZoneConfig.Requests requests ->
          new Zone.Requests(
              requests,
              known instanceof Zone.Requests(var before, var buckets) && isSame(before, requests)
                  ? buckets
                  : new LeakyBuckets(requests.bytesMax()));
      case ZoneConfig.Connections connections ->
          new Zone.Connections(
              connections,
              known instanceof Zone.Connections(var before, var counts)
                      && isSame(before, connections)
                  ? counts
                  : new KeyCounts(connections.bytesMax()));
    };
  }

  private static boolean isSame(ZoneConfig before, ZoneConfig now) {
    return before.key().equals(now.key()) && before.bytesMax() == now.bytesMax();
  }

  /// The one of that name for `limit_req`.
  ///
  /// @throws IllegalArgumentException if there is none
  public Zone.Requests requests(String name) {
    if (byName.get(name) instanceof Zone.Requests zone) {
      return zone;
    }
    throw new IllegalArgumentException("there is no limit_req_zone " + name);
  }

  /// The one of that name for `limit_conn`.
  ///
  /// @throws IllegalArgumentException if there is none
  public Zone.Connections connections(String name) {
    if (byName.get(name) instanceof Zone.Connections zone) {
      return zone;
    }
    throw new IllegalArgumentException("there is no limit_conn_zone " + name);
  }
}
