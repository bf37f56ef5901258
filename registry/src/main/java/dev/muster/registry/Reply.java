package dev.muster.registry;

/// What became of a [Command] that was committed.
public sealed interface Reply {
  /// It holds; `index` is the registry's index after it.
  record Done(long index) implements Reply {}

  /// Its condition did not hold (compare-and-set), so nothing changed.
  record Unmet() implements Reply {}

  /// It can never hold as it stands, so nothing changed. `message` is for the caller.
  record Refused(String message) implements Reply {}
}
