package dev.muster.balancer.dispatch;

/// One instance as a cluster uses it.
///
/// @param id unique in the cluster; what is remembered from one snapshot to the next goes by it
/// @param key what consistent hashing knows it by: the server as the configuration names it,
///     `host` or `host:port`. Members with the same key (a name with several addresses) take
///     turns.
/// @param load shared with all clusters the instance is in
/// @param weight its share; with 0 it is used only when no other is left
/// @param priority 0 for a primary, 1 for a backup, more for a backup of backups
/// @param zone where it is; empty if nobody said
/// @param upSince nanoseconds; slow start counts from here, [Long#MIN_VALUE] for none
/// @param isDraining gets no new request from a picker, in panic neither
/// @param maxConnections requests at a time, over all loops and clusters; 0 for no limit
public record Member(
    String id,
    String key,
    Load load,
    int weight,
    int priority,
    String zone,
    long upSince,
    boolean isHealthy,
    boolean isDraining,
    int maxConnections) {

  /// Refuses what cannot be counted.
  public Member {
    if (weight < 0 || priority < 0 || maxConnections < 0) {
      throw new IllegalArgumentException(
          "member %s: weight %d, priority %d and maxConnections %d must not be negative"
              .formatted(id, weight, priority, maxConnections));
    }
  }

  /// A healthy primary without zone, limit or slow start whose key is its id.
  public static Member of(String id, Load load, int weight) {
    return new Member(id, id, load, weight, 0, "", Long.MIN_VALUE, true, false, 0);
  }

  /// The same with another key.
  public Member withKey(String newKey) {
    return new Member(
        id, newKey, load, weight, priority, zone, upSince, isHealthy, isDraining, maxConnections);
  }

  /// The same with another health.
  public Member withHealth(boolean healthy, boolean draining) {
    return new Member(
        id, key, load, weight, priority, zone, upSince, healthy, draining, maxConnections);
  }

  /// The same with another place.
  public Member withPlace(int newPriority, String newZone) {
    return new Member(
        id,
        key,
        load,
        weight,
        newPriority,
        newZone,
        upSince,
        isHealthy,
        isDraining,
        maxConnections);
  }

  /// The same, up since then.
  public Member withUpSince(long newUpSince) {
    return new Member(
        id, key, load, weight, priority, zone, newUpSince, isHealthy, isDraining, maxConnections);
  }

  /// The same with another limit.
  public Member withMaxConnections(int newMaxConnections) {
    return new Member(
        id, key, load, weight, priority, zone, upSince, isHealthy, isDraining, newMaxConnections);
  }

  boolean hasRoom() {
    return maxConnections == 0 || load.active() < maxConnections;
  }
}
