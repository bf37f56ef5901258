package dev.muster.cli.catalog;

import dev.muster.cli.command.Endpoint;
import dev.muster.cli.command.QueryOptions;
import dev.muster.cli.command.Terminal;
import dev.muster.cli.command.TextTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// `catalog nodes`.
@Command(
    description = "List nodes: all, or those with a service or with metadata.",
    footer = {
      "",
      "Examples:",
      "  muster catalog nodes",
      "  muster catalog nodes -service=web -detailed",
      "  muster catalog nodes -node-meta=rack=r1 -near=_agent",
      "  muster catalog nodes -filter='Meta.rack == \"r1\"'"
    })
final class NodesCommand implements Callable<Integer> {
  @Mixin private final QueryOptions agent = new QueryOptions();

  @Option(
      names = "-service",
      paramLabel = "NAME",
      description = "Only nodes with an instance of this service.")
  private String service = "";

  @Option(
      names = "-node-meta",
      paramLabel = "KEY=VALUE",
      description = "Only nodes with this metadata; may be repeated.")
  private List<String> meta = new ArrayList<>();

  @Option(
      names = "-near",
      paramLabel = "NODE",
      description = "Nearest to this node first; _agent for the agent's own.")
  private String near = "";

  @Option(
      names = "-filter",
      paramLabel = "EXPRESSION",
      description = "Only nodes that the expression is true for.")
  private String filter = "";

  @Option(names = "-detailed", description = "Print all addresses and metadata, too.")
  private boolean detailed;

  private final Terminal terminal;

  NodesCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Endpoint endpoint =
        service.isEmpty() ? Endpoint.of("catalog/nodes") : Endpoint.of("catalog/service", service);
    endpoint.withAny("near", near).withAny("filter", filter);
    meta.forEach(word -> endpoint.with("node-meta", Labels.forQuery(word)));
    JsonNode found = agent.client(terminal).get(endpoint).orFail("listing nodes").json();
    List<JsonNode> nodes = distinct(found);
    if (nodes.isEmpty()) {
      terminal.err().println("No nodes match the given query - try expanding your search.");
      return Terminal.OK;
    }
    print(nodes);
    return Terminal.OK;
  }

  /// A node with two instances of a service is found twice.
  private List<JsonNode> distinct(JsonNode found) {
    Map<String, JsonNode> byName = near.isEmpty() ? new TreeMap<>() : new LinkedHashMap<>();
    found.forEach(node -> byName.putIfAbsent(node.path("Node").asString(), node));
    return List.copyOf(byName.values());
  }

  private void print(List<JsonNode> nodes) {
    var table =
        detailed
            ? new TextTable("Node", "ID", "Address", "DC", "TaggedAddresses", "Meta")
            : new TextTable("Node", "ID", "Address", "DC");
    for (JsonNode node : nodes) {
      String name = node.path("Node").asString();
      String id = node.path("ID").asString("");
      String address = node.path("Address").asString();
      String datacenter = node.path("Datacenter").asString();
      if (detailed) {
        JsonNode labels = node.path(service.isEmpty() ? "Meta" : "NodeMeta");
        table.add(
            name,
            id,
            address,
            datacenter,
            Labels.print(node.path("TaggedAddresses")),
            Labels.print(labels));
      } else {
        table.add(name, id.substring(0, Math.min(8, id.length())), address, datacenter);
      }
    }
    table.print(terminal.out());
  }
}
