package dev.muster.cli;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `kv get`.
@Command(
    description = "Print the value of a key, or what is below a prefix.",
    footer = {
      "",
      "Examples:",
      "  muster kv get config/limit",
      "  muster kv get -recurse config/",
      "  muster kv get -keys -separator=/ ''"
    })
final class KvGetCommand implements Callable<Integer> {
  @Mixin private final AgentOptions agent = new AgentOptions();

  @Option(
      names = {"-recurse", "--recurse"},
      description = "Print every key with this prefix, as key:value.")
  private boolean recurse;

  @Option(
      names = {"-keys", "--keys"},
      description = "Print the names of the keys with this prefix.")
  private boolean keys;

  @Option(
      names = {"-separator", "--separator"},
      paramLabel = "TEXT",
      description = "With -keys: names end at the first one behind the prefix (/).")
  private String separator = "/";

  @Option(
      names = {"-base64", "--base64"},
      description = "Print values in base64.")
  private boolean base64;

  @Option(
      names = {"-detailed", "--detailed"},
      description = "Print flags and indexes, too.")
  private boolean detailed;

  @Parameters(arity = "0..1", paramLabel = "KEY")
  private String key = "";

  private final Program program;

  KvGetCommand(Program program) {
    this.program = program;
  }

  @Override
  public Integer call() {
    if (key.isEmpty() && !recurse && !keys) {
      throw new CommandFailed("Error! Missing KEY argument");
    }
    String query =
        keys ? "?keys&separator=" + ApiClient.encode(separator) : recurse ? "?recurse" : "";
    ApiClient.Answer answer = agent.client(program).get("/v1/kv/" + ApiClient.encode(key) + query);
    if (answer.status() == 404) {
      if (keys || recurse) {
        return Program.OK;
      }
      throw new CommandFailed("Error! No key exists at: " + key);
    }
    for (JsonNode entry : answer.orFail("querying the agent").json()) {
      print(entry);
    }
    return Program.OK;
  }

  private void print(JsonNode entry) {
    if (keys) {
      program.out().println(entry.asString());
      return;
    }
    String encoded = entry.path("Value").isNull() ? "" : entry.path("Value").asString();
    byte[] value = Base64.getDecoder().decode(encoded);
    String shown = base64 ? encoded : new String(value, StandardCharsets.UTF_8);
    if (detailed) {
      for (String member :
          new String[] {"CreateIndex", "Flags", "Key", "LockIndex", "ModifyIndex"}) {
        program.out().printf("%-16s%s%n", member, entry.path(member).asString());
      }
      program.out().printf("%-16s%s%n%n", "Value", shown);
    } else if (recurse) {
      program.out().println(entry.path("Key").asString() + ":" + shown);
    } else if (base64) {
      program.out().println(shown);
    } else {
      program.out().writeBytes(value);
      program.out().println();
    }
  }
}
