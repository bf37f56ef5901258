package dev.muster.cli.debug;

import dev.muster.cli.command.Terminal;
import java.time.InstantSource;
import picocli.CommandLine;

/// The command `debug`.
public final class DebugCommands {
  private DebugCommands() {}

  /// With the machine's clock.
  public static CommandLine of(Terminal terminal) {
    return new CommandLine(new DebugCommand(terminal, InstantSource.system()));
  }
}
