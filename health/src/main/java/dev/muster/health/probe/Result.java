package dev.muster.health.probe;

import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.Probe;

/// What one probe found.
///
/// @param output the reason, for people; cut to [#OUTPUT_CHARACTERS_MAX], whatever it is made of
public record Result(Check.Status status, String output) {
  /// What a target says, and some room for what stands in front of it.
  public static final int OUTPUT_CHARACTERS_MAX = Probe.OUTPUT_BYTES_MAX + 1024;

  public Result {
    output = cut(output, OUTPUT_CHARACTERS_MAX);
  }

  /// The beginning of a text, without half a character at its end.
  ///
  /// @param max in units of UTF-16
  public static String cut(String text, int max) {
    if (text.length() <= max) {
      return text;
    }
    boolean halves = max > 0 && Character.isHighSurrogate(text.charAt(max - 1));
    return text.substring(0, halves ? max - 1 : max);
  }

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
