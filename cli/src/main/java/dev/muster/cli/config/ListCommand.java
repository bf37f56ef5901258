package dev.muster.cli.config;

import dev.muster.cli.command.Endpoint;
import dev.muster.cli.command.QueryOptions;
import dev.muster.cli.command.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `config list`.
@Command(
    description = "List the names of the entries of a kind.",
    footer = {"", "Example:", "  muster config list -kind service-defaults"})
final class ListCommand implements Callable<Integer> {
  @Mixin private final QueryOptions agent = new QueryOptions();

  @Option(names = "-kind", required = true, paramLabel = "KIND", description = "Their kind.")
  private String kind = "";

  @Option(
      names = "-filter",
      paramLabel = "EXPRESSION",
      description = "Only entries that the expression is true for.")
  private String filter = "";

  private final Terminal terminal;

  ListCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    agent
        .client(terminal)
        .get(Endpoint.of("config", kind).withAny("filter", filter))
        .orFail("listing config entries for kind \"" + kind + "\"")
        .json()
        .forEach(entry -> terminal.print(entry.path("Name").asString()));
    return Terminal.OK;
  }
}
