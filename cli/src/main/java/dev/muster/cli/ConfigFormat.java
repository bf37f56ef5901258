package dev.muster.cli;

import dev.muster.agent.hcl.Document.Format;
import dev.muster.cli.command.CommandFailed;
import java.util.Optional;

/// The word behind `-config-format`.
final class ConfigFormat {
  private ConfigFormat() {}

  /// Empty if the flag was not given.
  static Optional<Format> of(String word) {
    return switch (word) {
      case "" -> Optional.empty();
      case "hcl" -> Optional.of(Format.HCL);
      case "json" -> Optional.of(Format.JSON);
      default -> throw new CommandFailed("-config-format is hcl or json, not \"" + word + "\".");
    };
  }
}
