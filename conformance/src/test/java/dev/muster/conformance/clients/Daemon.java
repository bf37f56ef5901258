package dev.muster.conformance.clients;

import dev.muster.conformance.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A program by others that runs until it is closed.
final class Daemon implements AutoCloseable {
  private static final long STOPS_WITHIN_SECONDS = 20;

  private final Process process;
  private final Path log;

  private Daemon(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  static Daemon start(Path folder, String... command) throws IOException {
    return start(folder, Map.of(), command);
  }

  /// @param folder gets its log
  static Daemon start(Path folder, Map<String, String> environment, String... command)
      throws IOException {
    Path log = Files.createTempFile(folder, "daemon-", ".log");
    var builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    return new Daemon(builder.start(), log);
  }

  /// Waits for a line of its log, and returns the first group in it.
  String await(String pattern) {
    Pattern compiled = Pattern.compile(pattern);
    Matcher found =
        Eventually.holds(
            pattern + " in the log",
            () -> {
              Matcher matcher = compiled.matcher(log());
              return matcher.find() || !process.isAlive() ? matcher : matcher.reset("");
            },
            matcher -> matcher.hasMatch() || !process.isAlive());
    if (!found.hasMatch()) {
      throw new AssertionError("ended without \"%s\":\n%s".formatted(pattern, log()));
    }
    return found.groupCount() > 0 ? found.group(1) : found.group();
  }

  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// SIGKILL, for it and what it started.
  void kill9() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      process.onExit().get(STOPS_WITHIN_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      kill9();
    } catch (InterruptedException e) {
      kill9();
      Thread.currentThread().interrupt();
    }
  }
}
