package dev.muster.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// A process of the sample system. Its output goes to a [LogFollower].
final class ChildProcess implements AutoCloseable {
  /// Longer than a service may take to finish its requests.
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Path SETSID = Path.of("/usr/bin/setsid");

  private final String name;
  private final Process process;

  private ChildProcess(String name, Process process) {
    this.name = name;
    this.process = process;
  }

  /// @param onLine hears each line, too
  static ChildProcess start(
      String name,
      List<String> command,
      Map<String, String> environment,
      LogFollower logs,
      Consumer<String> onLine)
      throws IOException {
    List<String> full = new ArrayList<>();
    if (Files.isExecutable(SETSID)) {
      // Ctrl-C at the terminal is for the demo alone, which then stops the others in order.
      full.add(SETSID.toString());
    }
    full.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(full).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    logs.add(name);
    Thread.ofVirtual().name("log-" + name).start(() -> follow(name, process, logs, onLine));
    return new ChildProcess(name, process);
  }

  private static void follow(
      String name, Process process, LogFollower logs, Consumer<String> onLine) {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        logs.line(name, line);
        onLine.accept(line);
      }
      String end = "-- ended with exit code " + process.waitFor();
      logs.line(name, end);
      onLine.accept(end);
    } catch (IOException e) {
      logs.line(name, "-- its output cannot be read: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  String name() {
    return name;
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /// As `kill -9`: the process learns nothing of it.
  void kill() {
    process.destroyForcibly();
  }

  /// Asks it to stop, without waiting. By its handle: that leaves its last words to be read.
  void terminate() {
    process.toHandle().destroy();
  }

  /// Asks it to stop and waits; ends it if it does not.
  @Override
  public void close() {
    terminate();
    try {
      if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
