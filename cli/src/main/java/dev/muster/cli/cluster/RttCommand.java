package dev.muster.cli.cluster;

import dev.muster.cli.command.AgentOptions;
import dev.muster.cli.command.ApiClient;
import dev.muster.cli.command.CommandFailed;
import dev.muster.cli.command.Endpoint;
import dev.muster.cli.command.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `rtt`.
@Command(
    description = "Estimate the round trip between two nodes from their network coordinates.",
    footer = {
      "",
      "Examples:",
      "  muster rtt one two",
      "  muster rtt two               from the agent's own node",
      "  muster rtt -wan one.dc1 two.dc2"
    })
final class RttCommand implements Callable<Integer> {
  @Mixin private final AgentOptions agent = new AgentOptions();

  @Option(names = "-wan", description = "Between servers of datacenters, named node.datacenter.")
  private boolean wan;

  @Parameters(arity = "1..2", paramLabel = "NODE", description = "One or two nodes.")
  private List<String> nodes = new ArrayList<>();

  private final Terminal terminal;

  RttCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ApiClient api = agent.client(terminal);
    String first = nodes.getFirst();
    String second = nodes.size() > 1 ? nodes.get(1) : ownName(api);
    JsonNode from = coordinate(api, first);
    JsonNode to = coordinate(api, second);
    terminal.print(
        String.format(
            Locale.ROOT,
            "Estimated %s <-> %s rtt: %.3f ms (using %s coordinates)",
            first,
            second,
            seconds(from, to) * 1000,
            wan ? "WAN" : "LAN"));
    return Terminal.OK;
  }

  private String ownName(ApiClient api) {
    JsonNode self = api.get(Endpoint.of("agent/self")).orFail("looking up agent info").json();
    String node = self.path("Config").path("NodeName").asString();
    return wan ? node + "." + self.path("Config").path("Datacenter").asString() : node;
  }

  private JsonNode coordinate(ApiClient api, String node) {
    Optional<JsonNode> found =
        wan
            ? ofServer(api.get(Endpoint.of("coordinate/datacenters")).orFail(asking()).json(), node)
            : ofNode(api.get(Endpoint.of("coordinate/nodes")).orFail(asking()).json(), node);
    return found.orElseThrow(
        () -> new CommandFailed("Could not find a coordinate for node \"" + node + "\""));
  }

  private static String asking() {
    return "getting coordinates";
  }

  private static Optional<JsonNode> ofServer(JsonNode datacenters, String node) {
    int dot = node.lastIndexOf('.');
    if (dot < 0) {
      throw new CommandFailed(
          "Node names must be specified as <node name>.<datacenter> with -wan, not " + node);
    }
    for (JsonNode datacenter : datacenters) {
      if (datacenter.path("Datacenter").asString().equals(node.substring(dot + 1))) {
        return ofNode(datacenter.path("Coordinates"), node.substring(0, dot));
      }
    }
    return Optional.empty();
  }

  private static Optional<JsonNode> ofNode(JsonNode coordinates, String node) {
    for (JsonNode each : coordinates) {
      if (each.path("Node").asString().equals(node)) {
        return Optional.of(each.path("Coord"));
      }
    }
    return Optional.empty();
  }

  /// The distance of Vivaldi coordinates with heights; adjustments count unless they make it
  /// negative.
  private static double seconds(JsonNode from, JsonNode to) {
    JsonNode a = from.path("Vec");
    JsonNode b = to.path("Vec");
    if (a.size() != b.size()) {
      throw new CommandFailed("Error: the two coordinates have different dimensions.");
    }
    double squares = 0;
    for (int i = 0; i < a.size(); i++) {
      double difference = a.get(i).asDouble() - b.get(i).asDouble();
      squares += difference * difference;
    }
    double raw = Math.sqrt(squares) + number(from, "Height") + number(to, "Height");
    double adjusted = raw + number(from, "Adjustment") + number(to, "Adjustment");
    return adjusted > 0 ? adjusted : raw;
  }

  private static double number(JsonNode coordinate, String member) {
    return coordinate.path(member).asDouble(0);
  }
}
