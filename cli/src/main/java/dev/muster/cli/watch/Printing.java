package dev.muster.cli.watch;

import dev.muster.cli.command.JsonText;
import dev.muster.cli.command.Terminal;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/// Prints what there is; with `follow` each change, too.
record Printing(Terminal terminal, boolean follow) implements Watch.Handler {
  @Override
  public OptionalInt handle(long index, JsonNode state) {
    terminal.print(JsonText.pretty(state));
    terminal.out().flush();
    return follow ? OptionalInt.empty() : OptionalInt.of(Terminal.OK);
  }
}
