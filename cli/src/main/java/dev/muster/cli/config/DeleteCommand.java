package dev.muster.cli.config;

import dev.muster.cli.command.CommandFailed;
import dev.muster.cli.command.Endpoint;
import dev.muster.cli.command.QueryOptions;
import dev.muster.cli.command.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// `config delete`.
@Command(
    description = "Delete an entry.",
    footer = {
      "",
      "Examples:",
      "  muster config delete -kind service-defaults -name web",
      "  muster config delete -filename web.hcl",
      "  muster config delete -kind service-defaults -name web -cas -modify-index=42"
    })
final class DeleteCommand implements Callable<Integer> {
  @Mixin private final QueryOptions agent = new QueryOptions();

  @Option(names = "-kind", paramLabel = "KIND", description = "Its kind.")
  private String kind = "";

  @Option(names = "-name", paramLabel = "NAME", description = "Its name.")
  private String name = "";

  @Option(
      names = "-filename",
      paramLabel = "FILE",
      description = "A file that has kind and name, instead of these.")
  private String file = "";

  @Option(names = "-cas", description = "Delete only if the entry is still at -modify-index.")
  private boolean cas;

  @Option(
      names = "-modify-index",
      paramLabel = "INDEX",
      description = "The index the entry must have, for -cas.")
  private long modifyIndex;

  private final Terminal terminal;

  DeleteCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    checkOptions();
    if (!file.isEmpty()) {
      EntryFile entry = EntryFile.read(terminal, file);
      kind = entry.kind();
      name = entry.name();
    }
    String named = kind + "/" + name;
    Endpoint endpoint = Endpoint.of("config", named);
    if (cas) {
      endpoint.with("cas", Long.toString(modifyIndex));
    }
    JsonNode answer =
        agent.client(terminal).delete(endpoint).orFail("deleting config entry " + named).json();
    if (answer.isBoolean() && !answer.asBoolean()) {
      throw new CommandFailed("Config entry not deleted: " + named);
    }
    terminal.print("Config entry deleted: " + named);
    return Terminal.OK;
  }

  private void checkOptions() {
    boolean isNamed = !kind.isEmpty() && !name.isEmpty();
    boolean isHalfNamed = !kind.isEmpty() || !name.isEmpty();
    if (file.isEmpty() ? !isNamed : isHalfNamed) {
      throw new CommandFailed("Must specify either -kind and -name, or -filename");
    }
    if (cas != (modifyIndex != 0)) {
      throw new CommandFailed("-cas and -modify-index go together, and the index is above 0");
    }
  }
}
