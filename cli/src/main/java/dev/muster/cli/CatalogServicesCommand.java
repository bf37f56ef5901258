package dev.muster.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// `catalog services`.
@Command(
    description = "List the names of all services.",
    footer = {"", "Examples:", "  muster catalog services", "  muster catalog services -tags"})
final class CatalogServicesCommand implements Callable<Integer> {
  @Mixin private final AgentOptions agent = new AgentOptions();

  @Option(
      names = {"-tags", "--tags"},
      description = "Print each service's tags, too.")
  private boolean tags;

  private final Program program;

  CatalogServicesCommand(Program program) {
    this.program = program;
  }

  @Override
  public Integer call() {
    JsonNode services =
        agent.client(program).get("/v1/catalog/services").orFail("listing services").json();
    for (Map.Entry<String, JsonNode> service : services.properties()) {
      List<String> names = new ArrayList<>();
      service.getValue().forEach(tag -> names.add(tag.asString()));
      String line = tags ? service.getKey() + "  " + String.join(",", names) : service.getKey();
      program.out().println(line.stripTrailing());
    }
    return Program.OK;
  }
}
