package dev.muster.cli.balancer;

import dev.muster.cli.command.AgentOptions;
import dev.muster.cli.command.CommandFailed;
import dev.muster.cli.command.Endpoint;
import dev.muster.cli.command.Terminal;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `balancer explain`.
@Command(
    description =
        "Print what would become of a request, step by step: which server, location, upstream and"
            + " instance, and why. Nothing is sent.",
    footer = {
      "",
      "Examples:",
      "  muster balancer explain /users/7",
      "  muster balancer explain -method=POST http://shop.example.org/cart",
      "  muster balancer explain -header='Cookie: a=b' -client=192.0.2.7 /cart",
      "",
      "The exit code is 2 if no instance would get it."
    })
final class ExplainCommand implements Callable<Integer> {
  private static final int NOBODY = 2;

  @Mixin private final AgentOptions agent = new AgentOptions();

  @Option(names = "-method", paramLabel = "METHOD", description = "The request's method (GET).")
  private String method = "GET";

  @Option(
      names = "-header",
      paramLabel = "LINE",
      description = "A header line, \"Name: value\"; repeatable.")
  private List<String> headers = new ArrayList<>();

  @Option(
      names = "-client",
      paramLabel = "IP",
      description = "The address it would come from (127.0.0.1).")
  private String client = "127.0.0.1";

  @Parameters(
      paramLabel = "URL",
      description =
          "A URL, or its path only. Its port chooses the listener; without, it is the one of the"
              + " routes that services ask for.")
  private String url = "";

  private final Terminal terminal;

  ExplainCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    JsonNode said = agent.client(terminal).get(endpoint()).orFail("explaining the request").json();
    int number = 1;
    for (JsonNode step : said.path("Steps")) {
      terminal.print("%2d  %s".formatted(number++, step.asString("")));
    }
    if (!said.path("Instances").isEmpty()) {
      terminal.print("");
      InstanceTable.of(said.path("Instances"), false).print(terminal.out());
    }
    return said.path("Instance").asString("").isEmpty() ? NOBODY : Terminal.OK;
  }

  private Endpoint endpoint() {
    URI uri = uri();
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    Endpoint endpoint =
        Endpoint.of("balancer/explain").with("method", method).with("path", path + query);
    if (uri.getHost() != null) {
      endpoint.with("host", uri.getRawAuthority());
    }
    if (uri.getPort() > 0) {
      endpoint.with("port", Integer.toString(uri.getPort()));
    }
    endpoint.with("client", client);
    headers.forEach(line -> endpoint.with("header", line));
    return endpoint;
  }

  private URI uri() {
    try {
      return URI.create(url);
    } catch (IllegalArgumentException e) {
      throw new CommandFailed("Error! \"" + url + "\" is not a URL: " + e.getMessage());
    }
  }
}
