package dev.muster.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Turns SIGINT and SIGTERM into a request to stop; and SIGHUP, until there is something that
/// [ReloadRequest] could reload.
///
/// The JVM would end with the signal's exit code as soon as its hooks are through. So the hook
/// holds it until [Main], having stopped everything, ends the process with the command's own exit
/// code.
final class StopRequest {
  /// Longer than anything here takes to stop; then the signal has its way.
  private static final long PATIENCE_SECONDS = 120;

  private StopRequest() {}

  /// Runs the action, once, on a thread of its own.
  static void onSignal(Runnable action) {
    try {
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    action.run();
                    awaitTheEnd();
                  },
                  "stop"));
    } catch (IllegalStateException e) {
      Thread.ofPlatform().daemon().start(action); // the signal came first
    }
  }

  private static void awaitTheEnd() {
    try {
      boolean ended = new CountDownLatch(1).await(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (!ended) {
        System.err.println("Not stopped after " + PATIENCE_SECONDS + " s; leaving it.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
