package dev.muster.cli.kv;

import dev.muster.cli.command.CommandFailed;
import dev.muster.cli.command.Endpoint;
import dev.muster.cli.command.QueryOptions;
import dev.muster.cli.command.Terminal;
import java.math.BigInteger;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `kv delete`.
@Command(
    description = "Delete a key, or everything below a prefix.",
    footer = {
      "",
      "Examples:",
      "  muster kv delete config/limit",
      "  muster kv delete -recurse config/",
      "  muster kv delete -cas -modify-index=42 config/limit"
    })
final class DeleteCommand implements Callable<Integer> {
  @Mixin private final QueryOptions agent = new QueryOptions();

  @Option(names = "-recurse", description = "Delete every key with this prefix.")
  private boolean recurse;

  @Option(names = "-cas", description = "Delete only if the key is still at -modify-index.")
  private boolean cas;

  @Option(
      names = "-modify-index",
      paramLabel = "INDEX",
      converter = Key.Unsigned.class,
      description = "The index the key must have, for -cas.")
  private BigInteger modifyIndex = BigInteger.ZERO;

  @Parameters(paramLabel = "KEY", description = "The key, or the prefix.")
  private String word = "";

  private final Terminal terminal;

  DeleteCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    checkOptions();
    String key = Key.named(word);
    Endpoint endpoint = Key.endpoint(key).withIf(recurse, "recurse");
    if (cas) {
      endpoint.with("cas", modifyIndex.toString());
    }
    if (!agent.client(terminal).delete(endpoint).orFail("deleting the key").json().asBoolean()) {
      throw new CommandFailed("Error! Did not delete key " + key + ": CAS failed");
    }
    terminal.print(
        recurse ? "Success! Deleted keys with prefix: " + key : "Success! Deleted key: " + key);
    return Terminal.OK;
  }

  private void checkOptions() {
    if (cas && recurse) {
      throw new CommandFailed("Cannot specify both -cas and -recurse!");
    }
    if (cas && modifyIndex.signum() == 0) {
      throw new CommandFailed("Must specify -modify-index with -cas!");
    }
    if (!cas && modifyIndex.signum() > 0) {
      throw new CommandFailed("Cannot specify -modify-index without -cas!");
    }
    if (Key.named(word).isEmpty() && !recurse) {
      throw new CommandFailed("Error! Missing KEY argument");
    }
  }
}
