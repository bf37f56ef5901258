package dev.muster.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `services deregister`, and `deregister` for short.
@Command(
    description = "Take an instance out of the catalog.",
    footer = {"", "Example:", "  muster services deregister -id 1"})
final class DeregisterCommand implements Callable<Integer> {
  @Mixin private final AgentOptions agent = new AgentOptions();

  @Option(
      names = {"-id", "--id"},
      required = true,
      paramLabel = "ID",
      description = "The instance's id, not the service's name.")
  private String id = "";

  private final Program program;

  DeregisterCommand(Program program) {
    this.program = program;
  }

  @Override
  public Integer call() {
    agent
        .client(program)
        .put("/v1/agent/service/deregister/" + ApiClient.encode(id), new byte[0])
        .orFail("deregistering service");
    program.out().println("Deregistered service: " + id);
    return Program.OK;
  }
}
