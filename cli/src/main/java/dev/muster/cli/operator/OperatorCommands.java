package dev.muster.cli.operator;

import dev.muster.cli.command.Group;
import dev.muster.cli.command.Terminal;
import picocli.CommandLine;

/// The group `operator`.
public final class OperatorCommands {
  private OperatorCommands() {}

  /// All of its commands.
  public static CommandLine of(Terminal terminal) {
    var raft =
        new Group(terminal, "The servers that agree on the log.", "operator raft list-peers")
            .with("list-peers", new ListPeersCommand(terminal))
            .with("remove-peer", new RemovePeerCommand(terminal))
            .with("transfer-leader", new TransferLeaderCommand(terminal));
    var autopilot =
        new Group(
                terminal, "What looks after the group of servers.", "operator autopilot get-config")
            .with("get-config", new GetAutopilotCommand(terminal))
            .with("set-config", new SetAutopilotCommand(terminal))
            .with("state", new AutopilotStateCommand(terminal));
    var usage =
        new Group(terminal, "How much is registered.", "operator usage instances")
            .with("instances", new InstancesCommand(terminal));
    return new Group(terminal, "Look after the group of servers.", "operator raft list-peers")
        .with("autopilot", autopilot.line())
        .with("raft", raft.line())
        .with("usage", usage.line())
        .line();
  }
}
