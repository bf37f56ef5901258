package dev.muster.cli;

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
final class KvDeleteCommand implements Callable<Integer> {
  @Mixin private final AgentOptions agent = new AgentOptions();

  @Option(
      names = {"-recurse", "--recurse"},
      description = "Delete every key with this prefix.")
  private boolean recurse;

  @Option(
      names = {"-cas", "--cas"},
      description = "Delete only if the key is still at -modify-index.")
  private boolean cas;

  @Option(
      names = {"-modify-index", "--modify-index"},
      paramLabel = "INDEX",
      description = "The index the key must have, for -cas.")
  private long modifyIndex;

  @Parameters(index = "0", paramLabel = "KEY")
  private String key = "";

  private final Program program;

  KvDeleteCommand(Program program) {
    this.program = program;
  }

  @Override
  public Integer call() {
    String query = recurse ? "?recurse" : cas ? "?cas=" + modifyIndex : "";
    ApiClient.Answer answer =
        agent
            .client(program)
            .delete("/v1/kv/" + ApiClient.encode(key) + query)
            .orFail("deleting the key");
    if (!answer.json().asBoolean()) {
      throw new CommandFailed("Error! Did not delete key " + key + ": CAS failed");
    }
    program
        .out()
        .println(
            recurse ? "Success! Deleted keys with prefix: " + key : "Success! Deleted key: " + key);
    return Program.OK;
  }
}
