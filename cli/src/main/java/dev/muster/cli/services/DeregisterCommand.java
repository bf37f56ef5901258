package dev.muster.cli.services;

import dev.muster.cli.command.AgentOptions;
import dev.muster.cli.command.ApiClient;
import dev.muster.cli.command.CommandFailed;
import dev.muster.cli.command.Endpoint;
import dev.muster.cli.command.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// `services deregister`, and `deregister` for short.
@Command(
    description = "Take an instance out of the catalog.",
    footer = {
      "",
      "Examples:",
      "  muster services deregister -id 1",
      "  muster services deregister web.hcl"
    })
final class DeregisterCommand implements Callable<Integer> {
  @Mixin private final AgentOptions agent = new AgentOptions();

  @Option(
      names = "-id",
      paramLabel = "ID",
      description = "The instance's id, not the service's name.")
  private String id = "";

  @Parameters(
      arity = "0..*",
      paramLabel = "FILE",
      description = "Files of the definitions that were registered, instead of -id.")
  private List<String> files = new ArrayList<>();

  @Spec private CommandSpec spec = CommandSpec.create();

  private final Terminal terminal;

  DeregisterCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ApiClient api = agent.client(terminal);
    if (id.isEmpty() == files.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "Give either --id or files of definitions.");
    }
    if (files.isEmpty()) {
      deregister(api, id);
    }
    for (String file : files) {
      for (JsonNode definition : DefinitionFile.read(terminal, file)) {
        String ownId = DefinitionFile.text(definition, "id");
        String either = ownId.isEmpty() ? DefinitionFile.text(definition, "name") : ownId;
        if (either.isEmpty()) {
          throw new CommandFailed(
              "Error reading %s: a definition has neither id nor name.".formatted(file));
        }
        deregister(api, either);
      }
    }
    return Terminal.OK;
  }

  private void deregister(ApiClient api, String instance) {
    api.put(Endpoint.of("agent/service/deregister", instance)).orFail("deregistering service");
    terminal.print("Deregistered service: " + instance);
  }
}
