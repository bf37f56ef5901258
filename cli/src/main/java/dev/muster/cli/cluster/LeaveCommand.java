package dev.muster.cli.cluster;

import dev.muster.cli.command.AgentOptions;
import dev.muster.cli.command.Endpoint;
import dev.muster.cli.command.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `leave`.
@Command(
    description = "Make the agent leave its group and stop.",
    footer = {"", "Example:", "  muster leave -http-addr=10.0.0.7:8500"})
final class LeaveCommand implements Callable<Integer> {
  @Mixin private final AgentOptions agent = new AgentOptions();
  private final Terminal terminal;

  LeaveCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    agent.client(terminal).put(Endpoint.of("agent/leave")).orFail("leaving");
    terminal.print("Graceful leave complete");
    return Terminal.OK;
  }
}
