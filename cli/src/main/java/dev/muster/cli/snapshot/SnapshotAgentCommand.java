package dev.muster.cli.snapshot;

import dev.muster.cli.command.ApiClient;
import dev.muster.cli.command.CommandFailed;
import dev.muster.cli.command.QueryOptions;
import dev.muster.cli.command.Stoppable;
import dev.muster.cli.command.Terminal;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `snapshot agent`.
@Command(
    description = "Save the whole state again and again, and keep the newest files.",
    footer = {
      "",
      "Examples:",
      "  muster snapshot agent -interval=1h -retain=30 -local-path=/var/backups/muster",
      "  muster snapshot agent -interval=0 -local-path=/var/backups/muster     once",
      "",
      "Files are named consul-<time>.snap, the time in nanoseconds since 1970. Only",
      "such files are counted and deleted. It gives up after -max-failures failures",
      "in a row."
    })
final class SnapshotAgentCommand implements Callable<Integer> {
  @Mixin private final QueryOptions agent = new QueryOptions();

  @Option(
      names = "-interval",
      paramLabel = "DURATION",
      description = "From one to the next (1h); 0 to save once and end.")
  private Duration interval = Duration.ofHours(1);

  @Option(
      names = "-retain",
      paramLabel = "N",
      description = "Files to keep, the newest (30); 0 keeps all.")
  private int retain = 30;

  @Option(
      names = "-local-path",
      paramLabel = "FOLDER",
      description = "Where the files are written (this folder).")
  private Path folder = Path.of(".");

  @Option(
      names = "-max-failures",
      paramLabel = "N",
      description = "Failures in a row after which it ends (3); 0 never ends.")
  private int failuresMax = 3;

  private final Terminal terminal;
  private final InstantSource clock;

  SnapshotAgentCommand(Terminal terminal, InstantSource clock) {
    this.terminal = terminal;
    this.clock = clock;
  }

  @Override
  public Integer call() {
    if (retain < 0 || failuresMax < 0) {
      throw new CommandFailed("Error: -retain and -max-failures are 0 or more.");
    }
    ApiClient api = agent.client(terminal);
    var files = new SnapshotFolder(folder, clock);
    if (interval.isZero()) {
      save(api, files);
      return Terminal.OK;
    }
    if (interval.toMillis() < 1000) {
      throw new CommandFailed("Error: -interval is at least 1s, or 0 to save once.");
    }
    return Stoppable.run(terminal, Terminal.OK, () -> saveForEver(api, files));
  }

  private int saveForEver(ApiClient api, SnapshotFolder files) throws InterruptedException {
    var never = new CountDownLatch(1);
    int failures = 0;
    while (true) {
      try {
        save(api, files);
        failures = 0;
      } catch (CommandFailed e) {
        failures++;
        terminal.err().println(e.report());
        if (failures == failuresMax) {
          throw new CommandFailed("Giving up after %d failures in a row.".formatted(failures));
        }
      }
      boolean isOver = never.await(interval.toMillis(), TimeUnit.MILLISECONDS);
      if (isOver) {
        return Terminal.OK;
      }
    }
  }

  private void save(ApiClient api, SnapshotFolder files) {
    try {
      Path file = files.next();
      Archive archive = Download.save(api, file);
      terminal.print(
          "Saved snapshot %s to index %s"
              .formatted(file, archive.meta().path("Index").asString("0")));
      if (retain > 0) {
        files.deleteAllBut(retain).forEach(old -> terminal.print("Deleted old snapshot " + old));
      }
    } catch (NoSuchFileException e) {
      throw new CommandFailed("Error saving snapshots: there is no folder " + e.getMessage());
    } catch (IOException e) {
      throw new CommandFailed("Error in the folder of snapshots: " + e);
    }
  }
}
