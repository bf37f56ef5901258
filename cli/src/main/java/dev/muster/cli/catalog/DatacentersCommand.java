package dev.muster.cli.catalog;

import dev.muster.cli.command.AgentOptions;
import dev.muster.cli.command.Endpoint;
import dev.muster.cli.command.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `catalog datacenters`.
@Command(
    description = "List all datacenters.",
    footer = {"", "Example:", "  muster catalog datacenters"})
final class DatacentersCommand implements Callable<Integer> {
  @Mixin private final AgentOptions agent = new AgentOptions();
  private final Terminal terminal;

  DatacentersCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    agent
        .client(terminal)
        .get(Endpoint.of("catalog/datacenters"))
        .orFail("listing datacenters")
        .json()
        .forEach(name -> terminal.print(name.asString()));
    return Terminal.OK;
  }
}
