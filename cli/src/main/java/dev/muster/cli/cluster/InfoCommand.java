package dev.muster.cli.cluster;

import dev.muster.cli.command.AgentOptions;
import dev.muster.cli.command.Endpoint;
import dev.muster.cli.command.Terminal;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/// `info`.
@Command(
    description = "Print what the agent counts about itself.",
    footer = {"", "Example:", "  muster info"})
final class InfoCommand implements Callable<Integer> {
  @Mixin private final AgentOptions agent = new AgentOptions();
  private final Terminal terminal;

  InfoCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    JsonNode stats =
        agent
            .client(terminal)
            .get(Endpoint.of("agent/self"))
            .orFail("querying agent")
            .json()
            .path("Stats");
    for (Map.Entry<String, JsonNode> section : sorted(stats).entrySet()) {
      terminal.print(section.getKey() + ":");
      sorted(section.getValue())
          .forEach((name, value) -> terminal.print("\t" + name + " = " + value.asString()));
    }
    return Terminal.OK;
  }

  private static Map<String, JsonNode> sorted(JsonNode object) {
    Map<String, JsonNode> members = new TreeMap<>();
    object.properties().forEach(member -> members.put(member.getKey(), member.getValue()));
    return members;
  }
}
