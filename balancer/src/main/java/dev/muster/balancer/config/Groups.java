package dev.muster.balancer.config;

import java.util.Map;

/// The named groups of a regular expression, which become variables when it matches.
///
/// @param slots by name, where a request keeps each
public record Groups(Map<String, Integer> slots) {
  /// Of an expression without any.
  public static final Groups NONE = new Groups(Map.of());

  /// Copies what it is given.
  public Groups {
    slots = Map.copyOf(slots);
  }
}
