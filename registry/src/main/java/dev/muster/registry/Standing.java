package dev.muster.registry;

import java.util.List;
import java.util.Optional;

/// The part that a server plays in its group, as it knows it.
///
/// @param leaderAddress `host:port` of the leader; empty while there is none
/// @param serverAddresses `host:port` of every server of the group
/// @param term how often leadership was contested
/// @param committedIndex the log up to which nothing can be lost
/// @param appliedIndex the log up to which this server has caught up
public record Standing(
    Role role,
    Optional<String> leaderAddress,
    List<String> serverAddresses,
    long term,
    long committedIndex,
    long appliedIndex) {

  /// The parts a server can play.
  public enum Role {
    LEADER,
    FOLLOWER,
    CANDIDATE
  }

  public boolean leads() {
    return role == Role.LEADER;
  }
}
