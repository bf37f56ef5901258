package dev.muster.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/// `services register`, and `register` for short.
@Command(
    description = "Register an instance of a service with the agent.",
    footer = {
      "",
      "Examples:",
      "  muster register -name user-service -id 1 -tag http -port 5000",
      "  muster services register -name web -port 80 -address 10.0.0.7 -tag urlprefix-/web",
      "",
      "An instance without checks takes traffic at once. A tag urlprefix-[host]/path",
      "makes the balancer send requests for that path to it."
    })
final class RegisterCommand implements Callable<Integer> {
  @Mixin private final AgentOptions agent = new AgentOptions();

  @Option(
      names = {"-name", "--name"},
      required = true,
      paramLabel = "NAME",
      description = "The service's name.")
  private String name = "";

  @Option(
      names = {"-id", "--id"},
      paramLabel = "ID",
      description = "The instance's id (the name).")
  private String id = "";

  @Option(
      names = {"-address", "--address"},
      paramLabel = "ADDRESS",
      description = "Where it is reached (the agent's address).")
  private String address = "";

  @Option(
      names = {"-port", "--port"},
      paramLabel = "PORT",
      description = "The port it listens on.")
  private int port;

  @Option(
      names = {"-tag", "--tag"},
      paramLabel = "TAG",
      description = "A tag; may be repeated.")
  private List<String> tags = new ArrayList<>();

  @Option(
      names = {"-meta", "--meta"},
      paramLabel = "KEY=VALUE",
      description = "Metadata; may be repeated.")
  private Map<String, String> meta = new LinkedHashMap<>();

  private final Program program;

  RegisterCommand(Program program) {
    this.program = program;
  }

  @Override
  public Integer call() {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("Name", name);
    body.put("ID", id);
    body.put("Address", address);
    body.put("Port", port);
    body.put("Tags", tags);
    body.put("Meta", meta);
    agent
        .client(program)
        .put("/v1/agent/service/register", JsonMapper.shared().writeValueAsBytes(body))
        .orFail("registering service \"" + name + "\"");
    program.out().println("Registered service: " + name);
    return Program.OK;
  }
}
