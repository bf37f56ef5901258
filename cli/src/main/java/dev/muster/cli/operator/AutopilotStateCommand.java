package dev.muster.cli.operator;

import dev.muster.cli.command.Endpoint;
import dev.muster.cli.command.JsonText;
import dev.muster.cli.command.QueryOptions;
import dev.muster.cli.command.Terminal;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// `operator autopilot state`.
@Command(
    description = "Print what the autopilot knows of the servers' health.",
    footer = {
      "",
      "Examples:",
      "  muster operator autopilot state",
      "  muster operator autopilot state -format=json"
    })
final class AutopilotStateCommand implements Callable<Integer> {
  @Mixin private final QueryOptions agent = new QueryOptions();

  @Option(
      names = "-format",
      paramLabel = "FORMAT",
      description = "pretty for people, json for programs (pretty).")
  private Format format = Format.pretty;

  private final Terminal terminal;

  AutopilotStateCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    JsonNode state =
        agent
            .client(terminal)
            .get(Endpoint.of("operator/autopilot/state"))
            .orFail("querying Autopilot state")
            .json();
    switch (format) {
      case json -> terminal.print(JsonText.pretty(state));
      case pretty -> print(state);
    }
    return Terminal.OK;
  }

  private void print(JsonNode state) {
    line("Healthy:                      ", state.path("Healthy"));
    line("Failure Tolerance:            ", state.path("FailureTolerance"));
    line("Optimistic Failure Tolerance: ", state.path("OptimisticFailureTolerance"));
    line("Leader:                       ", state.path("Leader"));
    terminal.print("Voters:");
    state.path("Voters").forEach(voter -> terminal.print("   " + voter.asString()));
    terminal.print("Servers:");
    sorted(state.path("Servers")).forEach(this::printServer);
  }

  private void printServer(String id, JsonNode server) {
    terminal.print("   " + id);
    line("      Name:            ", server.path("Name"));
    line("      Address:         ", server.path("Address"));
    line("      Version:         ", server.path("Version"));
    line("      Status:          ", server.path("Status"));
    line("      Node Type:       ", server.path("NodeType"));
    line("      Node Status:     ", server.path("NodeStatus"));
    line("      Healthy:         ", server.path("Healthy"));
    line("      Last Contact:    ", server.path("LastContact"));
    line("      Last Term:       ", server.path("LastTerm"));
    line("      Last Index:      ", server.path("LastIndex"));
    if (!server.path("Meta").isEmpty()) {
      terminal.print("      Meta");
      sorted(server.path("Meta"))
          .forEach((key, value) -> terminal.print("         \"%s\": %s".formatted(key, value)));
    }
  }

  private void line(String title, JsonNode value) {
    terminal.print((title + value.asString("")).stripTrailing());
  }

  private static Map<String, JsonNode> sorted(JsonNode object) {
    Map<String, JsonNode> members = new TreeMap<>();
    object.properties().forEach(member -> members.put(member.getKey(), member.getValue()));
    return members;
  }
}
