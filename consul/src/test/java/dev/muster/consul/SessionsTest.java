package dev.muster.consul;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Sessions and locks as clients see them, in a time that the test makes pass.
@Timeout(30)
class SessionsTest {
  private static final String ABSENT = "11111111-2222-3333-4444-555555555555";

  private final AtomicLong clock = new AtomicLong();
  private final Consul consul = new Consul(clock::get);

  SessionsTest() throws IOException {}

  @AfterEach
  void close() {
    consul.close();
  }

  private String create(String body) {
    Consul.Answer answer = consul.put("/v1/session/create", body);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json().path("ID").stringValue();
  }

  private JsonNode info(String id) {
    return consul.get("/v1/session/info/" + id).json().path(0);
  }

  private JsonNode key(String path) {
    return consul.get("/v1/kv/" + path).json().path(0);
  }

  private boolean put(String path) {
    Consul.Answer answer = consul.put("/v1/kv/" + path, "body");
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json().booleanValue();
  }

  private void pass(Duration time) {
    clock.addAndGet(time.toNanos());
  }

  private CompletableFuture<Consul.Answer> waiting(String path) {
    Consul.Answer now = consul.get(path);
    String separator = path.contains("?") ? "&" : "?";
    return consul.getAside(path + separator + "wait=20s&index=" + now.index());
  }

  private static boolean isStillWaiting(CompletableFuture<?> answer) throws Exception {
    try {
      answer.get(300, TimeUnit.MILLISECONDS);
      return false;
    } catch (TimeoutException e) {
      return true;
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"lockdelay\":\"0.001s\"}|1000000",
        "{\"LockDelay\":\"5s\"}|5000000000",
        "{\"lock_delay\":\"1m30s\"}|90000000000",
        "{\"LockDelay\":5}|5000000000",
        "{\"LockDelay\":15000000000}|15000000000",
        "{\"LockDelay\":0}|0",
        "{\"LockDelay\":\"0s\"}|0",
        "{}|15000000000"
      })
  void lockDelaysAreReadAsConsulReadsThem(String body, long nanos) {
    assertThat(info(create(body)).path("LockDelay").longValue()).isEqualTo(nanos);
  }

  @Test
  void aSessionIsToldAsItWasMade() {
    consul.put(
        "/v1/agent/service/register",
        "{\"Name\":\"web\",\"Check\":{\"TTL\":\"60s\",\"Status\":\"passing\"}}");
    String id =
        create(
            """
            {"name":"x","ttl":"15.0s","behavior":"delete","NodeChecks":["serfHealth"],
             "ServiceChecks":[{"ID":"service:web"}]}
            """);
    JsonNode info = info(id);
    assertThat(info.propertyNames())
        .containsExactly(
            "ID",
            "Name",
            "Node",
            "LockDelay",
            "Behavior",
            "TTL",
            "NodeChecks",
            "ServiceChecks",
            "CreateIndex",
            "ModifyIndex");
    assertThat(info.path("TTL").stringValue()).isEqualTo("15.0s");
    assertThat(info.path("NodeChecks").toString()).isEqualTo("[\"serfHealth\"]");
    assertThat(info.path("ServiceChecks").toString())
        .isEqualTo("[{\"ID\":\"service:web\",\"Namespace\":\"\"}]");
    assertThat(info(create("{\"Checks\":[]}")).path("NodeChecks").toString()).isEqualTo("[]");
    assertThat(info(create("{\"TTL\":\"0s\"}")).path("TTL").stringValue()).isEmpty();
    assertThat(info(id.toUpperCase(Locale.ROOT)).path("ID").stringValue()).isEqualTo(id);
  }

  @Test
  void anUnrenewedSessionEndsAtTwiceItsTtlAndWakesWhoWaitsForItsKey() throws Exception {
    String id = create("{\"TTL\":\"10s\",\"LockDelay\":\"0s\"}");
    assertThat(put("lock?acquire=" + id)).isTrue();
    CompletableFuture<Consul.Answer> waiting = waiting("/v1/kv/lock");
    pass(Duration.ofSeconds(20).minusNanos(1));
    assertThat(isStillWaiting(waiting)).isTrue();
    pass(Duration.ofNanos(1));
    assertThat(waiting.get().json().path(0).has("Session")).isFalse();
    assertThat(info(id).isMissingNode()).isTrue();
    Consul.Answer renewal = consul.put("/v1/session/renew/" + id);
    assertThat(renewal.status()).isEqualTo(404);
    assertThat(renewal.body()).isEqualTo("Session id '" + id + "' not found");
  }

  @Test
  void renewalsKeepASession() throws Exception {
    String id = create("{\"TTL\":\"10s\"}");
    CompletableFuture<Consul.Answer> waiting = waiting("/v1/session/info/" + id);
    for (int i = 0; i < 5; i++) {
      pass(Duration.ofSeconds(19));
      Consul.Answer renewal = consul.put("/v1/session/renew/" + id);
      assertThat(renewal.json().path(0).path("ID").stringValue()).isEqualTo(id);
    }
    assertThat(isStillWaiting(waiting)).isTrue();
    pass(Duration.ofSeconds(20));
    assertThat(waiting.get().body()).isEqualTo("[]\n");
  }

  @Test
  void aLockIsHandedOverAfterItsDelay() {
    String holder = create("{\"LockDelay\":\"5s\"}");
    String next = create("");
    assertThat(put("lock?acquire=" + holder)).isTrue();
    consul.put("/v1/session/destroy/" + holder);
    assertThat(put("lock?acquire=" + next)).isFalse();
    pass(Duration.ofSeconds(5).minusNanos(1));
    assertThat(put("lock?acquire=" + next)).isFalse();
    pass(Duration.ofNanos(1));
    assertThat(put("lock?acquire=" + next)).isTrue();
    assertThat(key("lock").path("LockIndex").intValue()).as("fencing token").isEqualTo(2);
    assertThat(key("lock").path("Session").stringValue()).isEqualTo(next);
  }

  @Test
  void aKeyOfADeletingSessionGoesWithIt() throws Exception {
    String id = create("{\"Behavior\":\"delete\"}");
    put("members/a?acquire=" + id);
    CompletableFuture<Consul.Answer> waiting = waiting("/v1/kv/members/?recurse");
    consul.put("/v1/session/destroy/" + id);
    assertThat(waiting.get().status()).isEqualTo(404);
  }

  @Test
  void aCriticalCheckEndsItsSessions() throws Exception {
    consul.put(
        "/v1/agent/service/register",
        "{\"Name\":\"db\",\"Check\":{\"TTL\":\"60s\",\"Status\":\"passing\"}}");
    String id = create("{\"Checks\":[\"serfHealth\",\"service:db\"]}");
    String other = create("");
    put("leader?acquire=" + id);
    CompletableFuture<Consul.Answer> waiting = waiting("/v1/session/info/" + id);
    consul.put("/v1/agent/check/warn/service:db");
    assertThat(isStillWaiting(waiting)).isTrue();
    consul.put("/v1/agent/check/fail/service:db");
    assertThat(waiting.get().body()).isEqualTo("[]\n");
    assertThat(key("leader").has("Session")).isFalse();
    assertThat(info(other).path("ID").stringValue()).isEqualTo(other);
  }

  @Test
  void aReaderOfASessionWakesForItAlone() throws Exception {
    String id = create("");
    CompletableFuture<Consul.Answer> one = waiting("/v1/session/info/" + id);
    CompletableFuture<Consul.Answer> list = waiting("/v1/session/list");
    CompletableFuture<Consul.Answer> node = waiting("/v1/session/node/dev1");
    String other = create("");
    assertThat(list.get().json().size()).isEqualTo(2);
    assertThat(node.get().json().path(1).path("ID").stringValue()).isEqualTo(other);
    assertThat(isStillWaiting(one)).isTrue();
    long before = consul.get("/v1/session/info/" + id).index();
    consul.put("/v1/session/destroy/" + id);
    assertThat(one.get().index()).isGreaterThan(before);
  }

  /// A request that arrives only after the change is answered by it, so there are several tries.
  @Test
  void aReaderOfAnAbsentSessionWaitsForItAlone() throws Exception {
    boolean waits = false;
    for (int tries = 0; tries < 20 && !waits; tries++) {
      CompletableFuture<Consul.Answer> absent = waiting("/v1/session/info/" + ABSENT);
      create("");
      waits = isStillWaiting(absent);
    }
    assertThat(waits).isTrue();
  }

  /// A database cluster that elects its leader, as its agents ask.
  @Test
  void patroni() {
    String body =
        "{\"name\":\"%s\",\"checks\":[],\"lockdelay\":\"0.001s\",\"behavior\":\"delete\","
            + "\"ttl\":\"15.0s\"}";
    String a = create(body.formatted("service/demo-a"));
    String b = create(body.formatted("service/demo-b"));
    assertThat(put("service/demo/members/a?acquire=" + a)).isTrue();
    assertThat(put("service/demo/members/b?acquire=" + b)).isTrue();
    assertThat(put("service/demo/initialize?cas=0")).isTrue();
    assertThat(put("service/demo/initialize?cas=0")).isFalse();
    assertThat(put("service/demo/leader?acquire=" + a)).isTrue();
    assertThat(put("service/demo/leader?acquire=" + b)).isFalse();
    assertThat(consul.get("/v1/kv/service/demo/?recurse=1&consistent=1").json().size())
        .isEqualTo(4);
    pass(Duration.ofSeconds(16));
    assertThat(consul.put("/v1/session/renew/" + b).status()).isEqualTo(200);
    Consul.Answer leader = consul.get("/v1/kv/service/demo/leader");
    CompletableFuture<Consul.Answer> gone =
        consul.getAside("/v1/kv/service/demo/leader?wait=10s&index=" + leader.index());
    pass(Duration.ofSeconds(14));
    assertThat(gone.join().status()).isEqualTo(404);
    Consul.Answer lost = consul.put("/v1/kv/service/demo/leader?acquire=" + a, "a");
    assertThat(lost.status()).isEqualTo(500);
    assertThat(lost.body()).isEqualTo("invalid session \"" + a + "\"");
    assertThat(consul.put("/v1/session/renew/" + a).status()).isEqualTo(404);
    pass(Duration.ofMillis(1));
    assertThat(put("service/demo/leader?acquire=" + b)).isTrue();
    long index = key("service/demo/leader").path("ModifyIndex").longValue();
    assertThat(consul.delete("/v1/kv/service/demo/leader?cas=" + index).body()).isEqualTo("true\n");
    Consul.Answer tooShort = consul.put("/v1/session/create", "{\"ttl\":\"5.0s\"}");
    assertThat(tooShort.body()).startsWith("Invalid Session TTL");
    assertThat(consul.get("/v1/agent/self").json().path("Config").path("SessionTTLMin").longValue())
        .isEqualTo(Duration.ofSeconds(10).toNanos());
  }

  /// A state that is locked, written and unlocked, as the tool asks.
  @Test
  void terraform() {
    String session = create("{\"Name\":\"Consul API Lock\",\"TTL\":\"15s\",\"LockDelay\":\"5s\"}");
    Consul.Answer absent = consul.get("/v1/kv/tf/state/.lock?wait=1000ms&index=0");
    assertThat(absent.status()).isEqualTo(404);
    assertThat(absent.index()).isPositive();
    String lock = "tf/state/.lock?acquire=" + session + "&flags=3304740253564472344";
    assertThat(put(lock)).isTrue();
    assertThat(key("tf/state/.lock").path("Flags").bigIntegerValue())
        .hasToString("3304740253564472344");
    assertThat(put("tf/state/.lockinfo")).isTrue();
    String set =
        "[{\"KV\":{\"Verb\":\"%s\",\"Key\":\"tf/state\",\"Value\":\"e30=\",\"Index\":%d}}]";
    Consul.Answer written = consul.put("/v1/txn", set.formatted("set", 0));
    long index = result(written, 0).path("KV").path("ModifyIndex").longValue();
    assertThat(index).isEqualTo(key("tf/state").path("ModifyIndex").longValue());
    assertThat(consul.put("/v1/txn", set.formatted("cas", index)).status()).isEqualTo(200);
    assertThat(consul.put("/v1/txn", set.formatted("cas", 1)).status()).isEqualTo(409);
    Consul.Answer large =
        consul.put("/v1/txn", set.formatted("set", 0).replace("e30=", "A".repeat(600_000)));
    assertThat(large.status()).isEqualTo(413);
    assertThat(large.body()).contains("too large");
    assertThat(put("tf/state/.lock?release=" + session + "&flags=3304740253564472344")).isTrue();
    assertThat(consul.delete("/v1/kv/tf/state/.lockinfo").body()).isEqualTo("true\n");
    assertThat(consul.put("/v1/session/destroy/" + session).body()).isEqualTo("true\n");
    String next = create("{\"TTL\":\"15s\"}");
    assertThat(put("tf/state/.lock?acquire=" + next)).as("unlocked, so no delay").isTrue();
  }

  private static JsonNode result(Consul.Answer answer, int position) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json().path("Results").path(position);
  }

  @Test
  void aTransactionGuardedByALockFailsWithoutIt() {
    String id = create("");
    put("lock?acquire=" + id);
    String guarded =
        """
        [{"KV":{"Verb":"check-session","Key":"lock","Session":"%s"}},
         {"KV":{"Verb":"set","Key":"guarded","Value":"eA==","Flags":18446744073709551615}}]
        """
            .formatted(id);
    Consul.Answer done = consul.put("/v1/txn", guarded);
    assertThat(result(done, 0).path("KV").path("Session").stringValue()).isEqualTo(id);
    assertThat(result(done, 1).path("KV").path("Flags").bigIntegerValue())
        .hasToString("18446744073709551615");
    String destroy = "[{\"Session\":{\"Verb\":\"delete\",\"Session\":{\"ID\":\"%s\"}}}]";
    assertThat(consul.put("/v1/txn", destroy.formatted(id)).json().path("Results").size()).isZero();
    Consul.Answer failed = consul.put("/v1/txn", guarded);
    assertThat(failed.status()).isEqualTo(409);
    assertThat(failed.body()).contains("failed session check for key \\\"lock\\\"");
    assertThat(failed.header("Content-Type")).isEqualTo("application/json");
  }

  @Test
  void whatMakesNoSenseIsToldWithAllElse() {
    Consul.Answer answer =
        consul.put(
            "/v1/txn",
            """
            [{"KV":{"Verb":"frob","Key":"a"}},{"KV":{"Verb":"set"}},{"Node":{"Verb":"x"}},
             {"Node":{"Verb":"delete","Node":{"Node":"dev1"}}},{},
             {"Service":{"Verb":"set","Node":"nope","Service":{"Service":"s"}}},
             {"Service":{"Verb":"set","Node":"dev1","Service":{"Port":1}}},
             {"Check":{"Verb":"set","Check":{"Node":"dev1","CheckID":"c","Status":"meh"}}},
             {"Session":{"Verb":"renew","Session":{"ID":"zz"}}},
             {"Session":{"Verb":"delete","Session":{"ID":"zz"}}},
             {"KV":{"Verb":"set","Key":"b","Value":null},"Node":{"Verb":"get"}},
             {"KV":{"Verb":"set","Key":"never"}}]
            """);
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.json().path("Errors").findValuesAsString("What"))
        .containsExactly(
            "unknown KV verb \"frob\"",
            "Must provide key",
            "unknown Node verb \"x\"",
            "Node \"dev1\" is this server: deregister its services instead",
            "no operation specified",
            "Missing node registration",
            "Must provide service name (Service.Service)",
            "Invalid check status: 'meh'",
            "unknown Session verb \"renew\"",
            "failed session lookup: index error: UUID must be 36 characters",
            "more than one operation specified");
    assertThat(consul.get("/v1/kv/never").status()).isEqualTo(404);
  }

  @Test
  void aTransactionThatReadsWritesNothingEvenWithoutALeader() {
    put("a");
    int written = consul.disk.size();
    String get = "[{\"KV\":{\"Verb\":\"get-or-empty\",\"Key\":\"%s\"}}]";
    Consul.Answer read = consul.put("/v1/txn?consistent", get.formatted("a"));
    assertThat(result(read, 0).path("KV").path("Value").stringValue()).isEqualTo("Ym9keQ==");
    assertThat(read.json().path("KnownLeader").booleanValue()).isTrue();
    JsonNode empty = result(consul.put("/v1/txn", get.formatted("no")), 0).path("KV");
    assertThat(empty.path("Value").isNull()).isTrue();
    assertThat(empty.path("Key").stringValue()).isEqualTo("no");
    assertThat(consul.disk.size()).isEqualTo(written);
    consul.engine.demote();
    assertThat(consul.put("/v1/txn", get.formatted("a")).body()).isEqualTo("No cluster leader");
    assertThat(consul.put("/v1/txn?stale", get.formatted("a")).status()).isEqualTo(200);
  }

  @Test
  void aTransactionHasSoManyOperationsAtMost() {
    String one = "{\"KV\":{\"Verb\":\"set\",\"Key\":\"a\",\"Value\":\"eA==\"}}";
    String most = one + ("," + one).repeat(127);
    assertThat(consul.put("/v1/txn", "[" + most + "]").json().path("Results").size())
        .isEqualTo(128);
    Consul.Answer answer = consul.put("/v1/txn", "[" + most + "," + one + "]");
    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.body()).isEqualTo("Transaction contains too many operations (129 > 128)");
  }

  @Test
  void aServerThatDoesNotLeadRenewsNothing() {
    String id = create("{\"TTL\":\"10s\"}");
    consul.engine.demote();
    Consul.Answer renewal = consul.put("/v1/session/renew/" + id);
    assertThat(renewal.status()).isEqualTo(500);
    assertThat(renewal.body()).isEqualTo("No cluster leader");
  }
}
