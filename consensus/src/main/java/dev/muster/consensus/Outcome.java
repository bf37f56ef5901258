package dev.muster.consensus;

import java.util.Optional;

/// What became of a proposed command.
///
/// @param <R> what the state machine answers
public sealed interface Outcome<R> {

  /// Committed, durable, applied on this server, visible to its readers.
  ///
  /// @param reply the state machine's answer
  record Applied<R>(R reply) implements Outcome<R> {}

  /// Not applied and never will be: this server does not lead (or is closed).
  ///
  /// @param leader whom to ask instead, if known
  record NotLeader<R>(Optional<Peer> leader) implements Outcome<R> {}

  /// Not applied and never will be: more is waiting than the queue may hold. Try later.
  record Overloaded<R>() implements Outcome<R> {}

  /// It may or may not be applied, now or later: no answer in time, leadership lost, or this
  /// server stopped meanwhile. Read before proposing again, or propose only what may happen twice.
  ///
  /// @param reason for people
  record Unknown<R>(String reason) implements Outcome<R> {}
}
