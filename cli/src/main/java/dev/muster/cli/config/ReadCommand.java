package dev.muster.cli.config;

import dev.muster.cli.command.Endpoint;
import dev.muster.cli.command.JsonText;
import dev.muster.cli.command.QueryOptions;
import dev.muster.cli.command.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `config read`.
@Command(
    description = "Print an entry as JSON.",
    footer = {"", "Example:", "  muster config read -kind service-defaults -name web"})
final class ReadCommand implements Callable<Integer> {
  @Mixin private final QueryOptions agent = new QueryOptions();

  @Option(names = "-kind", required = true, paramLabel = "KIND", description = "Its kind.")
  private String kind = "";

  @Option(names = "-name", required = true, paramLabel = "NAME", description = "Its name.")
  private String name = "";

  private final Terminal terminal;

  ReadCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    terminal.print(
        JsonText.pretty(
            agent
                .client(terminal)
                .get(Endpoint.of("config", kind + "/" + name))
                .orFail("reading config entry %s/%s".formatted(kind, name))
                .json()));
    return Terminal.OK;
  }
}
