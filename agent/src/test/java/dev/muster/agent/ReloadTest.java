package dev.muster.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.agent.config.AgentConfig;
import dev.muster.agent.config.Keys;
import dev.muster.agent.config.Reading;
import dev.muster.agent.config.Settings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A server in this JVM follows the definitions in its files.
@Timeout(60)
class ReloadTest {
  private static final String WEB = "service { name = \"web\" port = 1 check { ttl = \"60s\" } }\n";
  private static final String JOBS =
      "service { name = \"jobs\" checks { id = \"j\" ttl = \"60s\" } }\n";
  private static final String DISK = "check { id = \"disk\" name = \"disk\" ttl = \"60s\" }\n";

  @TempDir Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private Agent agent;

  private Path file() {
    return folder.resolve("web.hcl");
  }

  private Settings settings() {
    var settings = new Settings("host-1");
    Map<String, String> flags =
        Map.of(
            "ports.http",
            "0",
            "ports.server",
            "0",
            "ports.balancer",
            "-1",
            "ports.dns",
            "-1",
            "data_dir",
            folder.resolve("data").toString(),
            "log_level",
            "err");
    flags.forEach(
        (key, value) -> {
          var known = Keys.all().flags().stream().filter(it -> it.name().equals(key)).findFirst();
          settings.addFlag("-x", known.orElseThrow(), value);
        });
    settings.add(file());
    return settings;
  }

  private void start() {
    Settings settings = settings();
    start(settings::read);
  }

  private void start(Supplier<Reading> sources) {
    Logging.configure(new AgentConfig.Log("err", false));
    agent = Agent.start(settings().read(), sources, "0", _ -> {});
  }

  @BeforeEach
  void startWithDefinitions() throws IOException {
    Files.writeString(file(), WEB + JOBS + DISK);
    start();
  }

  @AfterEach
  void close() {
    client.close();
    agent.close();
  }

  private String send(String method, String path, String body) {
    HttpResponse<String> answer = answer(method, path, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }

  private HttpResponse<String> answer(String method, String path, String body) {
    URI uri = URI.create("http://127.0.0.1:" + agent.httpPort() + "/v1/" + path);
    try {
      return client.send(
          HttpRequest.newBuilder(uri).method(method, BodyPublishers.ofString(body)).build(),
          BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private JsonNode get(String path) {
    return JsonMapper.shared().readTree(send("GET", path, ""));
  }

  private List<String> names(String path) {
    return get(path).propertyNames().stream().sorted().toList();
  }

  @Test
  void definitionsComeAndGoAndTheRestStays() throws IOException {
    assertThat(names("agent/services")).containsExactly("jobs", "web");
    assertThat(names("agent/checks")).containsExactly("disk", "j", "service:web");
    send("PUT", "agent/service/register", "{\"Name\":\"api\",\"Check\":{\"TTL\":\"60s\"}}");
    send("PUT", "agent/check/register", "{\"Name\":\"own\",\"ServiceID\":\"web\",\"TTL\":\"60s\"}");
    send("PUT", "agent/check/pass/service:web", "");

    Files.writeString(
        file(),
        "service { name = \"web\" port = 2 check { ttl = \"60s\" } }\n"
            + "service { name = \"new\" }");
    assertThat(agent.reload()).isEmpty();
    assertThat(names("agent/services")).containsExactly("api", "new", "web");
    assertThat(names("agent/checks")).containsExactly("own", "service:api", "service:web");
    assertThat(get("agent/services").at("/web/Port").asInt()).isEqualTo(2);
    assertThat(get("agent/checks").at("/service:web/Status").asString()).isEqualTo("passing");

    Files.writeString(file(), "service { name = \"lost\" prt = 1 }\nnode_nam = \"x\"");
    assertThat(agent.reload())
        .containsExactlyInAnyOrder(
            file() + ":1:25: service \"lost\": unknown field \"prt\"; did you mean \"port\"?",
            file() + ":2:1: there is no key \"node_nam\"; did you mean \"node_name\"?");
    assertThat(names("agent/services")).containsExactly("api", "new", "web");
  }

  @Test
  void aCheckOfNoServiceChangesNothing() throws IOException {
    String headers = "http_config { response_headers { X-New = \"1\" } }\n";
    // A service that vanishes with the same reload is none, either.
    for (String service : List.of("nobody", "jobs")) {
      String check = "check { name = \"c\" service_id = \"%s\" ttl = \"1s\" }".formatted(service);
      Files.writeString(file(), check + headers);
      assertThat(agent.reload())
          .containsExactly(
              "%s:1:1: check \"c\": there is no service \"%s\" on this node"
                  .formatted(file(), service));
      assertThat(answer("GET", "agent/services", "").headers().firstValue("X-New")).isEmpty();
      assertThat(names("agent/services")).containsExactly("jobs", "web");
      assertThat(names("agent/checks")).containsExactly("disk", "j", "service:web");
    }
    send("PUT", "agent/service/register", "{\"Name\":\"api\"}");
    Files.writeString(file(), "check { name = \"c\" service_id = \"api\" ttl = \"1s\" }" + headers);
    assertThat(agent.reload()).isEmpty();
    assertThat(answer("GET", "agent/services", "").headers().firstValue("X-New")).contains("1");
    assertThat(names("agent/checks")).containsExactly("c");
  }

  @Test
  void theApiFollowsByItsOwnEndpoint() throws IOException {
    assertThat(answer("PUT", "kv/a", "x".repeat(600_000)).statusCode()).isEqualTo(413);
    Files.writeString(
        file(),
        """
        http_config {
          response_headers { X-Frame-Options = "DENY" }
          block_endpoints = ["/v1/catalog/"]
        }
        limits { kv_max_value_size = 700000 }
        """);
    send("PUT", "agent/reload", "");
    assertThat(answer("PUT", "kv/a", "x".repeat(600_000)).body()).isEqualTo("true");
    HttpResponse<String> blocked = answer("GET", "catalog/nodes", "");
    assertThat(blocked.statusCode()).isEqualTo(403);
    assertThat(blocked.body()).isEqualTo("Endpoint is blocked by agent configuration");
    assertThat(blocked.headers().firstValue("X-Frame-Options")).contains("DENY");

    Files.writeString(file(), "http_config { allow_write_http_from = [\"10.0.0.0/8\"] }");
    send("PUT", "agent/reload", "");
    assertThat(answer("PUT", "kv/a", "x").statusCode()).isEqualTo(403);
    assertThat(answer("GET", "kv/a?raw", "").body()).hasSize(600_000);
    Files.writeString(file(), "oops");
    assertThat(answer("PUT", "agent/reload", "").statusCode()).isEqualTo(403);
  }

  @Test
  void aBrokenFileIsToldByTheEndpoint() throws IOException {
    Files.writeString(file(), "service {");
    HttpResponse<String> refused = answer("PUT", "agent/reload", "");
    assertThat(refused.statusCode()).isEqualTo(500);
    assertThat(refused.body())
        .isEqualTo(file() + ":1:10: expected } for the { of line 1, found the end");
    assertThat(names("agent/services")).containsExactly("jobs", "web");
  }

  @Test
  void definitionsAreThereAgainAfterARestore() throws Exception {
    Files.writeString(file(), "");
    assertThat(agent.reload()).isEmpty();
    URI snapshot = URI.create("http://127.0.0.1:" + agent.httpPort() + "/v1/snapshot");
    byte[] saved =
        client.send(HttpRequest.newBuilder(snapshot).build(), BodyHandlers.ofByteArray()).body();
    Files.writeString(file(), WEB + JOBS + DISK);
    assertThat(agent.reload()).isEmpty();

    HttpResponse<String> restored =
        client.send(
            HttpRequest.newBuilder(snapshot).PUT(BodyPublishers.ofByteArray(saved)).build(),
            BodyHandlers.ofString());
    assertThat(restored.statusCode()).as(restored.body()).isEqualTo(200);
    String index = "0";
    while (!names("agent/checks").equals(List.of("disk", "j", "service:web"))) {
      index =
          answer("GET", "health/state/any?wait=20s&index=" + index, "")
              .headers()
              .firstValue("X-Consul-Index")
              .orElseThrow();
    }
    assertThat(names("agent/services")).containsExactly("jobs", "web");
  }

  @Test
  void scriptsThatWouldNotRunBeforeTheNextStartAreRefused() throws IOException {
    String script = "{ name = \"s\" args = [\"true\"] interval = \"10s\" }";
    Files.writeString(
        file(),
        "enable_local_script_checks = true\ncheck %s\nservice { name = \"x\" check %s }"
            .formatted(script, script));
    assertThat(agent.reload())
        .hasSize(2)
        .allSatisfy(it -> assertThat(it).endsWith("takes effect at the next start"))
        .anySatisfy(it -> assertThat(it).startsWith(file() + ":2:1: check \"s\": "))
        .anySatisfy(it -> assertThat(it).startsWith(file() + ":3:1: service \"x\": "));
    assertThat(names("agent/services")).containsExactly("jobs", "web");
  }

  @Test
  void aUnixSocketHasTheModeThatIsGiven() throws IOException {
    agent.close();
    Path socket = folder.resolve("api.sock");
    Files.writeString(
        file(),
        "addresses { http = \"127.0.0.1 unix://%s\" }\nunix_sockets { mode = \"0640\" }"
            .formatted(socket));
    start();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
        .isEqualTo("rw-r-----");
  }

  @Test
  void aReadingThatFailsIsAnAnswer() {
    agent.close();
    start(
        () -> {
          throw new IllegalStateException("broken");
        });
    assertThat(agent.reload())
        .singleElement()
        .asString()
        .startsWith("the configuration could not be read: ")
        .endsWith("broken");
  }

  @Test
  void whatVanishedWhileItWasStoppedGoesAtTheNextStart() throws IOException {
    send("PUT", "agent/service/register", "{\"Name\":\"api\"}");
    agent.close();
    Files.writeString(file(), WEB);
    start();
    assertThat(names("agent/services")).containsExactly("api", "web");
    assertThat(names("agent/checks")).containsExactly("service:web");
  }
}
