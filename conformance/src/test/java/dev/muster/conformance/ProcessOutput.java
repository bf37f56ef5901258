package dev.muster.conformance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/// How a process ended, and all that it printed.
public record ProcessOutput(int exitCode, String text) {
  private static final long ENDS_WITHIN_SECONDS = 120;

  /// Runs a command to its end, both its streams as one.
  public static ProcessOutput of(ProcessBuilder command) throws IOException, InterruptedException {
    Process process = command.redirectErrorStream(true).start();
    process.getOutputStream().close();
    return await(process);
  }

  /// Reads what a process prints till it ends. One that does not is killed.
  public static ProcessOutput await(Process process) throws IOException, InterruptedException {
    process
        .onExit()
        .orTimeout(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS)
        .exceptionally(late -> process.destroyForcibly());
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new ProcessOutput(process.waitFor(), text);
  }
}
