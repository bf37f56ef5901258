package dev.muster.health.probe;

import dev.muster.registry.catalog.Check;

/// What one probe found.
///
/// @param output the reason, for people
public record Result(Check.Status status, String output) {
  static Result passing(String output) {
    return new Result(Check.Status.PASSING, output);
  }

  static Result warning(String output) {
    return new Result(Check.Status.WARNING, output);
  }

  static Result critical(String output) {
    return new Result(Check.Status.CRITICAL, output);
  }
}
