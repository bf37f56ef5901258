import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Registers instances over HTTP by many connections, and asks for healthy instances meanwhile.
/// Used by registration.sh: `java Registration.java PORT INSTANCES SERVICES CONNECTIONS`.
final class Registration {
  private static final int READERS = 4;

  /// One connection that is kept, with one request at a time.
  private static final class Connection implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    Connection(int port) throws IOException {
      socket = new Socket("127.0.0.1", port);
      socket.setTcpNoDelay(true);
      in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
    }

    /// Returns the length of the body.
    int send(String method, String path, String body) throws IOException {
      String request =
          "%s %s HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s"
              .formatted(method, path, body.length(), body);
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      int length = 0;
      String status = line();
      for (String header = line(); !header.isEmpty(); header = line()) {
        if (header.regionMatches(true, 0, "content-length:", 0, 15)) {
          length = Integer.parseInt(header.substring(15).strip());
        }
      }
      String answer = new String(in.readNBytes(length), US_ASCII);
      if (!status.contains(" 200 ")) {
        throw new IOException(method + " " + path + ": " + status + " " + answer);
      }
      return length;
    }

    private String line() throws IOException {
      var line = new StringBuilder(64);
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) {
          throw new EOFException("the server closed the connection");
        }
        if (c != '\r') {
          line.append((char) c);
        }
      }
      return line.toString();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  public static void main(String[] arguments) throws Exception {
    int port = Integer.parseInt(arguments[0]);
    int instances = Integer.parseInt(arguments[1]);
    int services = Integer.parseInt(arguments[2]);
    int connections = Integer.parseInt(arguments[3]);
    var next = new AtomicInteger();
    long[] writes = new long[instances];
    long started = System.nanoTime();
    List<Thread> writers = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      writers.add(
          Thread.ofVirtual().start(() -> register(port, instances, services, next, writes)));
    }
    List<Long> reads = new ArrayList<>();
    List<Thread> readers = new ArrayList<>();
    for (int i = 0; i < READERS; i++) {
      int seed = i;
      readers.add(
          Thread.ofVirtual().start(() -> read(port, seed, services, instances, next, reads)));
    }
    for (Thread writer : writers) {
      writer.join();
    }
    double seconds = (System.nanoTime() - started) / 1e9;
    for (Thread reader : readers) {
      reader.join();
    }
    Arrays.sort(writes);
    long[] sorted = reads.stream().mapToLong(Long::longValue).sorted().toArray();
    System.out.printf(
        "%d registrations by %d connections in %.1f s: %.0f per second, p50 %.1f ms, p99 %.1f ms%n",
        instances,
        connections,
        seconds,
        instances / seconds,
        percentile(writes, 50),
        percentile(writes, 99));
    System.out.printf(
        "%d reads of health/service/:name?passing meanwhile: p50 %.1f ms, p99 %.1f ms, max %.1f"
            + " ms%n",
        sorted.length, percentile(sorted, 50), percentile(sorted, 99), percentile(sorted, 100));
  }

  private static void register(
      int port, int instances, int services, AtomicInteger next, long[] took) {
    try (var connection = new Connection(port)) {
      for (int i = next.getAndIncrement(); i < instances; i = next.getAndIncrement()) {
        String body =
            """
            {"Name":"service-%d","ID":"instance-%d","Address":"10.%d.%d.%d","Port":%d,\
            "Tags":["v%d"],"Meta":{"zone":"%c"},"Check":{"TTL":"1h","Status":"passing"}}\
            """
                .formatted(
                    i % services,
                    i,
                    i >> 16,
                    i >> 8 & 255,
                    i & 255,
                    1024 + i % 60_000,
                    i % 3,
                    'a' + i % 3);
        long before = System.nanoTime();
        connection.send("PUT", "/v1/agent/service/register", body);
        took[i] = System.nanoTime() - before;
      }
    } catch (IOException e) {
      System.err.println("a writer ended: " + e.getMessage());
      System.exit(1);
    }
  }

  private static void read(
      int port, int seed, int services, int instances, AtomicInteger next, List<Long> reads) {
    try (var connection = new Connection(port)) {
      List<Long> took = new ArrayList<>();
      for (int i = seed * 257; next.get() < instances; i += 7) {
        long before = System.nanoTime();
        connection.send("GET", "/v1/health/service/service-" + i % services + "?passing", "");
        took.add(System.nanoTime() - before);
      }
      synchronized (reads) {
        reads.addAll(took);
      }
    } catch (IOException e) {
      System.err.println("a reader ended: " + e.getMessage());
      System.exit(1);
    }
  }

  private static double percentile(long[] sorted, int percent) {
    return sorted.length == 0
        ? 0
        : sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)] / 1e6;
  }
}
