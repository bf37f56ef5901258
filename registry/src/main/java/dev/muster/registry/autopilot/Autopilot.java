package dev.muster.registry.autopilot;

import java.time.Duration;

/// How the group is to look after its servers.
///
/// @param cleanupDeadServers whether a new server takes the place of a dead one
/// @param lastContactThreshold a server that did not hear from the leader for so long is unhealthy
/// @param maxTrailingLogs a server that is so many entries behind is unhealthy
/// @param minQuorum so many servers stay, dead or not
/// @param serverStabilizationTime how long a new server must be healthy to get a vote
/// @param redundancyZoneTag for the commercial edition only, as the next two
/// @param createIndex the index at which it was first set; 0: it was not
/// @param modifyIndex the index at which it was last set; 0: it was not
public record Autopilot(
    boolean cleanupDeadServers,
    Duration lastContactThreshold,
    long maxTrailingLogs,
    long minQuorum,
    Duration serverStabilizationTime,
    String redundancyZoneTag,
    boolean disableUpgradeMigration,
    String upgradeVersionTag,
    long createIndex,
    long modifyIndex) {

  /// What holds until somebody sets it.
  public static final Autopilot DEFAULT =
      new Autopilot(
          true, Duration.ofMillis(200), 250, 0, Duration.ofSeconds(10), "", false, "", 0, 0);

  /// The same, set then.
  public Autopilot at(long create, long modify) {
    return new Autopilot(
        cleanupDeadServers,
        lastContactThreshold,
        maxTrailingLogs,
        minQuorum,
        serverStabilizationTime,
        redundancyZoneTag,
        disableUpgradeMigration,
        upgradeVersionTag,
        create,
        modify);
  }
}
