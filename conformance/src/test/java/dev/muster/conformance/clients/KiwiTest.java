package dev.muster.conformance.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.net.HostAndPort;
import dev.muster.conformance.Eventually;
import dev.muster.conformance.RunningAgent;
import java.io.File;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.kiwiproject.consul.Consul;
import org.kiwiproject.consul.KeyValueClient;
import org.kiwiproject.consul.async.Callback;
import org.kiwiproject.consul.cache.KVCache;
import org.kiwiproject.consul.cache.ServiceHealthCache;
import org.kiwiproject.consul.model.kv.ImmutableOperation;
import org.kiwiproject.consul.model.kv.Value;
import org.kiwiproject.consul.model.kv.Verb;
import org.kiwiproject.consul.model.query.ImmutablePreparedQuery;
import org.kiwiproject.consul.model.query.ImmutableServiceQuery;
import org.kiwiproject.consul.model.session.ImmutableSession;
import org.kiwiproject.consul.option.Options;

/// `org.kiwiproject:consul-client`: the client that most Java programs without Spring use.
@Timeout(120)
class KiwiTest {
  private static final long SECONDS = 30;

  private static RunningAgent agent;
  private static Consul consul;

  @BeforeAll
  static void start() throws IOException {
    agent = RunningAgent.dev();
    consul =
        Consul.builder()
            .withHostAndPort(HostAndPort.fromParts("127.0.0.1", agent.httpPort()))
            .withReadTimeoutMillis(TimeUnit.SECONDS.toMillis(SECONDS)) // its caches wait for 10 s
            .build();
  }

  @AfterAll
  static void stop() {
    consul.destroy();
    agent.close();
  }

  @Test
  void aRegisteredInstanceIsDiscoveredAndFollowed() throws Exception {
    consul.agentClient().register(8080, 60L, "web", "web-1", List.of("v1"), Map.of("zone", "a"));
    try (var cache = ServiceHealthCache.newCache(consul.healthClient(), "web")) {
      cache.start();
      assertThat(cache.awaitInitialized(SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(cache.getMap()).as("critical until its first beat").isEmpty();

      consul.agentClient().pass("web-1", "fine");
      Eventually.holds("passing", cache::getMap, instances -> instances.size() == 1);
      assertThat(cache.getMap().values())
          .singleElement()
          .satisfies(
              found -> {
                assertThat(found.getService().getPort()).isEqualTo(8080);
                assertThat(found.getService().getTags()).containsExactly("v1");
                assertThat(found.getService().getMeta()).containsEntry("zone", "a");
                assertThat(found.getChecks()).anyMatch(check -> check.getName().contains("web"));
              });

      consul.agentClient().fail("web-1", "broken");
      Eventually.holds("gone", cache::getMap, Map::isEmpty);
    }
    consul.agentClient().deregister("web-1");
    assertThat(consul.agentClient().isRegistered("web-1")).isFalse();
  }

  @Test
  void keysAreWatched() throws Exception {
    KeyValueClient keys = consul.keyValueClient();
    keys.putValue("config/limit", "10");
    try (KVCache cache = KVCache.newCache(keys, "config")) {
      cache.start();
      assertThat(cache.awaitInitialized(SECONDS, TimeUnit.SECONDS)).isTrue();

      keys.putValue("config/limit", "20");
      Eventually.holds(
          "the new value",
          () -> cache.getMap().values().iterator().next().getValueAsString(),
          value -> value.equals(Optional.of("20")));
      keys.deleteKey("config/limit");
      Eventually.holds("deleted", cache::getMap, Map::isEmpty);
    }
  }

  @Test
  void aLockIsHandedOver() {
    KeyValueClient keys = consul.keyValueClient();
    String one = session("one");
    String two = session("two");
    assertThat(keys.acquireLock("lock/job", "held by one", one)).isTrue();
    assertThat(keys.acquireLock("lock/job", "held by two", two)).isFalse();
    assertThat(keys.getSession("lock/job")).contains(one);

    consul.sessionClient().destroySession(one);
    assertThat(keys.getSession("lock/job")).isEmpty();
    assertThat(keys.acquireLock("lock/job", "held by two", two)).isTrue();
    assertThat(keys.getValueAsString("lock/job")).contains("held by two");
    assertThat(keys.getValue("lock/job").orElseThrow().getLockIndex()).isEqualTo(2);
    assertThat(keys.releaseLock("lock/job", two)).isTrue();
  }

  private static String session(String name) {
    return consul
        .sessionClient()
        .createSession(ImmutableSession.builder().name(name).lockDelay("0s").build())
        .getId();
  }

  @Test
  void aTransactionIsAllOrNothing() {
    KeyValueClient keys = consul.keyValueClient();
    keys.putValue("txn/a", "old");
    var results =
        keys.performTransaction(
                ImmutableOperation.builder(Verb.SET).key("txn/a").value("new").build(),
                ImmutableOperation.builder(Verb.SET).key("txn/b").value("1").build(),
                ImmutableOperation.builder(Verb.GET).key("txn/a").build())
            .getResponse()
            .results();
    assertThat(results).hasSize(3);
    Value read = results.getLast().get("KV");
    assertThat(read.getValueAsString()).contains("new");
    assertThat(keys.getValueAsString("txn/b")).contains("1");
  }

  @Test
  void aPreparedQueryIsExecuted() throws Exception {
    consul.agentClient().register(9090, 60L, "asked", "asked-1", List.of("blue"), Map.of());
    consul
        .preparedQueryClient()
        .createPreparedQuery(
            ImmutablePreparedQuery.builder()
                .name("by-name")
                .service(
                    ImmutableServiceQuery.builder()
                        .service("asked")
                        .onlyPassing(false)
                        .tags(List.of("blue"))
                        .build())
                .build());
    assertThat(consul.preparedQueryClient().execute("by-name").nodes())
        .as("critical instances are never in an answer")
        .isEmpty();
    consul.agentClient().pass("asked-1");
    assertThat(consul.preparedQueryClient().execute("by-name").nodes())
        .singleElement()
        .satisfies(found -> assertThat(found.getService().getPort()).isEqualTo(9090));
  }

  @Test
  void eventsAreListed() {
    consul.eventClient().fireEvent("deploy", "payload");
    assertThat(consul.eventClient().listEvents("deploy").getEvents())
        .singleElement()
        .satisfies(event -> assertThat(event.getPayload()).contains("payload"));
  }

  @Test
  void aSnapshotIsSavedAndRestored(@TempDir Path folder) throws Exception {
    KeyValueClient keys = consul.keyValueClient();
    keys.putValue("snapshot/kept", "before");
    File file = folder.resolve("state.tgz").toFile();
    var saved = new Answer<BigInteger>();
    consul.snapshotClient().save(file, Options.BLANK_QUERY_OPTIONS, saved);
    saved.await();
    keys.putValue("snapshot/kept", "after");

    var restored = new Answer<Void>();
    consul.snapshotClient().restore(file, Options.BLANK_QUERY_OPTIONS, restored);
    restored.await();
    assertThat(keys.getValueAsString("snapshot/kept")).contains("before");
  }

  /// What the client tells a callback.
  private static final class Answer<T> implements Callback<T> {
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    @Override
    public void onResponse(T response) {
      done.complete(null);
    }

    @Override
    public void onFailure(Throwable failure) {
      done.completeExceptionally(failure);
    }

    void await() throws Exception {
      done.get(SECONDS, TimeUnit.SECONDS);
    }
  }
}
