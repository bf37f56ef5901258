package dev.muster.cli.kv;

import dev.muster.cli.command.Answer;
import dev.muster.cli.command.JsonText;
import dev.muster.cli.command.QueryOptions;
import dev.muster.cli.command.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `kv export`.
@Command(
    description = "Print all keys below a prefix, with their values, as JSON for 'kv import'.",
    footer = {"", "Examples:", "  muster kv export config/ > config.json", "  muster kv export ''"})
final class ExportCommand implements Callable<Integer> {
  @Mixin private final QueryOptions agent = new QueryOptions();

  @Parameters(arity = "0..1", paramLabel = "PREFIX", description = "The prefix (all keys).")
  private String prefix = "";

  private final Terminal terminal;

  ExportCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Answer answer = agent.client(terminal).get(Key.endpoint(Key.named(prefix)).with("recurse"));
    ArrayNode exported = JsonMapper.shared().createArrayNode();
    if (answer.status() != 404) {
      for (JsonNode entry : answer.orFail("querying the agent").json()) {
        ObjectNode one = exported.addObject();
        one.set("key", entry.path("Key"));
        one.set("flags", entry.path("Flags"));
        one.put("value", Key.base64(entry));
      }
    }
    terminal.print(JsonText.pretty(exported, "\t"));
    return Terminal.OK;
  }
}
