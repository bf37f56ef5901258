package dev.muster.cli.kv;

import dev.muster.cli.command.ApiClient;
import dev.muster.cli.command.CommandFailed;
import dev.muster.cli.command.Input;
import dev.muster.cli.command.JsonText;
import dev.muster.cli.command.QueryOptions;
import dev.muster.cli.command.Terminal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `kv import`.
@Command(
    description = "Write the keys that 'kv export' printed.",
    footer = {
      "",
      "Examples:",
      "  muster kv import @config.json",
      "  cat config.json | muster kv import -",
      "  muster kv import -prefix=copy/ @config.json",
      "",
      "All of the data is checked before the first key is written. Keys that are",
      "not in it stay as they are."
    })
final class ImportCommand implements Callable<Integer> {
  /// What one entry says, checked.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Entry(String key, String flags, byte[] value) {}

  @Mixin private final QueryOptions agent = new QueryOptions();

  @Option(names = "-prefix", paramLabel = "TEXT", description = "Put in front of each key.")
  private String prefix = "";

  @Parameters(
      paramLabel = "DATA",
      description = "The JSON; @FILE for a file's content, - for standard input.")
  private String data = "";

  private final Terminal terminal;

  ImportCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    List<Entry> entries = entries();
    ApiClient api = agent.client(terminal);
    for (Entry entry : entries) {
      api.put(Key.endpoint(entry.key()).with("flags", entry.flags()), entry.value())
          .orFail("writing " + entry.key());
      terminal.print("Imported: " + entry.key());
    }
    return Terminal.OK;
  }

  private List<Entry> entries() {
    String text = new String(Input.read(terminal, data), StandardCharsets.UTF_8);
    if (text.isBlank()) {
      throw new CommandFailed("Error! Empty data; name a file with @FILE, or give JSON");
    }
    JsonNode array = JsonText.parse(text, "The data");
    if (!array.isArray()) {
      throw new CommandFailed("Error! The data is no JSON array of {key, flags, value}");
    }
    List<Entry> entries = new ArrayList<>();
    for (JsonNode one : array) {
      entries.add(entry(one, entries.size()));
    }
    return entries;
  }

  private Entry entry(JsonNode one, int position) {
    String key = one.path("key").asString("");
    String flags = one.path("flags").asString("0");
    if (key.isEmpty() || !flags.matches("[0-9]{1,20}")) {
      throw new CommandFailed(
          "Error! Entry %d of the data lacks a key, or its flags are no number: %s"
              .formatted(position + 1, one));
    }
    try {
      byte[] value = Base64.getDecoder().decode(one.path("value").asString(""));
      return new Entry(prefix + key, flags, value);
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(
          "Error! The value of key %s is not base64: %s".formatted(key, e.getMessage()));
    }
  }
}
