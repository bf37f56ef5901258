package dev.muster.cli.debug;

import dev.muster.cli.command.AgentOptions;
import dev.muster.cli.command.ApiClient;
import dev.muster.cli.command.CommandFailed;
import dev.muster.cli.command.Stoppable;
import dev.muster.cli.command.Terminal;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `debug`.
@Command(
    description = "Watch the agent for a while and put what a bug report needs into one archive.",
    footer = {
      "",
      "Examples:",
      "  muster debug",
      "  muster debug -duration=30s -interval=5s -output=/tmp/slow",
      "  muster debug -capture=agent -capture=logs",
      "",
      "Stopped by Ctrl-C it archives what it has. Look through the archive before you",
      "send it: names and addresses are in it."
    })
final class DebugCommand implements Callable<Integer> {
  private static final Duration SHORTEST = Duration.ofSeconds(10);
  private static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(5);

  @Mixin private final AgentOptions agent = new AgentOptions();

  @Option(
      names = "-duration",
      paramLabel = "DURATION",
      description = "How long metrics and logs are captured (2m).")
  private Duration duration = Duration.ofMinutes(2);

  @Option(
      names = "-interval",
      paramLabel = "DURATION",
      description = "From one sample of the metrics to the next (30s, or the duration).")
  private @Nullable Duration chosen;

  private Duration interval = Duration.ofSeconds(30);

  @Option(
      names = "-capture",
      paramLabel = "TARGET",
      description = "agent, host, members, raft, metrics or logs; may be repeated (all).")
  private List<String> targets = new ArrayList<>();

  @Option(
      names = "-output",
      paramLabel = "FILE",
      description = "The archive without its .tar.gz (consul-debug-<time>).")
  private String output = "";

  private final Terminal terminal;
  private final InstantSource clock;

  DebugCommand(Terminal terminal, InstantSource clock) {
    this.terminal = terminal;
    this.clock = clock;
  }

  @Override
  public Integer call() {
    Set<String> wanted = wanted();
    checkDurations();
    Instant start = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    String name = output.isEmpty() ? "consul-debug-" + start.toString().replace(':', '-') : output;
    Path archive = Path.of(name + ".tar.gz");
    refuseToOverwrite(archive);
    ApiClient api = agent.client(terminal);
    var capture = new Capture(terminal, api, clock, wanted);
    String version = capture.agentVersion();
    terminal.print("==> Starting debugger and capturing static information...");
    terminal.print("     Agent Version: '" + version + "'");
    terminal.print("          Interval: '" + interval.toSeconds() + "s'");
    terminal.print("          Duration: '" + duration.toSeconds() + "s'");
    terminal.print("            Output: '" + archive + "'");
    terminal.print("           Capture: '" + String.join(", ", wanted) + "'");
    return Stoppable.run(
        terminal, Terminal.FAILED, () -> capture(capture, archive, start.getEpochSecond()));
  }

  private int capture(Capture capture, Path archive, long seconds) {
    Path part = archive.resolveSibling(archive.getFileName() + ".part");
    String folder = ("" + archive.getFileName()).replaceFirst("\\.tar\\.gz$", "");
    try {
      try (TarFile tar = TarFile.create(part, seconds)) {
        capture.run(tar, folder, duration, interval);
      }
      refuseToOverwrite(archive);
      Files.move(part, archive, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException e) {
      throw new CommandFailed(
          "Error: %s exists: another capture writes it, or was killed. Delete it.".formatted(part));
    } catch (IOException e) {
      throw new CommandFailed("Error writing the archive %s: %s".formatted(part, e));
    }
    terminal.print("Saved debug archive: " + archive);
    return Terminal.OK;
  }

  private Set<String> wanted() {
    Set<String> wanted = new TreeSet<>(targets.isEmpty() ? Capture.TARGETS : targets);
    if (wanted.remove("cluster")) {
      wanted.add("members"); // as it was called once
    }
    for (String target : wanted) {
      if (!Capture.TARGETS.contains(target)) {
        throw new CommandFailed(
            "Error: nothing to capture is called '%s'; there is %s."
                .formatted(target, String.join(", ", new TreeSet<>(Capture.TARGETS))));
      }
    }
    return wanted;
  }

  private void checkDurations() {
    if (duration.compareTo(SHORTEST) < 0) {
      throw new CommandFailed("Error: -duration must be at least 10s");
    }
    if (chosen != null) {
      interval = chosen;
    } else if (interval.compareTo(duration) > 0) {
      interval = duration;
    }
    if (interval.compareTo(SHORTEST_INTERVAL) < 0 || interval.compareTo(duration) > 0) {
      throw new CommandFailed("Error: -interval must be at least 5s and not above -duration");
    }
  }

  private static void refuseToOverwrite(Path archive) {
    if (Files.exists(archive)) {
      throw new CommandFailed(
          "Error: %s exists and is not overwritten; give another -output.".formatted(archive));
    }
  }
}
