package dev.muster.cli.operator;

import dev.muster.cli.command.CommandFailed;
import dev.muster.cli.command.Endpoint;
import dev.muster.cli.command.QueryOptions;
import dev.muster.cli.command.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `operator raft remove-peer`.
@Command(
    description = "Take a server that is gone for good out of the consensus group.",
    footer = {
      "",
      "Examples:",
      "  muster operator raft remove-peer -address=10.0.0.7:8300",
      "  muster operator raft remove-peer -id=11374252-3e77-a4e3-cac4-2f7145b548e9"
    })
final class RemovePeerCommand implements Callable<Integer> {
  @Mixin private final QueryOptions agent = new QueryOptions();

  @Option(names = "-address", paramLabel = "HOST:PORT", description = "Which server.")
  private String address = "";

  @Option(names = "-id", paramLabel = "ID", description = "Which server, instead of -address.")
  private String id = "";

  private final Terminal terminal;

  RemovePeerCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    if (address.isEmpty() == id.isEmpty()) {
      throw new CommandFailed(
          id.isEmpty()
              ? "an address or id is required for the peer to remove"
              : "cannot give both an address and id");
    }
    agent
        .client(terminal)
        .delete(Endpoint.of("operator/raft/peer").withAny("address", address).withAny("id", id))
        .orFail("removing peer");
    terminal.print(
        id.isEmpty()
            ? "Removed peer with address \"" + address + "\""
            : "Removed peer with id \"" + id + "\"");
    return Terminal.OK;
  }
}
