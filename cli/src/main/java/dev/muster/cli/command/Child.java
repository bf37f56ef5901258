package dev.muster.cli.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A program that a command runs for whoever called it: it prints where the command prints.
public final class Child {
  private final Process process;
  private final List<Thread> pumps;

  private Child(Process process, List<Thread> pumps) {
    this.process = process;
    this.pumps = List.copyOf(pumps);
  }

  /// Words as a shell is given them: the person's own, or `/bin/sh`.
  public static List<String> byShell(Terminal terminal, List<String> words) {
    String own = terminal.variable("SHELL");
    return List.of(own.isEmpty() ? "/bin/sh" : own, "-c", String.join(" ", words));
  }

  /// Starts a program.
  ///
  /// @param more variables beside those of the environment
  /// @param input what it reads; nothing if empty
  /// @throws CommandFailed if it cannot be started
  @SuppressWarnings("ReferenceEquality") // is it the very stream that the process has?
  public static Child start(
      Terminal terminal,
      List<String> command,
      Map<String, String> more,
      Optional<InputStream> input) {
    var builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(terminal.environment());
    builder.environment().putAll(more);
    boolean inheritsOut = terminal.out() == System.out;
    boolean inheritsIn = input.filter(stream -> stream == System.in).isPresent();
    builder.redirectOutput(inheritsOut ? Redirect.INHERIT : Redirect.PIPE);
    builder.redirectError(inheritsOut ? Redirect.INHERIT : Redirect.PIPE);
    builder.redirectInput(inheritsIn ? Redirect.INHERIT : Redirect.PIPE);
    try {
      Process process = builder.start();
      List<Thread> pumps = new ArrayList<>();
      if (!inheritsOut) {
        pumps.add(pump(process.getInputStream(), terminal.out()));
        pumps.add(pump(process.getErrorStream(), terminal.err()));
      }
      if (!inheritsIn) {
        pump(input.orElseGet(InputStream::nullInputStream), process.getOutputStream());
      }
      return new Child(process, pumps);
    } catch (IOException e) {
      throw new CommandFailed("Error starting handler: " + e.getMessage());
    }
  }

  /// The number of its process.
  public long pid() {
    return process.pid();
  }

  /// Waits until it has ended and all that it printed was passed on.
  ///
  /// @return its exit code
  public int await() throws InterruptedException {
    int code = process.waitFor();
    for (Thread pump : pumps) {
      pump.join();
    }
    return code;
  }

  /// Asks it to end, then makes it end, with all processes that it started.
  public void stop(Duration grace) throws InterruptedException {
    List<ProcessHandle> family = process.descendants().toList();
    process.destroy();
    family.forEach(ProcessHandle::destroy);
    boolean ended = process.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS);
    if (!ended) {
      process.destroyForcibly();
    }
    family.forEach(ProcessHandle::destroyForcibly);
    process.waitFor();
  }

  private static Thread pump(InputStream from, OutputStream to) {
    return Thread.ofVirtual().start(() -> copy(from, to));
  }

  /// Passes bytes on until either side ends. What the child reads is closed then; what this program
  /// prints to stays.
  private static void copy(InputStream from, OutputStream to) {
    try {
      from.transferTo(to);
      if (to instanceof PrintStream) {
        to.flush();
      } else {
        to.close();
      }
    } catch (IOException e) {
      Thread.currentThread().interrupt(); // one side is gone, which the exit code tells
    }
  }
}
