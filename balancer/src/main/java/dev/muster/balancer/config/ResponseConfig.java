package dev.muster.balancer.config;

import dev.muster.balancer.variable.Template;
import java.util.List;

/// What is done with answers, whoever they come from.
///
/// @param added header lines that are added
public record ResponseConfig(List<AddedHeader> added) {
  /// `add_header name value [always]`.
  ///
  /// @param name of the field
  /// @param value nothing is added where it is empty
  /// @param isAlways whether answers of any status get it, not only those of success
  public record AddedHeader(String name, Template value, boolean isAlways) {}

  /// Copies what it is given.
  public ResponseConfig {
    added = List.copyOf(added);
  }

  /// Answers pass as they are.
  public static ResponseConfig defaults() {
    return new ResponseConfig(List.of());
  }
}
