package dev.muster.cli.catalog;

import dev.muster.cli.command.Group;
import dev.muster.cli.command.Terminal;
import picocli.CommandLine;

/// The group `catalog`.
public final class CatalogCommands {
  private CatalogCommands() {}

  /// All of its commands.
  public static CommandLine of(Terminal terminal) {
    return new Group(terminal, "Ask what is registered.", "catalog services -tags")
        .with("datacenters", new DatacentersCommand(terminal))
        .with("nodes", new NodesCommand(terminal))
        .with("services", new ServicesCommand(terminal))
        .line();
  }
}
