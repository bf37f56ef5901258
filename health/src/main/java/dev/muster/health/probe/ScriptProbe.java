package dev.muster.health.probe;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Runs programs as checks: no input, both outputs together, the server's environment and folder.
///
/// A program has ended when it exited and nobody holds its output open any more. One that has not
/// when its time is over is killed with all it started: each runs in a session of its own, by
/// `setsid` where the system has it, and the whole session is killed; elsewhere the descendants
/// that are still known as such.
final class ScriptProbe {
  private static final int AT_ONCE_MAX = 32;
  private static final Duration AFTER_KILL = Duration.ofSeconds(1);
  private static final Path SETSID = Path.of("/usr/bin/setsid");

  /// Given back by whoever reads a program's output, so that programs which cannot be killed do
  /// not pile up.
  private final Semaphore running = new Semaphore(AT_ONCE_MAX);

  /// What a program did.
  ///
  /// @param exit -1 if it did not exit in its time
  record Ending(int exit, String output) {}

  /// The state by the exit code, as Nagios has it.
  Result run(List<String> args, Duration timeout, int outputBytesMax) throws InterruptedException {
    try {
      Ending ending = end(args, timeout, outputBytesMax);
      return switch (ending.exit()) {
        case 0 -> Result.passing(ending.output());
        case 1 -> Result.warning(ending.output());
        case -1 -> Result.critical(late(timeout, ending.output()));
        default -> Result.critical(ending.output());
      };
    } catch (IOException e) {
      return Result.critical(Reasons.of(e));
    }
  }

  private static String late(Duration timeout, String output) {
    String seconds =
        timeout.toMillis() % 1_000 == 0 ? timeout.toSeconds() + "s" : timeout.toMillis() + "ms";
    String said = "Timed out (" + seconds + ") running check";
    return output.isEmpty() ? said : said + "\n\n" + output;
  }

  /// @throws IOException if it cannot be started
  Ending end(List<String> args, Duration timeout, int outputBytesMax)
      throws IOException, InterruptedException {
    if (!running.tryAcquire()) {
      throw new IOException(
          "not run: %d scripts of checks are still running on this server".formatted(AT_ONCE_MAX));
    }
    var output = new OutputTail(outputBytesMax);
    Process process;
    boolean hasSession = Files.isExecutable(SETSID);
    try {
      process = start(args, hasSession);
    } catch (IOException e) {
      running.release();
      throw new IOException(Reasons.of(e), e);
    }
    var allRead = new CompletableFuture<Void>();
    Thread.ofPlatform().daemon().name("check output").start(() -> read(process, output, allRead));
    CompletableFuture<Void> ended = CompletableFuture.allOf(process.onExit(), allRead);
    try {
      if (isDone(ended, timeout)) {
        return new Ending(process.exitValue(), output.text());
      }
    } catch (InterruptedException e) {
      kill(process, hasSession); // nobody wants to know any more
      throw e;
    }
    kill(process, hasSession);
    isDone(ended, AFTER_KILL);
    return new Ending(-1, output.text());
  }

  private static boolean isDone(CompletableFuture<Void> ended, Duration time)
      throws InterruptedException {
    try {
      ended.get(time.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot fail", e);
    }
  }

  private static Process start(List<String> args, boolean hasSession) throws IOException {
    List<String> command = new ArrayList<>();
    if (hasSession) {
      command.add(SETSID.toString());
    }
    command.addAll(args);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
        .start();
  }

  private void read(Process process, OutputTail output, CompletableFuture<Void> allRead) {
    try (InputStream in = process.getInputStream()) {
      byte[] bytes = new byte[4096];
      for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
        output.add(bytes, read);
      }
    } catch (IOException e) {
      // killed: what was read until then is what there is
    } finally {
      running.release();
      allRead.complete(null);
    }
  }

  /// The first process leads the session's only group, unless it made others; hence also the
  /// descendants.
  private static void kill(Process process, boolean hasSession)
      throws IOException, InterruptedException {
    List<ProcessHandle> descendants = process.descendants().toList();
    if (hasSession) {
      new ProcessBuilder("/bin/sh", "-c", "kill -s KILL -- -" + process.pid())
          .redirectErrorStream(true)
          .redirectOutput(Redirect.DISCARD)
          .start()
          .waitFor(AFTER_KILL.toNanos(), TimeUnit.NANOSECONDS);
    }
    process.destroyForcibly();
    descendants.forEach(ProcessHandle::destroyForcibly);
  }
}
