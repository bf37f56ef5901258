package dev.muster.cli.watch;

import dev.muster.cli.command.Terminal;
import picocli.CommandLine;

/// The command `watch`.
public final class WatchCommands {
  private WatchCommands() {}

  /// Behind its options every word belongs to the handler.
  public static CommandLine of(Terminal terminal) {
    return new CommandLine(new WatchCommand(terminal)).setStopAtPositional(true);
  }
}
