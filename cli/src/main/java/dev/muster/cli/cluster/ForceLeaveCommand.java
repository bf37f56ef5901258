package dev.muster.cli.cluster;

import dev.muster.cli.command.AgentOptions;
import dev.muster.cli.command.Endpoint;
import dev.muster.cli.command.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `force-leave`.
@Command(
    description = "Make the group forget a server that failed and will not come back.",
    footer = {"", "Example:", "  muster force-leave -prune two"})
final class ForceLeaveCommand implements Callable<Integer> {
  @Mixin private final AgentOptions agent = new AgentOptions();

  @Option(names = "-prune", description = "Take it out of the list of members, too.")
  private boolean prune;

  @Option(names = "-wan", description = "Only as a member of another datacenter.")
  private boolean wan;

  @Parameters(paramLabel = "NODE", description = "The server's name.")
  private String node = "";

  private final Terminal terminal;

  ForceLeaveCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    agent
        .client(terminal)
        .put(Endpoint.of("agent/force-leave", node).withIf(prune, "prune").withIf(wan, "wan"))
        .orFail("force leaving");
    return Terminal.OK;
  }
}
