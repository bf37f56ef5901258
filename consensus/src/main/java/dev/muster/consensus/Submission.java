package dev.muster.consensus;

import java.util.Optional;

/// An engine's answer about one entry.
public sealed interface Submission {

  /// Committed and durable. The replica has got it or will.
  record Committed() implements Submission {}

  /// Not in the log and never will be: this server does not lead.
  ///
  /// @param leader who does, if known
  record NotLeader(Optional<Peer> leader) implements Submission {}

  /// Not in the log and never will be: too much is under way.
  record Overloaded() implements Submission {}

  /// In the log or not, now or later.
  ///
  /// @param reason for people
  record Unknown(String reason) implements Submission {}
}
