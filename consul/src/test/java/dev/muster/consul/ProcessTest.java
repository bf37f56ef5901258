package dev.muster.consul;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.consul.agent.LogLines;
import dev.muster.consul.agent.Metrics;
import dev.muster.consul.agent.Surroundings;
import dev.muster.registry.Command;
import dev.muster.registry.catalog.Node;
import dev.muster.registry.catalog.Service;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What requests ask of the program that the API runs in, and the health of its instances.
class ProcessTest implements LogLines {
  private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(10);
  private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
  private final CountDownLatch unfollowed = new CountDownLatch(1);
  private final AtomicInteger left = new AtomicInteger();
  private volatile List<String> problems = List.of();
  private final Consul consul =
      new Consul(
          new Surroundings(
              new Metrics() {
                @Override
                public List<Counter> counters() {
                  return List.of(
                      new Counter("muster.a-b", Map.of("to.x", "q\"\\\nz", "b", "1"), 7),
                      new Counter("muster.a-b", Map.of("b", "2"), 8));
                }

                @Override
                public List<Gauge> gauges() {
                  return List.of(new Gauge("muster.load", Map.of(), 0.25));
                }
              },
              this,
              () ->
                  new Surroundings.Host("here", "Linux", "7.0", "arm", 2, 100, 25, "/data", 50, 5),
              () -> problems,
              () -> left.incrementAndGet() > 0));

  ProcessTest() throws IOException {}

  @AfterEach
  void close() {
    consul.close();
  }

  @Override
  public Optional<Following> follow(Severity level, boolean asJson) {
    asked.add(level + " " + asJson);
    return Optional.of(
        new Following() {
          @Override
          public String next() throws InterruptedException {
            return lines.take();
          }

          @Override
          public void close() {
            unfollowed.countDown();
          }
        });
  }

  @Test
  void theLogIsFollowedUntilTheClientGoesAway() throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri =
          URI.create(
              "http://127.0.0.1:" + consul.port() + "/v1/agent/monitor?loglevel=debug&logjson");
      HttpResponse<java.io.InputStream> answer =
          client.send(
              HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofInputStream());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(asked.take()).isEqualTo("DEBUG true");
      var reader = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
      lines.add("first\n");
      assertThat(reader.readLine()).isEqualTo("first");
      lines.add("second\n");
      assertThat(reader.readLine()).isEqualTo("second");
      client.shutdownNow();
    }
    assertThat(unfollowed.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aReloadTellsItsProblems() {
    assertThat(consul.put("/v1/agent/reload").status()).isEqualTo(200);
    problems = List.of("a.json:1: no", "b.json:2: no");
    Consul.Answer refused = consul.put("/v1/agent/reload");
    assertThat(refused.status()).isEqualTo(500);
    assertThat(refused.body()).isEqualTo("a.json:1: no\nb.json:2: no");
  }

  @Test
  void aServerLeavesWhenAsked() {
    assertThat(consul.put("/v1/agent/leave").status()).isEqualTo(200);
    assertThat(left).hasValue(1);
  }

  @Test
  void serversAreJoinedByTheirConfiguration() {
    String own = consul.registry.standing().serverAddresses().getFirst();
    assertThat(consul.put("/v1/agent/join/" + own).status()).isEqualTo(200);
    Consul.Answer refused = consul.put("/v1/agent/join/10.0.0.1");
    assertThat(refused.status()).isEqualTo(500);
    assertThat(refused.body())
        .startsWith("1 error occurred:\n\t* Failed to join 10.0.0.1: ")
        .contains(own);
  }

  @Test
  void whoeverAsksToJoinLearnsNothingOfTheNetwork() throws IOException {
    String path;
    String whileOpen;
    try (var open = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      path = "/v1/agent/join/127.0.0.1:" + open.getLocalPort();
      whileOpen = consul.put(path).body();
    }
    assertThat(consul.put(path).body()).isEqualTo(whileOpen);
  }

  @Test
  void aServerThatIsGoneIsForcedOut() {
    var gone = new Node("gone", "", "10.0.0.7", Map.of(), Map.of(), 0, 0);
    var definition =
        new Service.Definition(
            "consul", "", List.of(), "", 8300, Map.of(), Map.of(), Service.Weights.EQUAL, false);
    var service = new Service("gone", "consul", definition, 0, 0);
    consul.registry.submit(new Command.Register("gone", gone, service, List.of(), false));
    assertThat(members("")).containsExactly("dev1", "gone");
    assertThat(members("?wan=1")).containsExactly("dev1.dc1", "gone.dc1");
    assertThat(consul.put("/v1/agent/force-leave/gone?prune").status()).isEqualTo(200);
    assertThat(consul.put("/v1/agent/force-leave/dev1").status()).isEqualTo(200);
    assertThat(members("?segment=_all")).containsExactly("dev1");
    assertThat(consul.put("/v1/agent/force-leave/gone").body())
        .isEqualTo("agent: No node found with name 'gone'");
  }

  private List<String> members(String query) {
    return consul
        .get("/v1/agent/members" + query)
        .json()
        .valueStream()
        .map(member -> member.path("Name").asString())
        .toList();
  }

  @Test
  void versionAndMachineAreTold() {
    JsonNode version = consul.get("/v1/agent/version").json();
    assertThat(version.propertyNames()).containsExactly("SHA", "BuildDate", "HumanVersion", "FIPS");
    JsonNode host = consul.get("/v1/agent/host").json();
    assertThat(host.at("/Memory/usedPercent").asDouble()).isEqualTo(75);
    assertThat(host.at("/Disk/used").asInt()).isEqualTo(45);
    assertThat(host.path("CPU").size()).isEqualTo(2);
    assertThat(host.at("/Host/hostname").asString()).isEqualTo("here");
  }

  @Test
  void selfHasTheMembersThatClientsCount() {
    assertThat(consul.get("/v1/agent/self").json().propertyNames())
        .containsExactlyInAnyOrder(
            "Config", "Coord", "DebugConfig", "Member", "Meta", "Stats", "xDS");
  }

  @Test
  void numbersAreToldInPrometheusForm() {
    Consul.Answer answer = consul.get("/v1/agent/metrics?format=prometheus");
    assertThat(answer.header("Content-Type")).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
    assertThat(answer.body())
        .contains(
            """
            # TYPE muster_a_b counter
            muster_a_b{b="1",to_x="q\\"\\\\\\nz"} 7
            muster_a_b{b="2"} 8
            # TYPE muster_load gauge
            muster_load 0.25
            """)
        .contains("# TYPE consul_server_isLeader gauge\nconsul_server_isLeader 1\n")
        .contains("consul_state_service_instances 1\n")
        .endsWith("\n");
    assertThat(consul.get("/v1/agent/metrics").json().path("Gauges").size()).isEqualTo(8);
  }

  @Test
  void healthOfAnInstanceIsAStatus() {
    consul.put(
        "/v1/agent/service/register",
        "{\"Name\":\"web\",\"Checks\":[{\"CheckID\":\"a\",\"TTL\":\"1h\",\"Status\":\"passing\"},"
            + "{\"CheckID\":\"b\",\"TTL\":\"1h\",\"Status\":\"passing\"}]}");
    consul.put("/v1/agent/service/register", "{\"Name\":\"web\",\"ID\":\"other\"}");
    assertHealth(200, "passing", 2);
    consul.put("/v1/agent/check/warn/a");
    assertHealth(429, "warning", 2);
    consul.put("/v1/agent/check/fail/b");
    assertHealth(503, "critical", 2);
    consul.put("/v1/agent/service/maintenance/web?enable=true");
    assertHealth(503, "maintenance", 3);
    assertThat(consul.get("/v1/agent/health/service/id/other").status()).isEqualTo(200);
    consul.put("/v1/agent/maintenance?enable=true");
    assertThat(consul.get("/v1/agent/health/service/id/other").status()).isEqualTo(503);
  }

  private void assertHealth(int status, String word, int checks) {
    for (String path : List.of("id/web", "name/web")) {
      Consul.Answer answer = consul.get("/v1/agent/health/service/" + path);
      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.header("X-Consul-Reason")).isEqualTo(word);
    }
    JsonNode one = consul.get("/v1/agent/health/service/id/web").json();
    assertThat(one.path("AggregatedStatus").asString()).isEqualTo(word);
    assertThat(one.path("Checks").size()).isEqualTo(checks);
    Consul.Answer text =
        consul.send(
            consul.request("/v1/agent/health/service/name/web").header("Accept", "text/plain"));
    assertThat(text.body()).isEqualTo(word);
    assertThat(text.status()).isEqualTo(status);
  }

  @Test
  void aServiceIsAwaitedByTheHashOfWhatIsKnown() throws Exception {
    consul.put("/v1/agent/service/register", "{\"Name\":\"web\",\"Port\":1}");
    String hash = consul.get("/v1/agent/service/web").header("X-Consul-ContentHash");
    assertThat(consul.get("/v1/agent/service/web?hash=" + hash + "&wait=1ms").json())
        .isEqualTo(consul.get("/v1/agent/service/web?hash=other&wait=10m").json());
    CompletableFuture<Consul.Answer> waiting =
        consul.getAside("/v1/agent/service/web?hash=" + hash + "&wait=10m");
    consul.put("/v1/agent/service/register", "{\"Name\":\"unrelated\"}");
    consul.put("/v1/agent/service/register", "{\"Name\":\"web\",\"Port\":2}");
    Consul.Answer changed = waiting.get(10, TimeUnit.SECONDS);
    assertThat(changed.json().path("Port").asInt()).isEqualTo(2);
    assertThat(changed.header("X-Consul-ContentHash")).isNotEqualTo(hash);
    String newHash = changed.header("X-Consul-ContentHash");
    CompletableFuture<Consul.Answer> removed =
        consul.getAside("/v1/agent/service/web?hash=" + newHash + "&wait=10m");
    consul.put("/v1/agent/service/deregister/web");
    assertThat(removed.get(10, TimeUnit.SECONDS).status()).isEqualTo(404);
  }
}
