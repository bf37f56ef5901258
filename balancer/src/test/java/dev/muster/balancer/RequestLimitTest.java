package dev.muster.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.balancer.config.LimitsConfig;
import dev.muster.balancer.config.LimitsConfig.Connections;
import dev.muster.balancer.config.LimitsConfig.Reply;
import dev.muster.balancer.config.LimitsConfig.Requests;
import dev.muster.balancer.config.LocationConfig;
import dev.muster.balancer.config.ZoneConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.event.Level;

/// `limit_req` and `limit_conn` as clients see them.
class RequestLimitTest {
  private static final int SLOW = 1;
  private static final int NO_DELAY = Integer.MAX_VALUE / 1000;
  private final Configured server = new Configured();
  private RawUpstream app;

  @BeforeEach
  void start() throws IOException {
    app = RawUpstream.answering("ok");
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    app.close();
  }

  private void zone(String name, String key, long ratePerKilosecond) {
    server.zones.put(name, new ZoneConfig.Requests(server.text(key), 64 * 1024, ratePerKilosecond));
  }

  private LocationConfig limited(String path, Reply reply, Requests... limits) {
    LocationConfig location = server.to(path, app, server.header("X-Status", "$limit_req_status"));
    return location.with(
        location.access().with(new LimitsConfig(List.of(limits), reply, List.of(), reply)));
  }

  private List<Integer> statuses(int count, String target) throws IOException {
    List<Integer> statuses = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      statuses.add(server.get(target).status());
    }
    return statuses;
  }

  @Test
  void requestsBeyondTheBurstAreRefused() throws Exception {
    zone("z", "$remote_addr", SLOW);
    server.apply(
        limited("/none", new Reply(429, Level.WARN, false), new Requests("z", 0, 0)),
        limited("/", Reply.defaults(), new Requests("z", 3, NO_DELAY)));
    assertThat(statuses(6, "/")).containsExactly(200, 200, 200, 200, 503, 503);
    assertThat(app.heads.getLast()).contains("X-Status: PASSED\r\n");
    assertThat(statuses(1, "/none")).containsExactly(429);
  }

  @Test
  void anEmptyKeyIsNotCounted() throws Exception {
    zone("z", "$http_x_key", SLOW);
    server.apply(limited("/", Reply.defaults(), new Requests("z", 0, 0)));
    assertThat(statuses(3, "/")).containsExactly(200, 200, 200);
    assertThat(server.get("/", "X-Key: 1").status()).isEqualTo(200);
    assertThat(server.get("/", "X-Key: 1").status()).isEqualTo(503);
    assertThat(server.get("/", "X-Key: 2").status()).isEqualTo(200);
  }

  @Test
  void requestsWithinTheBurstWait() throws Exception {
    zone("z", "$remote_addr", 10_000);
    server.apply(limited("/", Reply.defaults(), new Requests("z", 10, 1)));
    assertThat(server.get("/").status()).isEqualTo(200);
    long start = System.nanoTime();
    List<Thread> threads = new ArrayList<>();
    List<Integer> statuses = new CopyOnWriteArrayList<>();
    for (int i = 0; i < 5; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      statuses.add(server.get("/").status());
                    } catch (IOException e) {
                      statuses.add(0);
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(statuses).containsOnly(200).hasSize(5);
    // Four more than one ahead, at ten a second; they themselves took part of that time to come.
    assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isGreaterThan(300);
    assertThat(app.heads.toString()).contains("X-Status: DELAYED\r\n", "X-Status: PASSED\r\n");
  }

  @Test
  void allLimitsHoldAndNoneCountsWhatAnotherRefused() throws Exception {
    zone("wide", "$remote_addr", SLOW);
    zone("narrow", "$http_x_key", SLOW);
    server.apply(
        limited(
            "/",
            Reply.defaults(),
            new Requests("wide", 2, NO_DELAY),
            new Requests("narrow", 0, NO_DELAY)));
    assertThat(server.get("/", "X-Key: 1").status()).isEqualTo(200);
    assertThat(server.get("/", "X-Key: 1").status()).isEqualTo(503);
    assertThat(server.get("/", "X-Key: 1").status()).isEqualTo(503);
    assertThat(server.get("/", "X-Key: 2").status()).isEqualTo(200);
    assertThat(server.get("/", "X-Key: 3").status()).isEqualTo(200);
    assertThat(server.get("/", "X-Key: 4").status()).isEqualTo(503);
  }

  @Test
  void aDryRunOnlySaysWhatItWouldDo() throws Exception {
    zone("z", "$remote_addr", SLOW);
    server.apply(limited("/", new Reply(503, Level.INFO, true), new Requests("z", 1, 0)));
    assertThat(statuses(3, "/")).containsExactly(200, 200, 200);
    assertThat(app.heads.get(1)).contains("X-Status: DELAYED_DRY_RUN\r\n");
    assertThat(app.heads.get(2)).contains("X-Status: REJECTED_DRY_RUN\r\n");
  }

  @Test
  void whatWasCountedOutlivesAReload() throws Exception {
    zone("z", "$remote_addr", SLOW);
    server.apply(limited("/", Reply.defaults(), new Requests("z", 0, 0)));
    assertThat(statuses(2, "/")).containsExactly(200, 503);
    server.apply(limited("/", new Reply(429, Level.WARN, false), new Requests("z", 0, 0)));
    assertThat(statuses(1, "/")).containsExactly(429);
    zone("z", "$remote_addr$uri", SLOW);
    server.apply(limited("/", Reply.defaults(), new Requests("z", 0, 0)));
    assertThat(statuses(2, "/")).containsExactly(200, 503);
  }

  @Test
  void soManyRequestsAreInWorkAtATime() throws Exception {
    CountDownLatch asked = new CountDownLatch(2);
    CountDownLatch go = new CountDownLatch(1);
    server.zones.put("z", new ZoneConfig.Connections(server.text("$remote_addr"), 64 * 1024));
    try (RawUpstream slow =
        new RawUpstream(
            connection -> {
              while (connection.readRequest()) {
                asked.countDown();
                try {
                  go.await();
                } catch (InterruptedException e) {
                  throw new IOException(e);
                }
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
              }
            })) {
      LocationConfig location = server.to("/", slow);
      server.apply(
          location.with(
              location
                  .access()
                  .with(
                      new LimitsConfig(
                          List.of(),
                          Reply.defaults(),
                          List.of(new Connections("z", 2)),
                          Reply.defaults()))));
      try (RawClient first = server.client();
          RawClient second = server.client()) {
        first.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
        second.send("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
        asked.await();
        assertThat(server.get("/").status()).isEqualTo(503);
        go.countDown();
        assertThat(first.read().status()).isEqualTo(200);
        assertThat(second.read().status()).isEqualTo(200);
        assertThat(first.get("/").status()).isEqualTo(200);
      }
    }
  }
}
