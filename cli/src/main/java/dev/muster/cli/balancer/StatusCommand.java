package dev.muster.cli.balancer;

import dev.muster.cli.command.AgentOptions;
import dev.muster.cli.command.ApiClient;
import dev.muster.cli.command.Endpoint;
import dev.muster.cli.command.Terminal;
import dev.muster.cli.command.TextTable;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/// `balancer status`.
@Command(
    description =
        "Print where the balancer listens, where requests go, and how every instance is, and why.",
    footer = {"", "Example:", "  muster balancer status"})
final class StatusCommand implements Callable<Integer> {
  @Mixin private final AgentOptions agent = new AgentOptions();
  private final Terminal terminal;

  StatusCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ApiClient api = agent.client(terminal);
    JsonNode table = api.get(Endpoint.of("balancer/table")).orFail("reading the table").json();
    JsonNode instances =
        api.get(Endpoint.of("balancer/instances")).orFail("reading the instances").json();
    var listeners = new TextTable("Listener", "Requests", "Active");
    for (JsonNode each : table.path("Listeners")) {
      listeners.add(text(each, "Address"), number(each, "Requests"), number(each, "Active"));
    }
    listeners.print(terminal.out());
    printPlaces(table);
    printUpstreams(table);
    printInstances(instances);
    return Terminal.OK;
  }

  private void printPlaces(JsonNode table) {
    var places = new TextTable("Host", "Path", "Goes to", "Requests");
    boolean isEmpty = true;
    for (JsonNode server : table.path("Servers")) {
      for (JsonNode location : server.path("Locations")) {
        String path = text(location, "Name").replaceFirst("^location ", "");
        places.add(
            text(server, "Name"), path, text(location, "Answer"), number(location, "Requests"));
        isEmpty = false;
      }
    }
    for (JsonNode route : table.path("Routes")) {
      String host = text(route, "Host").isEmpty() ? "*" : text(route, "Host");
      places.add(host, text(route, "Path"), text(route, "Upstream"), number(route, "Requests"));
      isEmpty = false;
    }
    terminal.print("");
    if (isEmpty) {
      terminal.print("No routes: no service has a tag urlprefix-…, and no file is served.");
    } else {
      places.print(terminal.out());
    }
  }

  private void printUpstreams(JsonNode table) {
    if (table.path("Upstreams").isEmpty()) {
      return;
    }
    terminal.print("");
    var upstreams =
        new TextTable("Upstream", "Algorithm", "State", "Waiting", "Tries", "Retries", "Failures");
    for (JsonNode each : table.path("Upstreams")) {
      upstreams.add(
          text(each, "Name"),
          text(each, "Algorithm"),
          text(each, "State").toLowerCase(Locale.ROOT),
          number(each, "Waiting"),
          number(each, "Tries"),
          number(each, "Retries"),
          number(each, "Failures"));
    }
    upstreams.print(terminal.out());
  }

  private void printInstances(JsonNode instances) {
    if (instances.isEmpty()) {
      return;
    }
    terminal.print("");
    InstanceTable.of(instances, true).print(terminal.out());
  }

  private static String text(JsonNode object, String member) {
    return object.path(member).asString("");
  }

  private static String number(JsonNode object, String member) {
    return Long.toString(object.path(member).asLong(0));
  }
}
