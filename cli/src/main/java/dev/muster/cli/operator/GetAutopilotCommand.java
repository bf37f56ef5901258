package dev.muster.cli.operator;

import dev.muster.cli.command.Endpoint;
import dev.muster.cli.command.QueryOptions;
import dev.muster.cli.command.Terminal;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/// `operator autopilot get-config`.
@Command(
    description = "Print the autopilot's settings.",
    footer = {"", "Example:", "  muster operator autopilot get-config"})
final class GetAutopilotCommand implements Callable<Integer> {
  private static final List<String> PLAIN =
      List.of(
          "CleanupDeadServers",
          "LastContactThreshold",
          "MaxTrailingLogs",
          "MinQuorum",
          "ServerStabilizationTime");
  private static final List<String> OF_THE_COMMERCIAL_EDITION =
      List.of("RedundancyZoneTag", "DisableUpgradeMigration", "UpgradeVersionTag");

  @Mixin private final QueryOptions agent = new QueryOptions();
  private final Terminal terminal;

  GetAutopilotCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    JsonNode settings =
        agent
            .client(terminal)
            .get(Endpoint.of("operator/autopilot/configuration"))
            .orFail("querying Autopilot configuration")
            .json();
    for (String name : PLAIN) {
      terminal.print(name + " = " + settings.path(name).asString(""));
    }
    for (String name : OF_THE_COMMERCIAL_EDITION) {
      JsonNode value = settings.path(name);
      terminal.print(name + " = " + (value.isMissingNode() ? "\"\"" : value.toString()));
    }
    return Terminal.OK;
  }
}
