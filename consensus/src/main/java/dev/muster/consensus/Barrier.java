package dev.muster.consensus;

/// What became of a request for linearizable reads.
public sealed interface Barrier {

  /// Every read of the local state machine from now on sees every write that anyone was told of
  /// before the barrier was asked for.
  record Reached() implements Barrier {}

  /// This server does not lead, so it cannot promise anything. [Status#leader] says who can.
  record NoLeader() implements Barrier {}

  /// It could not be confirmed in time.
  record TimedOut() implements Barrier {}
}
