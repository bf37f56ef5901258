package dev.muster.cli.services;

import dev.muster.cli.command.AgentOptions;
import dev.muster.cli.command.ApiClient;
import dev.muster.cli.command.CommandFailed;
import dev.muster.cli.command.Endpoint;
import dev.muster.cli.command.Terminal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `services register`, and `register` for short.
@Command(
    description = "Register an instance of a service with the agent.",
    footer = {
      "",
      "Examples:",
      "  muster register -name user-service -id 1 -tag http -port 5000",
      "  muster services register -name web -port 80 -address 10.0.0.7 -tag urlprefix-/web",
      "  muster services register web.hcl",
      "",
      "An instance without checks takes traffic at once. A tag urlprefix-[host]/path",
      "makes the balancer send requests for that path to it."
    })
final class RegisterCommand implements Callable<Integer> {
  @Mixin private final AgentOptions agent = new AgentOptions();

  @Option(names = "-name", paramLabel = "NAME", description = "The service's name.")
  private String name = "";

  @Option(names = "-id", paramLabel = "ID", description = "The instance's id (the name).")
  private String id = "";

  @Option(
      names = "-address",
      paramLabel = "ADDRESS",
      description = "Where it is reached (the agent's address).")
  private String address = "";

  @Option(names = "-port", paramLabel = "PORT", description = "The port it listens on.")
  private int port;

  @Option(names = "-tag", paramLabel = "TAG", description = "A tag; may be repeated.")
  private List<String> tags = new ArrayList<>();

  @Option(names = "-meta", paramLabel = "KEY=VALUE", description = "Metadata; may be repeated.")
  private Map<String, String> meta = new LinkedHashMap<>();

  @Parameters(
      arity = "0..*",
      paramLabel = "FILE",
      description = "Files of definitions in HCL or JSON, instead of -name; - for standard input.")
  private List<String> files = new ArrayList<>();

  @Spec private CommandSpec spec = CommandSpec.create();

  private final Terminal terminal;

  RegisterCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    ApiClient api = agent.client(terminal);
    if (files.isEmpty()) {
      if (name.isEmpty()) {
        throw new ParameterException(
            spec.commandLine(), "Missing: --name, or a FILE of definitions.");
      }
      register(api, flags(), name);
      return Terminal.OK;
    }
    if (!name.isEmpty()) {
      throw new CommandFailed("Error: give -name or files of definitions, not both.");
    }
    List<JsonNode> definitions = new ArrayList<>();
    files.forEach(file -> definitions.addAll(DefinitionFile.read(terminal, file)));
    for (JsonNode definition : definitions) {
      register(api, definition, DefinitionFile.text(definition, "name"));
    }
    return Terminal.OK;
  }

  private JsonNode flags() {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("Name", name);
    body.put("ID", id);
    body.put("Address", address);
    body.put("Port", port);
    body.put("Tags", tags);
    body.put("Meta", meta);
    return JsonMapper.shared().valueToTree(body);
  }

  private void register(ApiClient api, JsonNode definition, String named) {
    api.put(
            Endpoint.of("agent/service/register"),
            JsonMapper.shared().writeValueAsBytes(definition))
        .orFail("registering service \"" + named + "\"");
    terminal.print("Registered service: " + named);
  }
}
