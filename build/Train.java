import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;

/// Trains the AOT cache: starts the program by its own launcher, so that class path and JVM are
/// those of every later start, sends it what a first client sends, and stops it. The JVM writes
/// the cache as it ends. A cache only saves time, so failing here costs one line of output.
class Train {
  private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(20);
  private static final long ENDS_WITHIN_SECONDS = 40;

  /// Returns whether there is a new cache.
  static boolean run(Path launcher, Path cache) throws IOException, InterruptedException {
    Path fresh = cache.resolveSibling("muster.aot.new");
    Path log = cache.resolveSibling("train.log");
    Path data = Files.createTempDirectory("muster-train");
    Files.deleteIfExists(fresh);
    int http = freePort();
    int balancer = freePort();
    var command =
        new ProcessBuilder(
            launcher.toString(),
            "agent",
            "-dev",
            "-client=127.0.0.1",
            "-bind=127.0.0.1",
            "-http-port=" + http,
            "-dns-port=-1",
            "-server-port=" + freePort(),
            "-balancer-port=" + balancer);
    command.environment().put("MUSTER_NO_BUILD", "1");
    command.environment().put("MUSTER_JAVA_OPTS", "-XX:AOTCacheOutput=" + fresh);
    command.directory(data.toFile()).redirectErrorStream(true).redirectOutput(log.toFile());
    Process program = command.start();
    String failure;
    try {
      failure = exercise(program, http, balancer);
    } finally {
      program.destroy();
      if (!program.waitFor(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS)) {
        program.destroyForcibly().waitFor();
      }
      delete(data);
    }
    if (failure.isEmpty() && !Files.exists(fresh)) {
      failure = "the JVM wrote no cache";
    }
    if (!failure.isEmpty()) {
      Files.deleteIfExists(fresh);
      System.out.println(
          "[WARNING] no AOT cache, so starts are slower: " + failure + " (" + log + ")");
      return false;
    }
    Files.move(fresh, cache, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return true;
  }

  /// What went wrong, or nothing.
  private static String exercise(Process program, int http, int balancer)
      throws IOException, InterruptedException {
    String api = "http://127.0.0.1:" + http + "/v1/";
    long deadline = System.nanoTime() + ANSWERS_WITHIN.toNanos();
    while (!send("GET", api + "status/leader", "").contains(":")) {
      if (!program.isAlive()) {
        return "the program ended with exit code " + program.exitValue();
      }
      if (System.nanoTime() - deadline > 0) {
        return "the program had no leader after " + ANSWERS_WITHIN.toSeconds() + " s";
      }
      Thread.sleep(50);
    }
    var service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    service.createContext("/", exchange -> exchange.sendResponseHeaders(204, -1));
    service.start();
    try {
      String check = "http://127.0.0.1:" + service.getAddress().getPort() + "/";
      send(
          "PUT",
          api + "agent/service/register",
          """
          {"Name": "trainee", "Address": "127.0.0.1", "Port": %d,
           "Check": {"HTTP": "%s", "Interval": "1s", "Status": "passing"}}
          """
              .formatted(service.getAddress().getPort(), check));
      send("PUT", api + "kv/trainee/key", "value");
      for (int round = 0; round < 3; round++) {
        send("GET", api + "catalog/services", "");
        send("GET", api + "catalog/service/trainee", "");
        send("GET", api + "health/service/trainee?passing", "");
        send("GET", api + "agent/services", "");
        send("GET", api + "kv/trainee/key", "");
        send("GET", "http://127.0.0.1:" + balancer + "/trainee/", "");
      }
      send("PUT", api + "agent/service/deregister/trainee", "");
    } finally {
      service.stop(0);
    }
    return "";
  }

  private static String send(String method, String url, String body) throws InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(url))
            .timeout(Duration.ofSeconds(3))
            .method(method, BodyPublishers.ofString(body))
            .build();
    try (var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      return client.send(request, BodyHandlers.ofString()).body();
    } catch (IOException refused) {
      return "";
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
