package dev.muster.consul;

import dev.muster.consensus.ConsensusConfig;
import dev.muster.consensus.testing.InMemoryEngine;
import dev.muster.consul.agent.Metrics;
import dev.muster.consul.agent.Surroundings;
import dev.muster.consul.serving.Routes;
import dev.muster.consul.serving.Server;
import dev.muster.health.HealthChecks;
import dev.muster.http.Handler;
import dev.muster.http.HttpConfig;
import dev.muster.http.HttpServer;
import dev.muster.http.Request;
import dev.muster.http.Response;
import dev.muster.registry.Command;
import dev.muster.registry.Registry;
import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.Node;
import dev.muster.registry.catalog.Probe;
import dev.muster.registry.catalog.Service;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A server with Consul's API on a free port, over a registry on an engine in memory, and a client.
final class Consul implements AutoCloseable {
  static final Server SERVER =
      new Server(
          "dev1", "11374252-3e77-a4e3-cac4-2f7145b548e9", "dc1", "127.0.0.1", 8300, "0.1.0", true);

  final InMemoryEngine.Disk disk = new InMemoryEngine.Disk();
  final InMemoryEngine engine = new InMemoryEngine(disk, Integer.MAX_VALUE);
  final Registry registry;

  /// A permit for each request that ended because its client went away.
  final Semaphore interrupted = new Semaphore(0);

  private final HealthChecks health;
  private final ConsulApi api;
  private final HttpServer http;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  Consul() throws IOException {
    this(System::nanoTime);
  }

  /// A server in a program of the test's own.
  Consul(Surroundings surroundings) throws IOException {
    this(System::nanoTime, surroundings);
  }

  /// @param nanoTime the time of checks, sessions and lock-delays
  Consul(LongSupplier nanoTime) throws IOException {
    this(
        nanoTime,
        new Surroundings(
            () -> List.of(new Metrics.Counter("muster.test", Map.of("a", "b"), 7)),
            (_, _) -> Optional.empty(),
            () -> new Surroundings.Host("here", "Linux", "7.0", "arm", 2, 100, 25, "/data", 50, 5),
            List::of,
            () -> false));
  }

  private Consul(LongSupplier nanoTime, Surroundings surroundings) throws IOException {
    registry = Registry.start(engine, ConsensusConfig.defaults());
    registerItself();
    health = HealthChecks.start(registry, nanoTime, new Random(1));
    api =
        new ConsulApi(
            registry,
            health,
            SERVER,
            surroundings,
            InstantSource.fixed(Instant.parse("2026-11-22T22:08:00Z")),
            System::nanoTime,
            new Random(1));
    http = HttpServer.start(HttpConfig.on(new InetSocketAddress("127.0.0.1", 0)), noting(api));
  }

  List<Routes.Served> served() {
    return api.served();
  }

  private Handler noting(ConsulApi api) {
    return new Handler() {
      @Override
      public Response handle(Request request) throws InterruptedException {
        boolean clientIsGone = true;
        try {
          Response response = api.handle(request);
          // A client that left while its read was still being confirmed ends so.
          clientIsGone = Thread.currentThread().isInterrupted();
          return response;
        } finally {
          if (clientIsGone) {
            interrupted.release();
          }
        }
      }

      @Override
      public void closing() {
        api.closing();
      }

      @Override
      public int bodyBytesMax(String method, String path, int usual) {
        return api.bodyBytesMax(method, path, usual);
      }

      @Override
      public Response bodyTooLarge(String path, long bytes, int bytesMax) {
        return api.bodyTooLarge(path, bytes, bytesMax);
      }
    };
  }

  /// As every server does when it starts.
  private void registerItself() {
    Map<String, String> addresses =
        Map.of(
            "lan",
            "127.0.0.1",
            "lan_ipv4",
            "127.0.0.1",
            "wan",
            "127.0.0.1",
            "wan_ipv4",
            "127.0.0.1");
    var node =
        new Node(
            SERVER.nodeName(),
            SERVER.nodeId(),
            SERVER.address(),
            addresses,
            Map.of("consul-network-segment", ""),
            0,
            0);
    var definition =
        new Service.Definition(
            "consul", "", List.of(), "", 8300, Map.of(), Map.of(), Service.Weights.EQUAL, false);
    var check =
        new Check(
            "dev1",
            "serfHealth",
            "",
            "Serf Health Status",
            "",
            Check.Status.PASSING,
            "Agent alive and reachable",
            new Probe.None(),
            0,
            0);
    var service = new Service("dev1", "consul", definition, 0, 0);
    registry.submit(new Command.Register("dev1", node, service, List.of(check), false));
  }

  record Answer(int status, HttpHeaders headers, String body) {
    JsonNode json() {
      return JsonMapper.shared().readTree(body);
    }

    String header(String name) {
      return headers.firstValue(name).orElse("");
    }

    long index() {
      return Long.parseLong(header("X-Consul-Index"));
    }
  }

  int port() {
    return http.address().getPort();
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path));
  }

  Answer send(String method, String path, String body) {
    var publisher = HttpRequest.BodyPublishers.ofString(body);
    return send(request(path).method(method, publisher));
  }

  Answer send(HttpRequest.Builder request) {
    return sendAside(request).join();
  }

  private CompletableFuture<Answer> sendAside(HttpRequest.Builder request) {
    return client
        .sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
        .thenApply(it -> new Answer(it.statusCode(), it.headers(), it.body()));
  }

  Answer get(String path) {
    return send(request(path));
  }

  /// Asks without waiting for the answer.
  CompletableFuture<Answer> getAside(String path) {
    return sendAside(request(path));
  }

  Answer put(String path, String body) {
    return send("PUT", path, body);
  }

  Answer put(String path) {
    return put(path, "");
  }

  Answer delete(String path) {
    return send("DELETE", path, "");
  }

  void stopServing() {
    http.close();
  }

  @Override
  public void close() {
    client.shutdownNow();
    http.close();
    health.close();
    registry.close();
  }
}
