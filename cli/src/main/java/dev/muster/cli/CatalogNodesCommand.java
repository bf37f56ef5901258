package dev.muster.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/// `catalog nodes`.
@Command(
    description = "List all nodes.",
    footer = {"", "Example:", "  muster catalog nodes"})
final class CatalogNodesCommand implements Callable<Integer> {
  @Mixin private final AgentOptions agent = new AgentOptions();
  private final Program program;

  CatalogNodesCommand(Program program) {
    this.program = program;
  }

  @Override
  public Integer call() {
    JsonNode nodes = agent.client(program).get("/v1/catalog/nodes").orFail("listing nodes").json();
    var table = new TextTable("Node", "ID", "Address", "DC");
    for (JsonNode node : nodes) {
      String id = node.path("ID").asString();
      table.add(
          node.path("Node").asString(),
          id.substring(0, Math.min(8, id.length())),
          node.path("Address").asString(),
          node.path("Datacenter").asString());
    }
    table.print(program.out());
    return Program.OK;
  }
}
