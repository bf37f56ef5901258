package dev.muster.cli.lock;

import dev.muster.cli.command.Terminal;
import picocli.CommandLine;

/// The command `lock`.
public final class LockCommands {
  private LockCommands() {}

  /// Behind the prefix every word belongs to the command that is run.
  public static CommandLine of(Terminal terminal) {
    return of(terminal, Times.USUAL);
  }

  static CommandLine of(Terminal terminal, Times times) {
    return new CommandLine(new LockCommand(terminal, times)).setStopAtPositional(true);
  }
}
