package dev.muster.cli.catalog;

import dev.muster.cli.command.Endpoint;
import dev.muster.cli.command.QueryOptions;
import dev.muster.cli.command.Terminal;
import dev.muster.cli.command.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// `catalog services`.
@Command(
    description = "List the names of services: all, or those on some nodes.",
    footer = {
      "",
      "Examples:",
      "  muster catalog services",
      "  muster catalog services -tags",
      "  muster catalog services -node=one",
      "  muster catalog services -node-meta=rack=r1"
    })
final class ServicesCommand implements Callable<Integer> {
  @Mixin private final QueryOptions agent = new QueryOptions();

  @Option(names = "-tags", description = "Print each service's tags, too.")
  private boolean tags;

  @Option(names = "-node", paramLabel = "NODE", description = "Only services on this node.")
  private String node = "";

  @Option(
      names = "-node-meta",
      paramLabel = "KEY=VALUE",
      description = "Only services on nodes with this metadata; may be repeated.")
  private List<String> meta = new ArrayList<>();

  private final Terminal terminal;

  ServicesCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Map<String, Set<String>> services = node.isEmpty() ? everywhere() : onNode();
    if (services.isEmpty()) {
      terminal.err().println("No services match the given query - try expanding your search.");
      return Terminal.OK;
    }
    TextTable table = TextTable.untitled();
    services.forEach((name, labels) -> table.add(name, tags ? String.join(",", labels) : ""));
    table.print(terminal.out());
    return Terminal.OK;
  }

  private Map<String, Set<String>> everywhere() {
    Endpoint endpoint = Endpoint.of("catalog/services");
    meta.forEach(word -> endpoint.with("node-meta", Labels.forQuery(word)));
    JsonNode found = agent.client(terminal).get(endpoint).orFail("listing services").json();
    Map<String, Set<String>> services = new TreeMap<>();
    for (Map.Entry<String, JsonNode> service : found.properties()) {
      add(services, service.getKey(), service.getValue());
    }
    return services;
  }

  private Map<String, Set<String>> onNode() {
    JsonNode found =
        agent
            .client(terminal)
            .get(Endpoint.of("catalog/node", node))
            .orFail("listing services")
            .json();
    Map<String, Set<String>> services = new TreeMap<>();
    for (JsonNode instance : found.path("Services")) {
      add(services, instance.path("Service").asString(), instance.path("Tags"));
    }
    return services;
  }

  private static void add(Map<String, Set<String>> services, String name, JsonNode labels) {
    Set<String> known = services.computeIfAbsent(name, _ -> new TreeSet<>());
    labels.forEach(label -> known.add(label.asString()));
  }
}
