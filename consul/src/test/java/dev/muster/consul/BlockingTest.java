package dev.muster.consul;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.consul.serving.ReadOptions;
import dev.muster.http.Request;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Reads that wait for a change (consul.md, blocking queries).
@Timeout(30)
class BlockingTest {
  private final Consul consul = new Consul();

  BlockingTest() throws IOException {}

  @AfterEach
  void close() {
    consul.close();
  }

  private CompletableFuture<Consul.Answer> waiting(String path, long index) {
    String separator = path.contains("?") ? "&" : "?";
    return consul.getAside(path + separator + "wait=20s&index=" + index);
  }

  private static boolean isStillWaiting(CompletableFuture<?> answer) throws Exception {
    try {
      answer.get(150, TimeUnit.MILLISECONDS);
      return false;
    } catch (TimeoutException e) {
      return true;
    }
  }

  private void register(String id, String name, int port) {
    String body = "{\"ID\":\"%s\",\"Name\":\"%s\",\"Port\":%d}".formatted(id, name, port);
    assertThat(consul.put("/v1/agent/service/register", body).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/catalog/service/web",
        "/v1/health/service/web",
        "/v1/health/service/web?passing",
        "/v1/health/checks/web",
        "/v1/kv/app/a",
        "/v1/kv/app/?recurse",
        "/v1/kv/app/?keys"
      })
  void wakesOnItsOwnChangeOnly(String path) throws Exception {
    register("web1", "web", 1);
    register("db1", "db", 1);
    consul.put("/v1/kv/app/a", "1");
    consul.put("/v1/kv/other", "1");
    long index = consul.get(path).index();
    assertThat(index).isPositive();
    CompletableFuture<Consul.Answer> answer = waiting(path, index);
    register("db2", "db", 2);
    consul.put("/v1/kv/other", "2");
    consul.put("/v1/kv/app/a", "1");
    register("web1", "web", 1);
    assertThat(isStillWaiting(answer)).isTrue();
    if (path.contains("/kv/")) {
      consul.put("/v1/kv/app/a", "2");
    } else {
      register("web1", "web", 9);
    }
    assertThat(answer.get(10, TimeUnit.SECONDS).index()).isGreaterThan(index);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/catalog/services",
        "/v1/catalog/services?node-meta=consul-network-segment:",
        "/v1/catalog/node/dev1",
        "/v1/health/state/any",
        "/v1/health/node/dev1"
      })
  void wakesOnANewInstance(String path) throws Exception {
    long index = consul.get(path).index();
    CompletableFuture<Consul.Answer> answer = waiting(path, index);
    assertThat(isStillWaiting(answer)).isTrue();
    consul.put("/v1/agent/service/register", "{\"Name\":\"web\",\"Check\":{\"TTL\":\"10s\"}}");
    assertThat(answer.get(10, TimeUnit.SECONDS).index()).isGreaterThan(index);
  }

  @Test
  void wakesOnANewNode() throws Exception {
    CompletableFuture<Consul.Answer> answer =
        waiting("/v1/catalog/nodes", consul.get("/v1/catalog/nodes").index());
    consul.put("/v1/catalog/register", "{\"Node\":\"n2\",\"Address\":\"10.0.0.2\"}");
    assertThat(answer.get(10, TimeUnit.SECONDS).json().size()).isEqualTo(2);
  }

  @Test
  void wakesOnABeatThatChangesTheState() throws Exception {
    consul.put("/v1/agent/service/register", "{\"Name\":\"web\",\"Check\":{\"TTL\":\"20s\"}}");
    String path = "/v1/health/service/web?passing";
    Consul.Answer before = consul.get(path);
    assertThat(before.json().size()).isZero();
    CompletableFuture<Consul.Answer> answer = waiting(path, before.index());
    consul.put("/v1/agent/check/pass/service:web");
    assertThat(answer.get(10, TimeUnit.SECONDS).json().size()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/kv/app/a, 404",
    "/v1/kv/app/?recurse, 404",
    "/v1/kv/app/?keys, 404",
    "/v1/health/service/web, 200",
    "/v1/catalog/service/web, 200"
  })
  void whatIsAbsentStaysSoUntilItAppears(String path, int status) throws Exception {
    Consul.Answer before = consul.get(path);
    assertThat(before.status()).isEqualTo(status);
    assertThat(before.index()).isPositive();
    CompletableFuture<Consul.Answer> answer = waiting(path, before.index());
    register("gone", "gone", 1);
    consul.put("/v1/agent/service/deregister/gone");
    consul.put("/v1/kv/apple", "1");
    consul.delete("/v1/kv/apple");
    assertThat(isStillWaiting(answer)).isTrue();
    register("web1", "web", 1);
    consul.put("/v1/kv/app/a", "1");
    Consul.Answer after = answer.get(10, TimeUnit.SECONDS);
    assertThat(after.status()).isEqualTo(200);
    assertThat(after.json().size()).isEqualTo(1);
    assertThat(after.index()).isGreaterThan(before.index());
  }

  @Test
  void wakesOnDeletion() throws Exception {
    consul.put("/v1/kv/app/a", "1");
    register("web1", "web", 1);
    var key = waiting("/v1/kv/app/a", consul.get("/v1/kv/app/a").index());
    var under = waiting("/v1/kv/app/?recurse", consul.get("/v1/kv/app/?recurse").index());
    var service = waiting("/v1/health/service/web", consul.get("/v1/health/service/web").index());
    assertThat(isStillWaiting(service)).isTrue();
    consul.delete("/v1/kv/app/a");
    consul.put("/v1/agent/service/deregister/web1");
    assertThat(key.get(10, TimeUnit.SECONDS).status()).isEqualTo(404);
    assertThat(under.get(10, TimeUnit.SECONDS).status()).isEqualTo(404);
    assertThat(service.get(10, TimeUnit.SECONDS).body()).isEqualTo("[]\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "index=999999&wait=300ms",
        "index=18446744073709551615&wait=300ms",
        "index=999999&wait=0.3s",
        "index=999999&wait=100ms200ms"
      })
  void anIndexFromTheFutureWaitsUntilTheTimeIsOver(String parameters) {
    consul.put("/v1/kv/a", "1");
    long start = System.nanoTime();
    Consul.Answer answer = consul.get("/v1/kv/a?" + parameters);
    long millis = (System.nanoTime() - start) / 1_000_000;
    assertThat(millis).isBetween(290L, 10_000L);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.index()).isEqualTo(consul.get("/v1/kv/a").index());
  }

  @Test
  void indexZeroAndOldOnesAnswerAtOnce() {
    consul.put("/v1/kv/a", "1");
    assertThat(consul.get("/v1/kv/a?index=0&wait=60s").status()).isEqualTo(200);
    assertThat(consul.get("/v1/kv/a?index=&wait=60s").status()).isEqualTo(200);
    assertThat(consul.get("/v1/kv/a?index=1&wait=60s").status()).isEqualTo(200);
  }

  @Test
  void theIndexIsNeverZeroNotEvenOfAnEmptyTable() {
    assertThat(consul.get("/v1/kv/a").index()).isPositive();
    assertThat(consul.get("/v1/kv/?recurse").index()).isPositive();
    assertThat(consul.get("/v1/kv/?keys").index()).isPositive();
    assertThat(consul.get("/v1/health/service/no").index()).isPositive();
  }

  @Test
  void theWaitIsTenMinutesAtMostAndFiveIfNotGiven() {
    assertThat(options("wait=24h").timeout()).hasMinutes(10);
    assertThat(options("wait=600s").timeout()).hasMinutes(10);
    assertThat(options("wait=55s").timeout()).hasSeconds(55);
    assertThat(options("stale").timeout()).hasMinutes(5);
    assertThat(options("wait=0s").timeout()).hasMinutes(5);
    assertThat(options("wait=-1s").timeout()).hasMinutes(5);
  }

  private static ReadOptions options(String query) {
    String[] parts = query.split("=", 2);
    var values = List.of(parts.length > 1 ? parts[1] : "");
    return ReadOptions.of(
        new Request(
            "GET",
            "/",
            Map.of(parts[0], values),
            Map.of(),
            new byte[0],
            InetAddress.getLoopbackAddress()));
  }

  /// A client that goes away must not leave its wait behind.
  @Test
  void aClientThatGoesAwayFreesItsWait() throws Exception {
    consul.put("/v1/kv/a", "1");
    long index = consul.get("/v1/kv/a").index();
    for (int i = 0; i < 20; i++) {
      try (var socket = new Socket("127.0.0.1", consul.port())) {
        String request = "GET /v1/kv/a?wait=5m&index=" + index + " HTTP/1.1\r\nHost: x\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      }
    }
    assertThat(consul.interrupted.tryAcquire(20, 10, TimeUnit.SECONDS)).isTrue();
  }

  /// Clients take it for the end of their wait, and ask another server next.
  @Test
  void aServerThatClosesAnswersWhatWaits() throws Exception {
    consul.put("/v1/kv/a", "1");
    long index = consul.get("/v1/kv/a").index();
    CompletableFuture<Consul.Answer> answer = waiting("/v1/kv/a?raw", index);
    assertThat(isStillWaiting(answer)).isTrue();
    consul.stopServing();
    assertThat(answer.get(5, TimeUnit.SECONDS).body()).isEqualTo("1");
    assertThat(answer.get().index()).isEqualTo(index);
    assertThat(answer.get().header("Connection")).isEqualTo("close");
  }

  @Test
  void readersGetTheFormOfTheirConsistency() {
    assertThat(consul.get("/v1/catalog/nodes").header("X-Consul-Effective-Consistency"))
        .isEqualTo("leader");
    assertThat(consul.get("/v1/catalog/nodes?stale=").header("X-Consul-Effective-Consistency"))
        .isEqualTo("stale");
    assertThat(
            consul.get("/v1/catalog/nodes?consistent=1").header("X-Consul-Effective-Consistency"))
        .isEqualTo("consistent");
  }

  @Test
  void withoutALeaderOnlyStaleReadsAreAnswered() {
    consul.put("/v1/kv/a", "1");
    consul.engine.demote();
    assertThat(consul.get("/v1/kv/a").status()).isEqualTo(500);
    assertThat(consul.get("/v1/kv/a").body()).isEqualTo("No cluster leader");
    assertThat(consul.get("/v1/kv/a?stale").status()).isEqualTo(200);
    assertThat(consul.put("/v1/kv/a", "2").status()).isEqualTo(500);
  }
}
