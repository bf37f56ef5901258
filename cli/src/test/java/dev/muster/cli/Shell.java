package dev.muster.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.muster.cli.command.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/// Runs commands in this process, with streams of their own.
public final class Shell {
  private static final long ENDS_WITHIN_SECONDS = 30;

  private final Map<String, String> environment = new HashMap<>();
  private final CopyOnWriteArrayList<Runnable> stopActions = new CopyOnWriteArrayList<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private String in = "";

  /// How a command ended, and what it printed where.
  public record Ended(int exitCode, String out, String err) {}

  /// One whose commands ask this agent.
  public static Shell asking(String address) {
    return new Shell().with("CONSUL_HTTP_ADDR", address);
  }

  /// Sets a variable of the environment.
  public Shell with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /// What commands read.
  public Shell typing(String text) {
    in = text;
    return this;
  }

  /// What a command is started with.
  public Terminal terminal() {
    environment.putIfAbsent("PATH", "/usr/bin:/bin");
    return new Terminal(
        "muster",
        new ByteArrayInputStream(in.getBytes(UTF_8)),
        new PrintStream(out, true, UTF_8),
        new PrintStream(err, true, UTF_8),
        environment,
        stopActions::add);
  }

  /// Runs a command to its end.
  public Ended run(String... words) {
    out.reset();
    err.reset();
    int code = new Program(terminal()).run(words);
    return new Ended(code, out.toString(UTF_8), err.toString(UTF_8));
  }

  /// Starts a command that goes on until it is stopped.
  public CompletableFuture<Ended> start(String... words) {
    out.reset();
    err.reset();
    Terminal terminal = terminal();
    return CompletableFuture.supplyAsync(
            () -> new Program(terminal).run(words), task -> Thread.ofPlatform().start(task))
        .orTimeout(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS)
        .thenApply(code -> new Ended(code, printed(), complained()));
  }

  /// Asks what runs to stop, as Ctrl-C does.
  public void stop() {
    stopActions.forEach(action -> Thread.ofPlatform().start(action));
  }

  /// What was printed so far.
  public String printed() {
    return out.toString(UTF_8);
  }

  /// What was said on standard error so far.
  public String complained() {
    return err.toString(UTF_8);
  }
}
