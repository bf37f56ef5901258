package dev.muster.cli.cluster;

import dev.muster.cli.command.AgentOptions;
import dev.muster.cli.command.ApiClient;
import dev.muster.cli.command.CommandFailed;
import dev.muster.cli.command.Endpoint;
import dev.muster.cli.command.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// `maint`.
@Command(
    description = "Take the node or one instance out of traffic, and back; list what is out.",
    footer = {
      "",
      "Examples:",
      "  muster maint",
      "  muster maint -enable -reason='new disks'",
      "  muster maint -enable -service=web-1 -reason='upgrade'",
      "  muster maint -disable -service=web-1"
    })
final class MaintCommand implements Callable<Integer> {
  private static final String OF_NODE = "_node_maintenance";
  private static final String OF_SERVICE = "_service_maintenance:";

  @Mixin private final AgentOptions agent = new AgentOptions();

  @Option(names = "-enable", description = "Take it out of traffic.")
  private boolean enable;

  @Option(names = "-disable", description = "Take it back.")
  private boolean disable;

  @Option(
      names = "-reason",
      paramLabel = "TEXT",
      description = "For people who find it out of traffic; with -enable.")
  private String reason = "";

  @Option(
      names = "-service",
      paramLabel = "ID",
      description = "One instance, by its id, not the service's name (the node).")
  private String service = "";

  private final Terminal terminal;

  MaintCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    if (enable && disable) {
      throw new CommandFailed("Only one of -enable or -disable may be provided");
    }
    if (!enable && !reason.isEmpty()) {
      throw new CommandFailed("Reason may only be provided with -enable");
    }
    if (!enable && !disable && !service.isEmpty()) {
      throw new CommandFailed("Service requires either -enable or -disable");
    }
    ApiClient api = agent.client(terminal);
    if (!enable && !disable) {
      list(api);
      return Terminal.OK;
    }
    Endpoint endpoint =
        service.isEmpty()
            ? Endpoint.of("agent/maintenance")
            : Endpoint.of("agent/service/maintenance", service);
    endpoint.with("enable", Boolean.toString(enable)).withAny("reason", reason);
    api.put(endpoint).orFail(enable ? "enabling maintenance" : "disabling maintenance");
    terminal.print(
        "%s maintenance is now %s%s"
            .formatted(
                service.isEmpty() ? "Node" : "Service",
                enable ? "enabled" : "disabled",
                service.isEmpty() ? "" : " for \"" + service + "\""));
    return Terminal.OK;
  }

  private void list(ApiClient api) {
    JsonNode checks = api.get(Endpoint.of("agent/checks")).orFail("retrieving checks").json();
    for (JsonNode check : checks) {
      String id = check.path("CheckID").asString();
      if (id.equals(OF_NODE)) {
        print("Node:", "Name:   " + check.path("Node").asString(), check);
      } else if (id.startsWith(OF_SERVICE)) {
        print("Service:", "ID:     " + check.path("ServiceID").asString(), check);
      }
    }
  }

  private void print(String title, String name, JsonNode check) {
    terminal.print(title);
    terminal.print("  " + name);
    terminal.print("  Reason: " + check.path("Notes").asString(""));
    terminal.print("");
  }
}
