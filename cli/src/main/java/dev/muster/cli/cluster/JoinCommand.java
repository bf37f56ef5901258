package dev.muster.cli.cluster;

import dev.muster.cli.command.AgentOptions;
import dev.muster.cli.command.Answer;
import dev.muster.cli.command.ApiClient;
import dev.muster.cli.command.CommandFailed;
import dev.muster.cli.command.Endpoint;
import dev.muster.cli.command.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `join`.
@Command(
    description = "Make the agent join a group by one of its servers.",
    footer = {"", "Example:", "  muster join 10.0.0.7 10.0.0.8:8300"})
final class JoinCommand implements Callable<Integer> {
  @Mixin private final AgentOptions agent = new AgentOptions();

  @Option(names = "-wan", description = "Join servers of another datacenter.")
  private boolean wan;

  @Parameters(arity = "1..*", paramLabel = "ADDRESS", description = "Servers to contact.")
  private List<String> addresses = new ArrayList<>();

  private final Terminal terminal;

  JoinCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ApiClient api = agent.client(terminal);
    int joined = 0;
    for (String address : addresses) {
      Answer answer = api.put(Endpoint.of("agent/join", address).withIf(wan, "wan=1"));
      if (answer.isOk()) {
        joined++;
      } else {
        terminal.err().printf("Error joining address '%s': %s%n", address, answer.text().strip());
      }
    }
    if (joined == 0) {
      throw new CommandFailed("Failed to join any nodes.");
    }
    terminal.print("Successfully joined cluster by contacting " + joined + " nodes.");
    return Terminal.OK;
  }
}
