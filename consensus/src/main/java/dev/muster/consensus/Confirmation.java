package dev.muster.consensus;

/// An engine's answer to "do I lead, and how far is the log?"
public sealed interface Confirmation {

  /// It led at a moment after the question. Whoever has applied `index` sees every write that was
  /// acknowledged before the question.
  ///
  /// @param index committed by then
  record Confirmed(long index) implements Confirmation {}

  /// It cannot say without writing to the log: commit an empty entry and see it applied.
  record NeedsEntry() implements Confirmation {}

  /// It does not lead.
  record NoLeader() implements Confirmation {}

  /// Too few members answered in time.
  record TimedOut() implements Confirmation {}
}
