package dev.muster.cli.snapshot;

import dev.muster.cli.command.QueryOptions;
import dev.muster.cli.command.Terminal;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `snapshot save`.
@Command(
    description = "Save the whole state to a file, and check that it arrived whole.",
    footer = {
      "",
      "Examples:",
      "  muster snapshot save backup.snap",
      "  muster snapshot save -stale backup.snap     also while there is no leader"
    })
final class SaveCommand implements Callable<Integer> {
  @Mixin private final QueryOptions agent = new QueryOptions();

  @Parameters(paramLabel = "FILE", description = "The file; replaced if it exists.")
  private Path file = Path.of("");

  private final Terminal terminal;

  SaveCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Archive archive = Download.save(agent.client(terminal), file);
    terminal.print(
        "Saved and verified snapshot to index " + archive.meta().path("Index").asString("0"));
    return Terminal.OK;
  }
}
