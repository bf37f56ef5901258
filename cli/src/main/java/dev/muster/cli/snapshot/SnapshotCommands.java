package dev.muster.cli.snapshot;

import dev.muster.cli.command.Group;
import dev.muster.cli.command.Terminal;
import java.time.InstantSource;
import picocli.CommandLine;

/// The group `snapshot`.
public final class SnapshotCommands {
  private SnapshotCommands() {}

  /// All of its commands.
  public static CommandLine of(Terminal terminal) {
    return new Group(
            terminal, "Save, restore and look into the whole state.", "snapshot save backup.snap")
        .with("save", new SaveCommand(terminal))
        .with("restore", new RestoreCommand(terminal))
        .with("inspect", new InspectCommand(terminal))
        .with("agent", new SnapshotAgentCommand(terminal, InstantSource.system()))
        .line();
  }
}
