package dev.muster.cli.operator;

import dev.muster.cli.command.Endpoint;
import dev.muster.cli.command.QueryOptions;
import dev.muster.cli.command.Terminal;
import dev.muster.cli.command.TextTable;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/// `operator raft list-peers`.
@Command(
    description = "List the servers of the consensus group, and who leads.",
    footer = {
      "",
      "Examples:",
      "  muster operator raft list-peers",
      "  muster operator raft list-peers -stale     also while there is no leader"
    })
final class ListPeersCommand implements Callable<Integer> {
  @Mixin private final QueryOptions agent = new QueryOptions();
  private final Terminal terminal;

  ListPeersCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    JsonNode servers =
        agent
            .client(terminal)
            .get(Endpoint.of("operator/raft/configuration"))
            .orFail("getting peers")
            .json()
            .path("Servers");
    long leaderIndex = 0;
    for (JsonNode server : servers) {
      if (server.path("Leader").asBoolean()) {
        leaderIndex = server.path("LastIndex").asLong(0);
      }
    }
    var table =
        new TextTable(
            "Node",
            "ID",
            "Address",
            "State",
            "Voter",
            "RaftProtocol",
            "Commit Index",
            "Trails Leader By");
    for (JsonNode server : servers) {
      add(table, server, leaderIndex);
    }
    table.print(terminal.out());
    return Terminal.OK;
  }

  private static void add(TextTable table, JsonNode server, long leaderIndex) {
    boolean isLeader = server.path("Leader").asBoolean();
    boolean hasIndex = server.path("LastIndex").isNumber();
    long index = server.path("LastIndex").asLong(0);
    table.add(
        server.path("Node").asString(),
        server.path("ID").asString(),
        server.path("Address").asString(),
        isLeader ? "leader" : "follower",
        Boolean.toString(server.path("Voter").asBoolean()),
        server.path("ProtocolVersion").asString("-"),
        hasIndex ? Long.toString(index) : "-",
        isLeader || !hasIndex || leaderIndex == 0 ? "-" : leaderIndex - index + " commits");
  }
}
