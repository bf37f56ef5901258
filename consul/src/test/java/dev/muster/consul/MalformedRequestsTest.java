package dev.muster.consul;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.consensus.ConsensusConfig;
import dev.muster.consensus.testing.InMemoryEngine;
import dev.muster.consul.serving.Routes;
import dev.muster.registry.Registry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.core.JacksonException;

/// Whatever is sent to whichever endpoint: the answer is one that Consul gives, too, it says what
/// is wrong, what was refused changed nothing, and what was taken can be read and kept.
///
/// A failure names its seed: `-Dmalformed.seed=` sends the same requests again, and
/// `-Dmalformed.rounds=` more of them than usual.
@Timeout(120)
class MalformedRequestsTest {
  /// Of each endpoint in a round, and as many again for each of its examples.
  private static final int REQUESTS = 7;

  private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

  /// What nobody outside is to see.
  private static final Pattern INSIDE =
      Pattern.compile(
          "Internal error|Exception|\\tat |dev\\.muster|tools\\.jackson|java\\.lang|StreamRead");

  private static final Pattern MOVING =
      Pattern.compile("(?<=\"version\":2,)\"index\":\\d+,|\"keeper\":-?\\d+");

  /// All that tells of what is stored.
  private static final List<String> READS =
      List.of(
          "/v1/catalog/nodes",
          "/v1/catalog/services",
          "/v1/catalog/service/web",
          "/v1/agent/services",
          "/v1/agent/checks",
          "/v1/agent/members",
          "/v1/health/state/any",
          "/v1/health/service/web",
          "/v1/health/node/dev1",
          "/v1/health/node/n2",
          "/v1/health/node/ext",
          "/v1/internal/ui/services",
          "/v1/catalog/node/ext",
          "/v1/catalog/node/n2",
          "/v1/kv/?recurse",
          "/v1/kv/?keys&separator=/",
          "/v1/session/list",
          "/v1/event/list",
          "/v1/query",
          "/v1/operator/autopilot/configuration",
          "/v1/config/proxy-defaults",
          "/v1/config/service-defaults",
          "/v1/config/service-resolver",
          "/v1/config/service-router",
          "/v1/config/service-splitter",
          "/v1/config/ingress-gateway");

  private final long seed = Long.getLong("malformed.seed", 20_261_123);
  private final int rounds = Integer.getInteger("malformed.rounds", 1);

  /// Time stands still, so that nothing happens by itself.
  private final Consul consul = new Consul(() -> 0L);

  /// Reads what the first one stores, as after a restart.
  private final Registry other =
      Registry.start(
          new InMemoryEngine(new InMemoryEngine.Disk(), Integer.MAX_VALUE),
          ConsensusConfig.defaults());

  private final HttpClient client = HttpClient.newHttpClient();
  private String session = "";
  private String query = "";
  private byte[] archive = {};
  private byte[] base = {};
  private int restores;

  MalformedRequestsTest() throws IOException {}

  @BeforeEach
  void storeSomeOfEverything() throws Exception {
    // One whose check nobody runs: results that arrive by themselves would be changes, too.
    put("/v1/agent/service/register", Examples.json("PUT /v1/agent/service/register").getFirst());
    put("/v1/catalog/register", Examples.json("PUT /v1/catalog/register").getFirst());
    put("/v1/kv/a/b", "value");
    put("/v1/config", "{\"Kind\":\"proxy-defaults\",\"Config\":{\"protocol\":\"http\"}}");
    put("/v1/config", "{\"Kind\":\"service-defaults\",\"Name\":\"web\",\"Protocol\":\"http\"}");
    put("/v1/event/fire/deploy", "now");
    session = put("/v1/session/create", "").json().path("ID").stringValue();
    String body = "{\"Name\":\"q\",\"Service\":{\"Service\":\"web\"}}";
    query = consul.send("POST", "/v1/query", body).json().path("ID").stringValue();
    archive =
        client
            .send(
                HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + consul.port() + "/v1/snapshot"))
                    .build(),
                HttpResponse.BodyHandlers.ofByteArray())
            .body();
    base = saved(consul.registry);
  }

  private Consul.Answer put(String path, String body) {
    Consul.Answer answer = consul.put(path, body);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer;
  }

  @AfterEach
  void close() {
    client.shutdownNow();
    consul.close();
    other.close();
  }

  private static byte[] saved(Registry registry) throws IOException {
    var out = new ByteArrayOutputStream();
    registry.save(registry.view(), out);
    return out.toByteArray();
  }

  /// Without what moves by itself: the last index, and who counts the time of sessions.
  private static List<String> lines(byte[] state) {
    String text = new String(state, StandardCharsets.UTF_8);
    return MOVING.matcher(text).replaceAll("").lines().toList();
  }

  private void restore(Registry registry, byte[] state) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var zip = new GZIPOutputStream(out)) {
      zip.write(state);
    }
    registry.restore("malformed-" + restores++, out.toByteArray());
  }

  private List<Routes.Served> served() {
    return consul.served();
  }

  @Test
  void itIsKnownOfEveryEndpointWhatItTakes() {
    assertThat(served())
        .allSatisfy(
            it -> assertThat(Examples.know(it.method() + " " + it.path())).as(it.path()).isTrue());
  }

  @Test
  void theExamplesAreTaken() throws IOException {
    for (Routes.Served it : served()) {
      for (String body : Examples.json(it.method() + " " + it.path())) {
        if (it.path().endsWith("/keyring") || body.contains("\"Args\"")) {
          continue; // never taken, whatever it says
        }
        String path = Examples.filled(it.path() + Examples.rest(it.path()), session, query);
        Consul.Answer answer =
            consul.send(it.method(), path, Examples.filled(body, session, query));
        assertThat(answer.status()).as(path + body + answer.body()).isEqualTo(200);
        restore(consul.registry, base);
      }
    }
  }

  @Test
  void nothingThatIsMalformedDoesHarm() throws IOException {
    for (int round = 0; round < rounds; round++) {
      for (Routes.Served endpoint : served()) {
        attack(endpoint, seed + round);
      }
    }
  }

  private void attack(Routes.Served endpoint, long roundSeed) throws IOException {
    String name = endpoint.method() + " " + endpoint.path();
    var malice = new Malice(new Random(roundSeed ^ name.hashCode()), session, query);
    int requests = REQUESTS * (1 + Examples.json(name).size());
    byte[] before = saved(consul.registry);
    for (int i = 0; i < requests; i++) {
      Malice.Spoilt request = malice.request(endpoint.method(), endpoint.path(), archive);
      String what =
          "-Dmalformed.seed=%d, %s, number %d:\n%s\n".formatted(roundSeed, name, i, request);
      byte[] after = check(endpoint, request, what, before);
      if (!lines(before).equals(lines(after))) {
        readable(what);
        restore(other, after);
        assertThat(lines(saved(other))).as(what + "kept").isEqualTo(lines(after));
        restore(consul.registry, base);
        before = saved(consul.registry);
      }
    }
  }

  private byte[] check(Routes.Served endpoint, Malice.Spoilt request, String what, byte[] before)
      throws IOException {
    RawExchange.Answer answer;
    try {
      answer = RawExchange.of(consul.port(), request.bytes(), request.isLast());
    } catch (IOException e) {
      throw new IOException(what, e);
    }
    String told = what + answer.head() + "\n" + answer.body();
    if (answer.status() == 0) {
      assertThat(request.mayGoUnanswered()).as(told).isTrue();
    }
    boolean isHead = request.method().equals("HEAD");
    if (answer.status() >= 500 && !isHead) {
      assertThat(Faults.isAllowed(endpoint.path(), answer.status(), answer.body()))
          .as(told)
          .isTrue();
    }
    assertThat(INSIDE.matcher(answer.body()).find()).as(told).isFalse();
    boolean isRefused = answer.status() >= 400;
    if (isRefused && answer.status() != 404 && !isHead) {
      assertThat(answer.body()).as(told).isNotBlank();
    }
    byte[] after = saved(consul.registry);
    if (isRefused || READING.contains(request.method())) {
      assertThat(lines(after)).as(told + "\nthe state").isEqualTo(lines(before));
    }
    return after;
  }

  /// What was taken must not keep anybody from reading it.
  private void readable(String what) {
    for (String path : READS) {
      Consul.Answer answer = consul.get(path);
      if (answer.status() != 404) {
        assertThat(answer.status()).as(what + path + answer.body()).isEqualTo(200);
        try {
          answer.json();
        } catch (JacksonException e) {
          throw new AssertionError(what + path + "\n" + answer.body(), e);
        }
      }
    }
  }
}
