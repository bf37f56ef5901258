package dev.muster.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.balancer.RawClient.Response;
import dev.muster.balancer.RawUpstream.Wire;
import dev.muster.balancer.config.BalancerConfig;
import dev.muster.balancer.config.BalancerConfig.Limits;
import dev.muster.balancer.config.BalancerConfig.Timeouts;
import dev.muster.balancer.observe.Statistics.Failure;
import dev.muster.balancer.upstream.Endpoint;
import dev.muster.balancer.upstream.Endpoint.State;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/// What connections live through: reuse, pipelining, change of instances, slowness, shutdown.
class ConnectionTest {
  private static final long MEBIBYTE = 1 << 20;

  private static BalancerConfig config() {
    return BalancerConfig.defaults().withListen("127.0.0.1", 0);
  }

  private static Balancer serving(BalancerConfig config, RawUpstream app) {
    Balancer balancer = Balancer.start(config);
    balancer
        .endpoints()
        .replace("app", List.of(BalancerTest.endpoint("a", app.port(), "urlprefix-/")));
    return balancer;
  }

  @Test
  void manyRequestsOverKeptConnections() throws Exception {
    int clients = 64;
    AtomicInteger right = new AtomicInteger();
    try (RawUpstream app = RawUpstream.answering("ok");
        Balancer balancer = serving(config(), app)) {
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        threads.add(
            Thread.ofVirtual()
                .start(
                    () -> {
                      try (RawClient client = new RawClient(balancer.port())) {
                        for (int sent = 0; sent < 1000; sent++) {
                          if (client.get("/").body().equals("ok")) {
                            right.incrementAndGet();
                          }
                        }
                      } catch (IOException e) {
                        // counted as missing
                      }
                    }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(right).hasValue(clients * 1000);
      assertThat(app.connections.get()).isLessThanOrEqualTo(clients);
      assertThat(balancer.statistics().instances().get("a").requests()).isEqualTo(clients * 1000L);
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() throws Exception {
    int count = 500;
    try (RawUpstream app =
            new RawUpstream(
                connection -> {
                  while (connection.readRequest()) {
                    String path = connection.head.split(" ")[1];
                    connection.send(
                        "HTTP/1.1 200 OK\r\nContent-Length: " + path.length() + "\r\n\r\n" + path);
                  }
                });
        Balancer balancer = Balancer.start(config());
        RawClient client = new RawClient(balancer.port())) {
      balancer
          .endpoints()
          .replace("app", List.of(BalancerTest.endpoint("a", app.port(), "urlprefix-/a")));
      StringBuilder requests = new StringBuilder();
      for (int i = 0; i < count; i++) {
        requests.append(i % 3 == 0 ? "GET /none/" : "GET /a/").append(i);
        requests.append(" HTTP/1.1\r\nHost: h\r\n\r\n");
      }
      client.send(requests.toString());
      for (int i = 0; i < count; i++) {
        Response response = client.read();
        assertThat(response.status()).isEqualTo(i % 3 == 0 ? 404 : 200);
        assertThat(response.body())
            .isEqualTo(
                i % 3 == 0 ? "no route for host 'h' and path '/none/" + i + "'\n" : "/a/" + i);
      }
    }
  }

  @Test
  void anInstanceThatLeavesFinishesWhatItHas() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch gone = new CountDownLatch(1);
    try (RawUpstream slow =
            new RawUpstream(
                connection -> {
                  while (connection.readRequest()) {
                    asked.countDown();
                    await(gone);
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nold");
                  }
                });
        RawUpstream next = RawUpstream.answering("new");
        Balancer balancer = serving(config(), slow);
        RawClient first = new RawClient(balancer.port());
        RawClient second = new RawClient(balancer.port())) {
      first.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      await(asked);
      balancer
          .endpoints()
          .replace("app", List.of(BalancerTest.endpoint("b", next.port(), "urlprefix-/")));
      for (int i = 0; i < 10; i++) {
        assertThat(second.get("/").body()).isEqualTo("new");
      }
      gone.countDown();
      assertThat(first.read().body()).isEqualTo("old");
      assertThat(first.get("/").body()).isEqualTo("new");
      assertThat(slow.heads).hasSize(1);
    }
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void withoutAPassingInstanceTheClientIsTold() throws Exception {
    try (Balancer balancer = Balancer.start(config());
        RawClient client = new RawClient(balancer.port())) {
      assertThat(client.get("/x?y").body()).isEqualTo("no route for host 'test' and path '/x'\n");
      for (State state : List.of(State.WARNING, State.CRITICAL, State.MAINTENANCE)) {
        balancer
            .endpoints()
            .replace(
                "app",
                List.of(
                    new Endpoint("a", "app", "127.0.0.1", 1, 1, state, List.of("urlprefix-/x"))));
        Response response = client.get("/x");
        assertThat(response.status()).isEqualTo(503);
        assertThat(response.header("Content-Type")).startsWith("text/plain");
        assertThat(response.body()).isEqualTo("route /x has no passing instance\n");
      }
      assertThat(balancer.statistics().failures())
          .containsEntry(Failure.NO_ROUTE, 1L)
          .containsEntry(Failure.NO_INSTANCE, 3L);
    }
  }

  @Test
  void stripsThePrefixHoweverItIsWritten() throws Exception {
    try (RawUpstream app = RawUpstream.answering("ok");
        Balancer balancer = Balancer.start(config());
        RawClient client = new RawClient(balancer.port())) {
      balancer
          .endpoints()
          .replace(
              "app", List.of(BalancerTest.endpoint("a", app.port(), "urlprefix-/a/b strip=/a/b")));
      List<String> sent = List.of("/a/b/c", "/a/b", "/a/b?d", "/%61/%62/c%2f", "/a/b/");
      for (String path : sent) {
        assertThat(client.get(path).status()).isEqualTo(200);
      }
      assertThat(app.heads.stream().map(head -> head.split(" ")[1]))
          .containsExactly("/c", "/", "/?d", "/c%2f", "/");
    }
  }

  @Test
  void saysWhoAskedAndBelievesNoOneElse() throws Exception {
    try (RawUpstream app = RawUpstream.answering("ok");
        Balancer balancer = serving(config(), app);
        RawClient client = new RawClient(balancer.port())) {
      client.send(
          "GET / HTTP/1.1\r\nHost: h:81\r\nX-Forwarded-For: 1.2.3.4\r\nA: b\r\n"
              + "X-Forwarded-Proto: https\r\nX-Forwarded-Host: evil\r\nForwarded: for=evil\r\n"
              + "X-Forwarded-For: 5.6.7.8\r\nConnection: Host, X-Forwarded-For, close\r\n\r\n");
      assertThat(client.rest()).endsWith("ok");
      assertThat(app.heads.getFirst())
          .isEqualTo(
              "GET / HTTP/1.1\r\nHost: h:81\r\nA: b\r\n"
                  + "X-Forwarded-For: 1.2.3.4, 5.6.7.8, 127.0.0.1\r\nX-Forwarded-Proto: http\r\n"
                  + "X-Forwarded-Host: h:81\r\n\r\n");
    }
  }

  @Test
  void aSlowReaderCostsBoundedMemory() throws Exception {
    long size = 64 * MEBIBYTE;
    AtomicLong written = new AtomicLong();
    CountDownLatch stalled = new CountDownLatch(1);
    try (RawUpstream app =
            new RawUpstream(
                connection -> {
                  connection.readRequest();
                  connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n");
                  pour(connection.out, size, written, stalled);
                });
        Balancer balancer = serving(config(), app);
        RawClient client = new RawClient(balancer.port())) {
      long before = directBytes();
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      Wire.readHead(client.in);
      await(stalled);
      assertThat(directBytes() - before).isLessThan(24 * MEBIBYTE);
      byte[] piece = new byte[1 << 16];
      long got = 0;
      long most = 0;
      while (got < size) {
        got += client.in.read(piece);
        most = Math.max(most, directBytes() - before);
      }
      assertThat(got).isEqualTo(size);
      assertThat(most).isLessThan(24 * MEBIBYTE);
    }
  }

  @Test
  void aSlowInstanceCostsBoundedMemory() throws Exception {
    long size = 64 * MEBIBYTE;
    AtomicLong written = new AtomicLong();
    CountDownLatch stalled = new CountDownLatch(1);
    try (RawUpstream app =
            new RawUpstream(
                connection -> {
                  connection.readHead();
                  await(stalled);
                  long got = 0;
                  byte[] piece = new byte[1 << 16];
                  while (got < size) {
                    got += connection.in.read(piece);
                  }
                  connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone");
                });
        Balancer balancer = serving(config(), app);
        RawClient client = new RawClient(balancer.port())) {
      long before = directBytes();
      client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: " + size + "\r\n\r\n");
      pour(client.socket.getOutputStream(), size, written, stalled);
      assertThat(directBytes() - before).isLessThan(24 * MEBIBYTE);
      assertThat(client.read().body()).isEqualTo("done");
    }
  }

  /// Writes so many octets; tells when the other side has stopped taking them, which only shows by
  /// nothing happening for a while.
  private static void pour(OutputStream out, long size, AtomicLong written, CountDownLatch stalled)
      throws IOException {
    Thread watch =
        Thread.ofVirtual()
            .start(
                () -> {
                  long seen = -1;
                  while (seen != written.get() && written.get() < size) {
                    seen = written.get();
                    LockSupport.parkNanos(300_000_000);
                  }
                  stalled.countDown();
                });
    byte[] piece = new byte[1 << 16];
    for (long sent = 0; sent < size; sent += piece.length) {
      out.write(piece);
      written.addAndGet(piece.length);
    }
    out.flush();
    try {
      watch.join();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static long directBytes() {
    return PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
  }

  @Test
  void aHeadThatNeverEndsIsCutOff() throws Exception {
    try (RawUpstream app = RawUpstream.answering("ok");
        Balancer balancer = serving(config().withTimeouts(quickClients()), app);
        RawClient client = new RawClient(balancer.port());
        RawClient silent = new RawClient(balancer.port());
        RawClient bodiless = new RawClient(balancer.port());
        RawClient idle = new RawClient(balancer.port())) {
      assertThat(idle.get("/").status()).isEqualTo(200);
      client.send("GET / HTTP/1.1\r\nHost: a\r\nA: ");
      bodiless.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(408);
      assertThat(bodiless.read().status()).isEqualTo(408);
      assertThat(silent.in.read()).isNegative();
      assertThat(idle.in.read()).isNegative();
    }
  }

  private static Timeouts quickClients() {
    Timeouts defaults = Timeouts.defaults();
    Duration quick = Duration.ofMillis(200);
    return new Timeouts(
        quick,
        quick,
        quick,
        quick,
        defaults.connect(),
        defaults.response(),
        defaults.upstreamIdle(),
        defaults.retry(),
        defaults.skip(),
        defaults.drain());
  }

  @Test
  void closingLetsRequestsInFlightFinish() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    try (RawUpstream app =
        new RawUpstream(
            connection -> {
              connection.readRequest();
              asked.countDown();
              await(answer);
              connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            })) {
      Balancer balancer = serving(config(), app);
      try (RawClient client = new RawClient(balancer.port());
          RawClient idle = new RawClient(balancer.port())) {
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        await(asked);
        Thread closing = Thread.ofVirtual().start(balancer::close);
        assertThat(idle.in.read()).isNegative();
        answer.countDown();
        Response response = client.read();
        assertThat(response.body()).isEqualTo("ok");
        assertThat(response.header("Connection")).isEqualTo("close");
        assertThat(client.in.read()).isNegative();
        closing.join();
      }
    }
  }

  @Test
  void clientsOverTheLimitAreTurnedAway() throws Exception {
    Limits defaults = Limits.defaults();
    Limits two =
        new Limits(
            defaults.requestLineBytes(),
            defaults.headerBytes(),
            defaults.headerCount(),
            defaults.bodyBytes(),
            defaults.replayBytes(),
            defaults.tries(),
            defaults.idlePerInstance(),
            2);
    try (RawUpstream app = RawUpstream.answering("ok");
        Balancer balancer = serving(config().withLimits(two), app);
        RawClient first = new RawClient(balancer.port());
        RawClient second = new RawClient(balancer.port())) {
      assertThat(first.get("/").status()).isEqualTo(200);
      assertThat(second.get("/").status()).isEqualTo(200);
      try (RawClient third = new RawClient(balancer.port())) {
        assertThat(third.in.read()).isNegative();
      }
      assertThat(first.get("/").status()).isEqualTo(200);
    }
  }

  @Test
  void trafficIsSharedByWeight() throws Exception {
    try (RawUpstream heavy = RawUpstream.answering("ok");
        RawUpstream light = RawUpstream.answering("ok");
        Balancer balancer = Balancer.start(config().withThreads(1));
        RawClient client = new RawClient(balancer.port())) {
      balancer
          .endpoints()
          .replace(
              "app",
              List.of(
                  BalancerTest.endpoint("a", heavy.port(), "urlprefix-/"),
                  BalancerTest.endpoint("b", light.port(), "urlprefix-/ weight=0.2")));
      for (int i = 0; i < 100; i++) {
        assertThat(client.get("/").status()).isEqualTo(200);
      }
      assertThat(heavy.heads).hasSize(80);
      assertThat(light.heads).hasSize(20);
    }
  }
}
