package dev.muster.cli.balancer;

import dev.muster.cli.command.Group;
import dev.muster.cli.command.Terminal;
import picocli.CommandLine;

/// `balancer`.
public final class BalancerCommands {
  private BalancerCommands() {}

  /// The group with its commands.
  public static CommandLine of(Terminal terminal) {
    return new Group(terminal, "Ask what the balancer does, and why.", "balancer status")
        .with("explain", new ExplainCommand(terminal))
        .with("status", new StatusCommand(terminal))
        .line();
  }
}
