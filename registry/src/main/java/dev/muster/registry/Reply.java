package dev.muster.registry;

import dev.muster.registry.transaction.Failure;
import dev.muster.registry.transaction.Result;
import java.util.List;

/// What became of a [Command] that was committed. Never leaves the server that proposed it.
public sealed interface Reply {
  /// It holds; `index` is the registry's index after it.
  record Done(long index) implements Reply {}

  /// Its condition did not hold (compare-and-set, a lock held by another), so nothing changed.
  record Unmet() implements Reply {}

  /// It can never hold as it stands, so nothing changed. `message` is for the caller.
  record Refused(String message) implements Reply {}

  /// All of a transaction holds.
  ///
  /// @param results in the order of its operations, of which some have none and some several
  record Results(long index, List<Result> results) implements Reply {
    public Results {
      results = List.copyOf(results);
    }
  }

  /// Nothing of a transaction holds.
  ///
  /// @param failures all of them; never empty
  record Failed(List<Failure> failures) implements Reply {
    public Failed {
      failures = List.copyOf(failures);
    }
  }
}
