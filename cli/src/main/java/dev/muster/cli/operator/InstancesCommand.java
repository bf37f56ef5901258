package dev.muster.cli.operator;

import dev.muster.cli.command.Endpoint;
import dev.muster.cli.command.QueryOptions;
import dev.muster.cli.command.Terminal;
import dev.muster.cli.command.TextTable;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// `operator usage instances`.
@Command(
    description = "Count services, their instances and nodes.",
    footer = {
      "",
      "Examples:",
      "  muster operator usage instances",
      "  muster operator usage instances -all-datacenters"
    })
final class InstancesCommand implements Callable<Integer> {
  @Mixin private final QueryOptions agent = new QueryOptions();

  @Option(names = "-billable", description = "Only services, not what belongs to a mesh.")
  private boolean billable;

  @Option(names = "-connect", description = "Only what belongs to a mesh.")
  private boolean connect;

  @Option(names = "-all-datacenters", description = "Count in every datacenter that is known.")
  private boolean all;

  private final Terminal terminal;

  InstancesCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Map<String, JsonNode> usage = new TreeMap<>();
    agent
        .client(terminal)
        .get(Endpoint.of("operator/usage").withIf(all, "global"))
        .orFail("fetching usage information")
        .json()
        .path("Usage")
        .properties()
        .forEach(each -> usage.put(each.getKey(), each.getValue()));
    if (!connect) {
      printBillable(usage);
      terminal.print("");
      printNodes(usage);
    }
    if (!connect && !billable) {
      terminal.print("");
    }
    if (!billable) {
      printMesh(usage);
    }
    return Terminal.OK;
  }

  private void printBillable(Map<String, JsonNode> usage) {
    terminal.print("Billable Service Instances Total: " + sum(usage, "BillableServiceInstances"));
    usage.forEach(
        (datacenter, counts) ->
            terminal.print(
                datacenter
                    + " Billable Service Instances: "
                    + counts.path("BillableServiceInstances").asLong(0)));
    terminal.print("");
    terminal.print("Billable Services");
    var table = new TextTable("Datacenter", "Services", "Service instances");
    usage.forEach(
        (datacenter, counts) ->
            table.add(
                datacenter,
                counts.path("Services").asString("0"),
                counts.path("BillableServiceInstances").asString("0")));
    table.add("", "", "");
    table.add(
        "Total",
        Long.toString(sum(usage, "Services")),
        Long.toString(sum(usage, "BillableServiceInstances")));
    table.print(terminal.out());
  }

  private void printNodes(Map<String, JsonNode> usage) {
    terminal.print("Nodes");
    var table = new TextTable("Datacenter", "Count");
    usage.forEach(
        (datacenter, counts) -> table.add(datacenter, counts.path("Nodes").asString("0")));
    table.add("", "");
    table.add("Total", Long.toString(sum(usage, "Nodes")));
    table.print(terminal.out());
  }

  private void printMesh(Map<String, JsonNode> usage) {
    terminal.print("Connect Services");
    var table = new TextTable("Datacenter", "Type", "Service instances");
    long total = 0;
    for (Map.Entry<String, JsonNode> datacenter : usage.entrySet()) {
      Map<String, JsonNode> kinds = new TreeMap<>();
      datacenter
          .getValue()
          .path("ConnectServiceInstances")
          .properties()
          .forEach(kind -> kinds.put(kind.getKey(), kind.getValue()));
      for (Map.Entry<String, JsonNode> kind : kinds.entrySet()) {
        table.add(datacenter.getKey(), kind.getKey(), kind.getValue().asString());
        total += kind.getValue().asLong(0);
      }
    }
    table.add("", "", "");
    table.add("Total", "", Long.toString(total));
    table.print(terminal.out());
  }

  private static long sum(Map<String, JsonNode> usage, String count) {
    return usage.values().stream().mapToLong(counts -> counts.path(count).asLong(0)).sum();
  }
}
