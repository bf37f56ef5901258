package dev.muster.cli.snapshot;

import dev.muster.cli.command.CommandFailed;
import dev.muster.cli.command.Endpoint;
import dev.muster.cli.command.QueryOptions;
import dev.muster.cli.command.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `snapshot restore`.
@Command(
    description = "Replace the whole state by that of a file.",
    footer = {
      "",
      "Example:",
      "  muster snapshot restore backup.snap",
      "",
      "Whatever changed since the snapshot was taken is lost."
    })
final class RestoreCommand implements Callable<Integer> {
  @Mixin private final QueryOptions agent = new QueryOptions();

  @Parameters(paramLabel = "FILE", description = "What 'snapshot save' wrote.")
  private Path file = Path.of("");

  private final Terminal terminal;

  RestoreCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Archive.read(file);
    try {
      agent.client(terminal).put(Endpoint.of("snapshot"), file).orFail("restoring snapshot");
    } catch (IOException e) {
      throw new CommandFailed("Error reading snapshot " + file + ": " + e.getMessage());
    }
    terminal.print("Restored snapshot");
    return Terminal.OK;
  }
}
