package dev.muster.cli.operator;

import dev.muster.cli.command.ApiClient;
import dev.muster.cli.command.CommandFailed;
import dev.muster.cli.command.Endpoint;
import dev.muster.cli.command.GoDuration;
import dev.muster.cli.command.QueryOptions;
import dev.muster.cli.command.Terminal;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `operator autopilot set-config`. What is not given stays as it is.
@Command(
    description = "Change the autopilot's settings; what is not given stays as it is.",
    footer = {
      "",
      "Examples:",
      "  muster operator autopilot set-config -cleanup-dead-servers=false",
      "  muster operator autopilot set-config -min-quorum=3 -last-contact-threshold=400ms"
    })
final class SetAutopilotCommand implements Callable<Integer> {
  @Mixin private final QueryOptions agent = new QueryOptions();

  @Option(
      names = "-cleanup-dead-servers",
      arity = "1",
      paramLabel = "true|false",
      hideParamSyntax = true,
      description = "Remove dead servers when new ones have joined.")
  private @Nullable Boolean cleanup;

  @Option(
      names = "-last-contact-threshold",
      paramLabel = "DURATION",
      description = "Unhealthy is who has not heard the leader for so long.")
  private @Nullable Duration lastContact;

  @Option(
      names = "-max-trailing-logs",
      paramLabel = "N",
      description = "Unhealthy is who is so many entries behind.")
  private @Nullable Integer trailingLogs;

  @Option(
      names = "-min-quorum",
      paramLabel = "N",
      description = "Never remove servers below so many.")
  private @Nullable Integer minQuorum;

  @Option(
      names = "-server-stabilization-time",
      paramLabel = "DURATION",
      description = "A new server votes when it was healthy for so long.")
  private @Nullable Duration stabilization;

  private final Terminal terminal;

  SetAutopilotCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ApiClient api = agent.client(terminal);
    Endpoint endpoint = Endpoint.of("operator/autopilot/configuration");
    var settings = (ObjectNode) api.get(endpoint).orFail("querying Autopilot configuration").json();
    String index = settings.path("ModifyIndex").asString("0");
    change(settings);
    boolean isWritten =
        api.put(
                Endpoint.of("operator/autopilot/configuration").with("cas", index),
                JsonMapper.shared().writeValueAsBytes(settings))
            .orFail("setting Autopilot configuration")
            .json()
            .asBoolean();
    if (!isWritten) {
      throw new CommandFailed("Configuration could not be atomically updated, please try again");
    }
    terminal.print("Configuration updated!");
    return Terminal.OK;
  }

  private void change(ObjectNode settings) {
    if (cleanup != null) {
      settings.put("CleanupDeadServers", cleanup);
    }
    if (lastContact != null) {
      settings.put("LastContactThreshold", GoDuration.print(lastContact));
    }
    if (trailingLogs != null) {
      settings.put("MaxTrailingLogs", trailingLogs);
    }
    if (minQuorum != null) {
      settings.put("MinQuorum", minQuorum);
    }
    if (stabilization != null) {
      settings.put("ServerStabilizationTime", GoDuration.print(stabilization));
    }
  }
}
