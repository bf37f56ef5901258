package dev.muster.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/// `members`.
@Command(
    description = "List the servers of the group.",
    footer = {"", "Example:", "  muster members"})
final class MembersCommand implements Callable<Integer> {
  @Mixin private final AgentOptions agent = new AgentOptions();
  private final Program program;

  MembersCommand(Program program) {
    this.program = program;
  }

  @Override
  public Integer call() {
    JsonNode members =
        agent.client(program).get("/v1/agent/members").orFail("retrieving members").json();
    var table = new TextTable("Node", "Address", "Status", "Type", "Build", "DC");
    for (JsonNode member : members) {
      JsonNode tags = member.path("Tags");
      table.add(
          member.path("Name").asString(),
          member.path("Addr").asString() + ":" + member.path("Port").asInt(),
          member.path("Status").asInt() == 1 ? "alive" : "failed",
          "server",
          tags.path("build").asString(),
          tags.path("dc").asString());
    }
    table.print(program.out());
    return Program.OK;
  }
}
