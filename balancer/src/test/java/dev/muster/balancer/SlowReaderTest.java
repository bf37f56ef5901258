package dev.muster.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.balancer.config.ResponseConfig;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// What many clients cost that ask for much and read little.
class SlowReaderTest {
  private static final int READERS = 1000;
  private static final int BODY_BYTES = 100 << 20;
  private static final long HEAP_BYTES_MAX = 64L << 20;
  // Up to 64 KiB wait unsent for each, in buffers of up to twice that.
  private static final long DIRECT_BYTES_MAX = READERS * 256L * 1024;

  @Test
  void slowReadersOfLargeBodiesCostABoundedAmountOfMemory() throws Exception {
    AtomicLong produced = new AtomicLong();
    byte[] piece = new byte[32 * 1024];
    List<Socket> readers = new ArrayList<>();
    try (RawUpstream app =
            new RawUpstream(
                connection -> {
                  connection.socket.setSendBufferSize(32 * 1024);
                  while (connection.readRequest()) {
                    connection.send(
                        "HTTP/1.1 200 OK\r\nContent-Length: " + BODY_BYTES + "\r\n\r\n");
                    for (int left = BODY_BYTES; left > 0; left -= piece.length) {
                      connection.out.write(piece, 0, Math.min(left, piece.length));
                      produced.addAndGet(Math.min(left, piece.length));
                    }
                  }
                });
        Site site = new Site()) {
      site.proxying("/", app, ResponseConfig.defaults()).start();
      long heapBefore = heap();
      long directBefore = direct();
      CountDownLatch begun = new CountDownLatch(READERS);
      for (int i = 0; i < READERS; i++) {
        Socket reader = new Socket();
        readers.add(reader);
        reader.setOption(StandardSocketOptions.SO_RCVBUF, 16 * 1024);
        reader.connect(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), site.balancer.port()));
        Thread.ofVirtual().start(() -> readSlowly(reader, begun));
      }
      assertThat(begun.await(40, TimeUnit.SECONDS)).as("all were answered").isTrue();
      awaitStill(produced);
      long heap = heap() - heapBefore;
      long direct = direct() - directBefore;
      System.out.printf(
          "%d slow readers of %d MiB: heap +%d KiB, direct +%d KiB, %d KiB per reader, sent by the"
              + " instance %d MiB%n",
          READERS,
          BODY_BYTES >> 20,
          heap >> 10,
          direct >> 10,
          (heap + direct) / READERS >> 10,
          produced.get() >> 20);
      assertThat(produced.get()).isLessThan((long) READERS * BODY_BYTES / 10);
      assertThat(direct).isLessThan(DIRECT_BYTES_MAX);
      assertThat(heap).isLessThan(HEAP_BYTES_MAX);
    } finally {
      for (Socket reader : readers) {
        reader.close();
      }
    }
  }

  private static void readSlowly(Socket reader, CountDownLatch begun) {
    try {
      reader
          .getOutputStream()
          .write("GET / HTTP/1.1\r\nHost: test\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      reader.getInputStream().readNBytes(8 * 1024);
      begun.countDown();
    } catch (IOException e) {
      // the test ends, or the count says who is missing
    }
  }

  /// Until nobody takes any more: two looks, a second apart, see the same.
  private static void awaitStill(AtomicLong produced) throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    long last = -1;
    for (int i = 0; i < 30 && last != produced.get(); i++) {
      last = produced.get();
      never.await(1, TimeUnit.SECONDS);
    }
  }

  private static long heap() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static long direct() {
    return PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
  }
}
