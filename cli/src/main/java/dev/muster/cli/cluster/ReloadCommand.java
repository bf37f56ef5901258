package dev.muster.cli.cluster;

import dev.muster.cli.command.AgentOptions;
import dev.muster.cli.command.Endpoint;
import dev.muster.cli.command.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `reload`.
@Command(
    description = "Make the agent read its configuration files again.",
    footer = {"", "Example:", "  muster reload"})
final class ReloadCommand implements Callable<Integer> {
  @Mixin private final AgentOptions agent = new AgentOptions();
  private final Terminal terminal;

  ReloadCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    agent.client(terminal).put(Endpoint.of("agent/reload")).orFail("reloading");
    terminal.print("Configuration reload triggered");
    return Terminal.OK;
  }
}
