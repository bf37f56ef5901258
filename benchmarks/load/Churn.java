import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// Instances that are killed, drained, added and re-weighed while clients ask for them through the
/// balancer. Used by churn.sh: `java Churn.java API-PORT BALANCER-PORT SECONDS SEED`; it starts
/// itself as `java Churn.java instance` for each instance, which prints its port.
final class Churn {
  private static final int INSTANCES = 4;
  private static final int READERS = 12;
  private static final int WRITERS = 4;

  private final int api;
  private final int balancer;
  private final Random random;
  private final AtomicBoolean isOver = new AtomicBoolean();
  private final AtomicLong reads = new AtomicLong();
  private final AtomicLong writes = new AtomicLong();
  private final AtomicLong repeated = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong changes = new AtomicLong();

  private Churn(int api, int balancer, long seed) {
    this.api = api;
    this.balancer = balancer;
    this.random = new Random(seed);
  }

  public static void main(String... words) throws Exception {
    if (words[0].equals("instance")) {
      serve();
    } else {
      var churn =
          new Churn(
              Integer.parseInt(words[0]), Integer.parseInt(words[1]), Long.parseLong(words[3]));
      System.exit(churn.run(Integer.parseInt(words[2])) ? 0 : 1);
    }
  }

  private static void serve() throws IOException {
    var server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(200, Math.max(2, body.length));
          try (var out = exchange.getResponseBody()) {
            out.write(body.length < 2 ? "ok".getBytes(US_ASCII) : body);
          }
        });
    server.start();
    System.out.println(server.getAddress().getPort());
  }

  /// A process that answers, and what the registry is told of it.
  private record Instance(String id, Process process, int port) {}

  private Instance start(int number) throws IOException {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx48m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                System.getProperty("jdk.launcher.sourcefile", "benchmarks/load/Churn.java"),
                "instance")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    int port = Integer.parseInt(process.inputReader().readLine().strip());
    var instance = new Instance("app-" + number, process, port);
    register(instance, 1);
    return instance;
  }

  private void register(Instance instance, int weight) throws IOException {
    put(
        "/v1/agent/service/register",
        """
        {"Name": "app", "ID": "%s", "Port": %d, "Tags": ["urlprefix-/"],
         "Weights": {"Passing": %d, "Warning": 1},
         "Check": {"TCP": "127.0.0.1:%d", "Interval": "1s", "Timeout": "1s", "Status": "passing"}}
        """
            .formatted(instance.id, instance.port, weight, instance.port));
  }

  private void put(String path, String body) throws IOException {
    try (var connection = new Connection(api)) {
      int status = connection.send("PUT", path, body);
      if (status != 200) {
        throw new IOException("PUT " + path + ": " + status);
      }
    }
  }

  private boolean run(int seconds) throws Exception {
    List<Instance> instances = new ArrayList<>();
    int started = 0;
    while (started < INSTANCES) {
      instances.add(start(started++));
    }
    awaitRoute();
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < READERS; i++) {
      clients.add(Thread.ofVirtual().start(() -> ask("GET", "", reads)));
    }
    for (int i = 0; i < WRITERS; i++) {
      clients.add(Thread.ofVirtual().start(() -> ask("POST", "x".repeat(100), writes)));
    }
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (System.nanoTime() < end) {
      started = change(instances, started);
      changes.incrementAndGet();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200 + random.nextInt(300)));
    }
    isOver.set(true);
    for (Thread client : clients) {
      client.join();
    }
    instances.forEach(instance -> instance.process.destroyForcibly());
    System.out.printf(
        "%d changes, %d reads, %d writes (%d repeated by the client after a 502), %d failed%n",
        changes.get(), reads.get(), writes.get(), repeated.get(), failed.get());
    return failed.get() == 0;
  }

  private void awaitRoute() throws IOException {
    while (true) {
      try (var connection = new Connection(balancer)) {
        if (connection.send("GET", "/", "") == 200) {
          return;
        }
      }
      LockSupport.parkNanos(10_000_000);
    }
  }

  /// One thing that happens to one instance; at least two stay.
  private int change(List<Instance> instances, int started) throws Exception {
    Instance some = instances.get(random.nextInt(instances.size()));
    switch (random.nextInt(4)) {
      case 0 -> {
        if (instances.size() > 2) {
          some.process.destroyForcibly().waitFor();
          put("/v1/agent/service/deregister/" + some.id, "");
          instances.remove(some);
        }
      }
      case 1 -> {
        if (instances.size() > 2) {
          put("/v1/agent/service/maintenance/" + some.id + "?enable=true&reason=churn", "");
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
          some.process.destroy();
          some.process.waitFor();
          put("/v1/agent/service/deregister/" + some.id, "");
          instances.remove(some);
        }
      }
      case 2 -> register(some, 1 + random.nextInt(9));
      default -> {
        if (instances.size() < 2 * INSTANCES) {
          instances.add(start(started));
          return started + 1;
        }
      }
    }
    return started;
  }

  private void ask(String method, String body, AtomicLong done) {
    Connection connection = null;
    while (!isOver.get()) {
      try {
        if (connection == null) {
          connection = new Connection(balancer);
        }
        int status = connection.send(method, "/", body);
        // A write that was on its way to an instance when it was killed is the client's to repeat.
        if (status == 502 && method.equals("POST")) {
          repeated.incrementAndGet();
          status = connection.send(method, "/", body);
        }
        done.incrementAndGet();
        if (status != 200) {
          failed.incrementAndGet();
          System.out.println(method + ": " + status);
        }
      } catch (IOException e) {
        failed.incrementAndGet();
        System.out.println(method + ": " + e);
        connection = null;
      }
    }
  }

  /// One connection that is kept while the other side keeps it.
  private static final class Connection implements AutoCloseable {
    private final int port;
    private Socket socket;
    private InputStream in;

    Connection(int port) throws IOException {
      this.port = port;
      open();
    }

    private void open() throws IOException {
      socket = new Socket("127.0.0.1", port);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(20_000);
      in = new BufferedInputStream(socket.getInputStream());
    }

    /// Returns the status.
    int send(String method, String path, String body) throws IOException {
      String request =
          "%s %s HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s"
              .formatted(method, path, body.length(), body);
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      int length = 0;
      boolean closes = false;
      String status = line();
      for (String header = line(); !header.isEmpty(); header = line()) {
        if (header.regionMatches(true, 0, "content-length:", 0, 15)) {
          length = Integer.parseInt(header.substring(15).strip());
        }
        closes |= header.equalsIgnoreCase("connection: close");
      }
      if (in.readNBytes(length).length < length) {
        throw new EOFException("the body was cut off");
      }
      if (closes) {
        socket.close();
        open();
      }
      return Integer.parseInt(status.substring(9, 12));
    }

    private String line() throws IOException {
      var line = new StringBuilder(64);
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) {
          throw new EOFException("the connection was closed");
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
}
