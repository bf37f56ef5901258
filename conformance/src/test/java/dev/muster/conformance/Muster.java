package dev.muster.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// `./muster` of this repository, as the build left it, run as a process.
public final class Muster {
  public static final Path LAUNCHER = Repository.ROOT.resolve("muster");

  /// Ports that no other program has, for a server whose ports nobody needs to know before.
  public static final List<String> FREE_PORTS =
      List.of("-http-port=0", "-dns-port=0", "-balancer-port=0", "-server-port=0");

  private static final long ENDS_WITHIN_SECONDS = 60;

  private Muster() {}

  /// How a command ended, and what it printed where.
  public record Ended(int exitCode, String out, String err) {}

  public static ProcessBuilder command(String... arguments) {
    return command(LAUNCHER, List.of(arguments));
  }

  /// Without whatever settings of the person who runs the tests would change the result.
  public static ProcessBuilder command(Path launcher, List<String> arguments) {
    var command = new ProcessBuilder(launcher.toString());
    command.command().addAll(arguments);
    command.environment().put("MUSTER_NO_BUILD", "1");
    command.environment().put("MUSTER_JAVA_HOME", System.getProperty("java.home"));
    command.environment().keySet().removeAll(List.of("MUSTER_JAVA_OPTS", "CONSUL_HTTP_ADDR"));
    return command;
  }

  /// Runs a command to its end; one that does not end is killed, and fails.
  public static Ended run(String... arguments) throws IOException, InterruptedException {
    return run(command(arguments), "");
  }

  public static Ended run(ProcessBuilder command, String in)
      throws IOException, InterruptedException {
    Process process = command.start();
    CompletableFuture<String> out = read(process.getInputStream());
    CompletableFuture<String> err = read(process.getErrorStream());
    try (var stdin = process.getOutputStream()) {
      stdin.write(in.getBytes(UTF_8));
    } catch (IOException e) {
      // ended without reading all: its exit code and words are what counts
    }
    boolean ended = process.waitFor(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS);
    if (!ended) {
      process.destroyForcibly().waitFor();
    }
    var result = new Ended(process.waitFor(), out.join(), err.join());
    if (!ended) {
      throw new AssertionError(command.command() + " did not end by itself: " + result);
    }
    return result;
  }

  private static CompletableFuture<String> read(InputStream stream) {
    var text = new CompletableFuture<String>();
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try (stream) {
                text.complete(new String(stream.readAllBytes(), UTF_8));
              } catch (IOException e) {
                text.completeExceptionally(new UncheckedIOException(e));
              }
            });
    return text;
  }
}
