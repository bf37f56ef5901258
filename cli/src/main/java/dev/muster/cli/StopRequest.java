package dev.muster.cli;

import java.util.concurrent.CountDownLatch;

/// Turns SIGINT, SIGTERM and SIGHUP into a request to stop, and keeps the process alive until the
/// one who was asked has stopped everything and closed this.
final class StopRequest implements AutoCloseable {
  private final CountDownLatch requested = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);

  private StopRequest() {}

  static StopRequest onSignal() {
    var request = new StopRequest();
    Runtime.getRuntime().addShutdownHook(new Thread(request::stop, "stop"));
    return request;
  }

  private void stop() {
    requested.countDown();
    try {
      done.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Counts down when a stop is asked for.
  CountDownLatch latch() {
    return requested;
  }

  @Override
  public void close() {
    done.countDown();
  }
}
