package dev.muster.conformance;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A server in a process of its own, started through the launcher and ready. [#close] ends it,
/// however it is.
public final class RunningAgent implements AutoCloseable {
  /// What a process killed by SIGKILL reports.
  public static final int KILLED = 128 + 9;

  private static final long WAIT_SECONDS = 60;
  private static final Pattern API = Pattern.compile("HTTP API on \\S+:(\\d+)");
  private static final Pattern DNS = Pattern.compile("DNS on \\S+:(\\d+)");
  private static final Pattern BALANCER = Pattern.compile("balancer on \\S+:(\\d+)");
  private static final Pattern READY = Pattern.compile("is ready, node (\\S+)");

  private final Process process;
  private final Path temporary;
  private final List<String> lines = new ArrayList<>();
  private boolean hasEnded;

  private RunningAgent(Process process, Path temporary) {
    this.process = process;
    this.temporary = temporary;
    Thread.ofPlatform().daemon().name("agent-log").start(this::readLog);
  }

  /// With its state in a temporary folder.
  public static RunningAgent dev(String... more) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("agent", "-dev"));
    arguments.addAll(Muster.FREE_PORTS);
    arguments.addAll(List.of(more));
    return start(Muster.command(arguments.toArray(String[]::new)));
  }

  /// With its state in this folder.
  public static RunningAgent on(Path folder, String... more) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("agent", "-data-dir", folder.toString()));
    arguments.addAll(Muster.FREE_PORTS);
    arguments.addAll(List.of(more));
    return start(Muster.command(arguments.toArray(String[]::new)));
  }

  /// Starts a command that runs a server, and waits until it is ready.
  public static RunningAgent start(ProcessBuilder command) throws IOException {
    RunningAgent agent = launch(command);
    try {
      agent.await(READY);
      return agent;
    } catch (AssertionError e) {
      agent.close();
      throw e;
    }
  }

  /// Starts a command that runs a server, and waits for nothing. Unless the command names a folder
  /// for temporary files, it has one that goes with it: one that is killed cannot clear up.
  public static RunningAgent launch(ProcessBuilder command) throws IOException {
    Path temporary = Files.createTempDirectory("running-agent-");
    command.environment().putIfAbsent("MUSTER_JAVA_OPTS", "-Djava.io.tmpdir=" + temporary);
    return new RunningAgent(command.redirectErrorStream(true).start(), temporary);
  }

  public int httpPort() {
    return Integer.parseInt(await(API));
  }

  public int dnsPort() {
    return Integer.parseInt(await(DNS));
  }

  public int balancerPort() {
    return Integer.parseInt(await(BALANCER));
  }

  public String nodeName() {
    return await(READY);
  }

  /// The API's address for the command line.
  public String httpAddress() {
    return "127.0.0.1:" + httpPort();
  }

  public Client api() {
    return new Client("http://" + httpAddress() + "/v1/");
  }

  public Client balancer() {
    return new Client("http://127.0.0.1:" + balancerPort());
  }

  public long pid() {
    return process.pid();
  }

  /// SIGKILL: nothing that the program could do about it. Returns when it is gone.
  public void kill9() {
    process.destroyForcibly();
    if (exitCode() != KILLED) {
      throw new AssertionError("ended by itself before it was killed:\n" + log());
    }
  }

  /// Sends a signal by its name and returns at once.
  public void signal(String name) throws IOException, InterruptedException {
    var kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid()));
    ProcessOutput sent = ProcessOutput.of(kill);
    if (sent.exitCode() != 0) {
      throw new AssertionError("kill: " + sent.text());
    }
  }

  /// Asks it to stop, and waits for the end.
  public int stop() throws IOException, InterruptedException {
    signal("TERM");
    return exitCode();
  }

  /// Waits for the end.
  public int exitCode() {
    try {
      if (!process.waitFor(WAIT_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("still runs:\n" + log());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
    return process.exitValue();
  }

  /// All that it has printed so far.
  public synchronized String log() {
    return String.join("\n", lines);
  }

  /// Waits for a line, and returns the first group in it.
  public synchronized String await(Pattern pattern) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
    for (int seen = 0; ; seen++) {
      while (seen == lines.size()) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (hasEnded || left <= 0) {
          String why = hasEnded ? "ended without" : "does not come to";
          throw new AssertionError("the agent %s \"%s\":\n%s".formatted(why, pattern, log()));
        }
        try {
          wait(left);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new AssertionError("interrupted", e);
        }
      }
      Matcher matcher = pattern.matcher(lines.get(seen));
      if (matcher.find()) {
        return matcher.groupCount() > 0 ? matcher.group(1) : matcher.group();
      }
    }
  }

  private void readLog() {
    try (BufferedReader output = process.inputReader()) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        synchronized (this) {
          lines.add(line);
          notifyAll();
        }
      }
    } catch (IOException e) {
      // the process is gone, and with it its output
    } finally {
      synchronized (this) {
        hasEnded = true;
        notifyAll();
      }
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    exitCode();
    try (Stream<Path> files = Files.walk(temporary)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (NoSuchFileException e) {
      // closed before
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
