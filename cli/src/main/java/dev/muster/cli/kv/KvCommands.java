package dev.muster.cli.kv;

import dev.muster.cli.command.Group;
import dev.muster.cli.command.Terminal;
import picocli.CommandLine;

/// The group `kv`.
public final class KvCommands {
  private KvCommands() {}

  /// All of its commands.
  public static CommandLine of(Terminal terminal) {
    return new Group(terminal, "Read and write keys.", "kv put config/limit 5")
        .with("get", new GetCommand(terminal))
        .with("put", new PutCommand(terminal))
        .with("delete", new DeleteCommand(terminal))
        .with("export", new ExportCommand(terminal))
        .with("import", new ImportCommand(terminal))
        .line();
  }
}
