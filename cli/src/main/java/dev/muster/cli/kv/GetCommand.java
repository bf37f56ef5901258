package dev.muster.cli.kv;

import dev.muster.cli.command.Answer;
import dev.muster.cli.command.CommandFailed;
import dev.muster.cli.command.QueryOptions;
import dev.muster.cli.command.Terminal;
import java.nio.charset.StandardCharsets;
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
final class GetCommand implements Callable<Integer> {
  @Mixin private final QueryOptions agent = new QueryOptions();

  @Option(names = "-recurse", description = "Print every key with this prefix, as key:value.")
  private boolean recurse;

  @Option(names = "-keys", description = "Print the names of the keys with this prefix.")
  private boolean keys;

  @Option(
      names = "-separator",
      paramLabel = "TEXT",
      description = "With -keys: names end at the first one behind the prefix (/).")
  private String separator = "/";

  @Option(names = "-base64", description = "Print values in base64.")
  private boolean base64;

  @Option(names = "-detailed", description = "Print flags, indexes and session, too.")
  private boolean detailed;

  @Parameters(arity = "0..1", paramLabel = "KEY", description = "The key, or the prefix.")
  private String word = "";

  private final Terminal terminal;

  GetCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    String key = Key.named(word);
    if (key.isEmpty() && !recurse && !keys) {
      throw new CommandFailed("Error! Missing KEY argument");
    }
    Answer answer =
        agent
            .client(terminal)
            .get(
                keys
                    ? Key.endpoint(key).with("keys").with("separator", separator)
                    : Key.endpoint(key).withIf(recurse, "recurse"));
    if (answer.status() == 404) {
      if (keys || recurse) {
        return Terminal.OK;
      }
      throw new CommandFailed("Error! No key exists at: " + key);
    }
    for (JsonNode entry : answer.orFail("querying the agent").json()) {
      print(entry);
    }
    return Terminal.OK;
  }

  private void print(JsonNode entry) {
    if (keys) {
      terminal.print(entry.asString());
      return;
    }
    byte[] value = Key.value(entry);
    String shown = base64 ? Key.base64(entry) : new String(value, StandardCharsets.UTF_8);
    if (detailed) {
      for (String member :
          new String[] {"CreateIndex", "Flags", "Key", "LockIndex", "ModifyIndex"}) {
        detail(member, entry.path(member).asString());
      }
      detail("Session", entry.path("Session").asString("-"));
      detail("Value", shown);
      terminal.print("");
    } else if (recurse) {
      terminal.print(entry.path("Key").asString() + ":" + shown);
    } else if (base64) {
      terminal.print(shown);
    } else {
      terminal.out().writeBytes(value);
      terminal.out().println();
    }
  }

  private void detail(String name, String value) {
    terminal.print(String.format("%-17s%s", name, value));
  }
}
