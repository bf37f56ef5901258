package dev.muster.registry.query;

/// Which query a name or id stands for.
public sealed interface Resolution {
  /// This one; made for the name, if a template stands behind it.
  record Found(PreparedQuery query) implements Resolution {}

  /// None.
  record Unknown() implements Resolution {}

  /// There is something, but it cannot be used so. `reason` is for the caller.
  record Refused(String reason) implements Resolution {}
}
