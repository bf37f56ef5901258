package dev.muster.cli.balancer;

import dev.muster.cli.command.Terminal;
import picocli.CommandLine;

/// `balancer`.
public final class BalancerCommands {
  private BalancerCommands() {}

  /// The command with those below it.
  ///
  /// @param alone what runs without any of them: a balancer by itself
  public static CommandLine of(Terminal terminal, Object alone) {
    return new CommandLine(alone)
        .addSubcommand("explain", new ExplainCommand(terminal))
        .addSubcommand("status", new StatusCommand(terminal))
        .addSubcommand("validate", new ValidateCommand(terminal));
  }
}
