package dev.muster.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/// Work that goes on until it is asked to stop.
class StoppableTest {
  private final CountDownLatch begun = new CountDownLatch(1);

  private static Terminal terminal(StopRequests stopRequests) {
    PrintStream nowhere = new PrintStream(PrintStream.nullOutputStream());
    return new Terminal(
        "muster", InputStream.nullInputStream(), nowhere, nowhere, Map.of(), stopRequests);
  }

  @Test
  void whoSeesThatItHasBegunCanStopIt() {
    var seen = new AtomicBoolean();
    StopRequests late =
        action -> {
          try {
            seen.set(begun.await(50, TimeUnit.MILLISECONDS));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          Thread.ofPlatform().start(action);
        };
    int code =
        Stoppable.run(
            terminal(late),
            7,
            () -> {
              begun.countDown();
              new CountDownLatch(1).await();
              return 0;
            });
    assertThat(code).isEqualTo(7);
    assertThat(seen).as("it began before it could be stopped").isFalse();
  }
}
