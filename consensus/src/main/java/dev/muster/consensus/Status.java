package dev.muster.consensus;

import java.util.List;
import java.util.Optional;

/// What this server knows about its group, at one moment and without asking anybody.
///
/// @param id this server's own [Peer#id]
/// @param role what it does
/// @param leader whom it takes for the leader
/// @param term how many times leadership was contested so far
/// @param committedIndex last log index known to be committed
/// @param appliedIndex last log index whose effects readers see; never above `committedIndex`
/// @param peers all voting members, this one included
public record Status(
    String id,
    Role role,
    Optional<Peer> leader,
    long term,
    long committedIndex,
    long appliedIndex,
    List<Peer> peers) {

  public Status {
    peers = List.copyOf(peers);
  }

  Status withAppliedIndex(long index) {
    return new Status(id, role, leader, term, Math.max(index, committedIndex), index, peers);
  }
}
