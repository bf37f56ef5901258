package dev.muster.balancer.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/// Lines wait for the disk, requests do not.
class LogWriterTest {
  private static final int LINE_BYTES = 1 << 16;
  private static final int LINES = 1000;

  @Test
  void whatDoesNotFitIsDroppedAndCounted() throws Exception {
    var isStuck = new CountDownLatch(1);
    var goesOn = new CountDownLatch(1);
    var written = new ByteArrayOutputStream();
    OutputStream slow =
        new OutputStream() {
          @Override
          public void write(int octet) {
            throw new UnsupportedOperationException();
          }

          @Override
          public void write(byte[] octets, int from, int count) throws IOException {
            isStuck.countDown();
            try {
              goesOn.await();
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
            written.write(octets, from, count);
          }
        };
    byte[] line = "x".repeat(LINE_BYTES - 1).concat("\n").getBytes(StandardCharsets.US_ASCII);
    var writer = new LogWriter("slow", () -> slow, 0, Duration.ZERO, System::nanoTime);
    writer.start();
    writer.offer(line);
    isStuck.await();
    for (int i = 1; i < LINES; i++) {
      writer.offer(line);
    }
    goesOn.countDown();
    writer.close();
    assertThat(writer.dropped()).isBetween(LINES / 2L, LINES - 100L);
    assertThat(written.size()).isEqualTo((LINES - (int) writer.dropped()) * LINE_BYTES);
  }

  @Test
  void aBufferIsWrittenWhenItsTimeHasCome() throws Exception {
    var isWritten = new CountDownLatch(1);
    var out =
        new ByteArrayOutputStream() {
          @Override
          public void flush() {
            isWritten.countDown();
          }
        };
    var writer =
        new LogWriter("buffered", () -> out, 1 << 20, Duration.ofMillis(20), System::nanoTime);
    try (writer) {
      writer.start().offer("a\n".getBytes(StandardCharsets.US_ASCII));
      isWritten.await();
      assertThat(out.toString(StandardCharsets.US_ASCII)).isEqualTo("a\n");
    }
  }
}
