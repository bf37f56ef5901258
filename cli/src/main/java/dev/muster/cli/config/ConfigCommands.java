package dev.muster.cli.config;

import dev.muster.cli.command.Group;
import dev.muster.cli.command.Terminal;
import picocli.CommandLine;

/// The group `config`.
public final class ConfigCommands {
  private ConfigCommands() {}

  /// All of its commands.
  public static CommandLine of(Terminal terminal) {
    return new Group(
            terminal,
            "Read and write entries of the central configuration.",
            "config list -kind service-defaults")
        .with("read", new ReadCommand(terminal))
        .with("write", new WriteCommand(terminal))
        .with("list", new ListCommand(terminal))
        .with("delete", new DeleteCommand(terminal))
        .line();
  }
}
