package dev.muster.cli.operator;

import dev.muster.cli.command.CommandFailed;
import dev.muster.cli.command.Endpoint;
import dev.muster.cli.command.QueryOptions;
import dev.muster.cli.command.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// `operator raft transfer-leader`.
@Command(
    description = "Hand leadership over to another server, before the leader is stopped.",
    footer = {
      "",
      "Examples:",
      "  muster operator raft transfer-leader",
      "  muster operator raft transfer-leader -id=11374252-3e77-a4e3-cac4-2f7145b548e9"
    })
final class TransferLeaderCommand implements Callable<Integer> {
  @Mixin private final QueryOptions agent = new QueryOptions();

  @Option(names = "-id", paramLabel = "ID", description = "To which server (any).")
  private String id = "";

  private final Terminal terminal;

  TransferLeaderCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    JsonNode answer =
        agent
            .client(terminal)
            .post(Endpoint.of("operator/raft/transfer-leader").withAny("id", id))
            .orFail("transfering leadership")
            .json();
    if (!answer.path("Success").asBoolean(false)) {
      throw new CommandFailed("Error transfering leadership: the leader stayed " + answer);
    }
    terminal.print("Success");
    return Terminal.OK;
  }
}
