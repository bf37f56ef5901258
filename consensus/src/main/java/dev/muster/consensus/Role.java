package dev.muster.consensus;

/// What a member does at the moment.
public enum Role {
  /// Takes commands.
  LEADER,
  /// Follows the leader's log.
  FOLLOWER,
  /// Wants to lead, and knows of no leader.
  CANDIDATE
}
