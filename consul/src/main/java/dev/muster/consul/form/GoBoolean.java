package dev.muster.consul.form;

import java.util.Optional;

/// Truth values in Go's notation.
public final class GoBoolean {
  private GoBoolean() {}

  /// Empty if the text is none.
  public static Optional<Boolean> parse(String text) {
    return switch (text) {
      case "1", "t", "T", "true", "TRUE", "True" -> Optional.of(true);
      case "0", "f", "F", "false", "FALSE", "False" -> Optional.of(false);
      default -> Optional.empty();
    };
  }
}
