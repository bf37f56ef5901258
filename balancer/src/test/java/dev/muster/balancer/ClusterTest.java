package dev.muster.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.balancer.config.BalancerConfig;
import dev.muster.balancer.config.Configuration;
import dev.muster.balancer.config.Content;
import dev.muster.balancer.config.GuardConfig;
import dev.muster.balancer.config.HealthCheck;
import dev.muster.balancer.config.ListenConfig;
import dev.muster.balancer.config.LocationConfig;
import dev.muster.balancer.config.LocationConfig.Match;
import dev.muster.balancer.config.ProxyConfig;
import dev.muster.balancer.config.ProxyConfig.Retry;
import dev.muster.balancer.config.ServerConfig;
import dev.muster.balancer.config.UpstreamConfig;
import dev.muster.balancer.config.UpstreamConfig.Balancing;
import dev.muster.balancer.config.UpstreamConfig.UpstreamServer;
import dev.muster.balancer.guard.CircuitBreaker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// How an upstream behaves when its servers are full, slow or failing.
class ClusterTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final String BUSY = "HTTP/1.1 503 No\r\nContent-Length: 4\r\n\r\nbusy";

  private final Balancer balancer =
      Balancer.start(BalancerConfig.defaults().withListen("127.0.0.1", 0).withThreads(1));
  private final List<RawUpstream> upstreams = new ArrayList<>();
  private Optional<HealthCheck> check = Optional.empty();

  @AfterEach
  void close() throws IOException {
    balancer.close();
    for (RawUpstream upstream : upstreams) {
      upstream.close();
    }
  }

  private RawUpstream upstream(RawUpstream.Script script) throws IOException {
    var upstream = new RawUpstream(script);
    upstreams.add(upstream);
    return upstream;
  }

  private RawUpstream always(String response) throws IOException {
    return upstream(
        connection -> {
          while (connection.readRequest()) {
            connection.send(response);
          }
        });
  }

  private static UpstreamServer server(RawUpstream upstream, int maxConnections, boolean isBackup) {
    return new UpstreamServer(
        "127.0.0.1",
        upstream.port(),
        1,
        maxConnections,
        1,
        Duration.ofSeconds(10),
        isBackup,
        false,
        false,
        Duration.ZERO,
        "");
  }

  private static UpstreamServer server(RawUpstream upstream) {
    return server(upstream, 0, false);
  }

  private void serve(GuardConfig guards, Retry retry, UpstreamServer... servers) {
    var proxy =
        new ProxyConfig(
            new ProxyConfig.Target.Named("up"),
            Optional.empty(),
            List.of(),
            ProxyConfig.Timeouts.defaults(),
            retry);
    var location = LocationConfig.of(new Match.Prefix("/", false)).with(new Content.Proxy(proxy));
    var up = new UpstreamConfig("up", List.of(servers), new Balancing.RoundRobin(), 0, guards);
    if (check.isPresent()) {
      up = up.with(check.get());
    }
    balancer.apply(
        new Configuration(
            List.of(
                new ServerConfig(
                    List.of(ListenConfig.of("127.0.0.1", balancer.port())),
                    List.of(),
                    LocationConfig.of(new Match.Prefix("/", false)),
                    List.of(location),
                    "test")),
            Map.of("up", up)));
  }

  private int status(String method) throws IOException {
    try (RawClient client = new RawClient(balancer.port())) {
      client.send(method + " / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
      return client.read().status();
    }
  }

  private static GuardConfig queue(int size, Duration timeout) {
    return new GuardConfig(size, timeout, CircuitBreaker.Limits.NONE, 100, 100, 0, 50);
  }

  @Test
  void whoFindsAllServersFullWaitsForAPlace() throws Exception {
    var arrived = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    RawUpstream slow =
        upstream(
            connection -> {
              while (connection.readRequest()) {
                arrived.countDown();
                awaitUninterrupted(go);
                connection.send(OK);
              }
            });
    serve(queue(1, Duration.ofSeconds(20)), Retry.defaults(), server(slow, 1, false));
    try (RawClient first = new RawClient(balancer.port());
        RawClient second = new RawClient(balancer.port());
        RawClient third = new RawClient(balancer.port())) {
      first.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
      // Whichever of the two comes first waits; the line has one place.
      second.send("GET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
      third.send("GET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
      Thread.ofVirtual()
          .start(
              () -> {
                while (balancer.statistics().failures().values().stream().allMatch(n -> n == 0)) {
                  Thread.onSpinWait();
                }
                go.countDown();
              });
      assertThat(first.read().status()).isEqualTo(200);
      assertThat(List.of(second.read().status(), third.read().status()))
          .containsExactlyInAnyOrder(200, 502);
    }
    assertThat(slow.heads).hasSize(2);
  }

  @Test
  void whoWaitsTooLongIsSentAway() throws Exception {
    var arrived = new CountDownLatch(1);
    RawUpstream hanging =
        upstream(
            connection -> {
              connection.readRequest();
              arrived.countDown();
              connection.readRequest();
            });
    serve(queue(5, Duration.ofMillis(100)), Retry.defaults(), server(hanging, 1, false));
    try (RawClient first = new RawClient(balancer.port())) {
      first.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(status("GET")).isEqualTo(502);
    }
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void anAnswerThatCountsAsFailureIsAskedElsewhere() throws Exception {
    RawUpstream busy = always(BUSY);
    RawUpstream well = always(OK);
    var retry = new Retry(0, Duration.ZERO, List.of(503), false, false, Duration.ZERO);
    serve(GuardConfig.defaults(), retry, server(busy), server(well));
    for (int i = 0; i < 4; i++) {
      assertThat(status("GET")).isEqualTo(200);
    }
    assertThat(busy.heads).hasSize(1);
  }

  @Test
  void theLastAnswerIsPassedOnWhateverItIs() throws Exception {
    RawUpstream busy = always(BUSY);
    RawUpstream alsoBusy = always(BUSY);
    var retry = new Retry(0, Duration.ZERO, List.of(503), false, false, Duration.ZERO);
    serve(GuardConfig.defaults(), retry, server(busy), server(alsoBusy));
    assertThat(status("GET")).isEqualTo(503);
    assertThat(status("POST")).isEqualTo(503);
    assertThat(busy.heads.size() + alsoBusy.heads.size()).isEqualTo(3);
  }

  @Test
  void aSlowAnswerIsOvertakenByASecondCopy() throws Exception {
    var gone = new CountDownLatch(1);
    RawUpstream hanging =
        upstream(
            connection -> {
              connection.readRequest();
              connection.readRequest();
              gone.countDown();
            });
    RawUpstream well = always(OK);
    var retry = new Retry(0, Duration.ZERO, List.of(), false, false, Duration.ofMillis(20));
    serve(GuardConfig.defaults(), retry, server(hanging), server(well));
    assertThat(status("GET")).isEqualTo(200);
    assertThat(status("GET")).isEqualTo(200);
    assertThat(hanging.heads).hasSize(1);
    assertThat(well.heads).hasSize(2);
    assertThat(gone.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void backupsServeWhenNobodyElseDoes() throws Exception {
    RawUpstream primary = always(OK);
    RawUpstream backup = always(OK);
    serve(GuardConfig.defaults(), Retry.defaults(), server(primary), server(backup, 0, true));
    assertThat(status("GET")).isEqualTo(200);
    assertThat(backup.heads).isEmpty();
    primary.close();
    assertThat(status("GET")).isEqualTo(200);
    assertThat(backup.heads).hasSize(1);
  }

  @Test
  void aServerThatFailsItsChecksGetsNoRequests() throws Exception {
    var isWell = new AtomicBoolean(true);
    RawUpstream checked =
        upstream(
            connection -> {
              while (connection.readRequest()) {
                boolean isCheck = connection.head.startsWith("GET /health ");
                connection.send(isCheck && !isWell.get() ? BUSY : OK);
              }
            });
    RawUpstream other = always(OK);
    HealthCheck defaults = HealthCheck.defaults();
    check =
        Optional.of(
            new HealthCheck(
                "/health",
                "localhost",
                Duration.ofMillis(20),
                Duration.ofSeconds(5),
                2,
                2,
                0,
                false,
                defaults.expected()));
    serve(GuardConfig.defaults(), Retry.defaults(), server(checked), server(other, 0, true));
    assertThat(status("GET")).isEqualTo(200);
    assertThat(other.heads).noneMatch(head -> head.startsWith("GET / "));
    isWell.set(false);
    awaitRequestAt(other);
    isWell.set(true);
    awaitRequestAt(checked);
  }

  /// Asks until the next request arrives there.
  private void awaitRequestAt(RawUpstream upstream) throws IOException {
    long before = requests(upstream);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (requests(upstream) == before) {
      assertThat(System.nanoTime()).as("waits too long").isLessThan(end);
      assertThat(status("GET")).isEqualTo(200);
    }
  }

  private static long requests(RawUpstream upstream) {
    return upstream.heads.stream().filter(head -> head.startsWith("GET / ")).count();
  }

  @Test
  void aNameStandsForItsAddresses() throws Exception {
    RawUpstream local = always(OK);
    serve(
        GuardConfig.defaults(),
        Retry.defaults(),
        UpstreamServer.of("localhost", local.port()),
        UpstreamServer.of("nobody.invalid", local.port()));
    for (int i = 0; i < 4; i++) {
      assertThat(status("GET")).isEqualTo(200);
    }
  }

  @Test
  void moreThanTheClusterMayHaveIsRefusedAtOnce() throws Exception {
    var arrived = new CountDownLatch(1);
    RawUpstream hanging =
        upstream(
            connection -> {
              connection.readRequest();
              arrived.countDown();
              connection.readRequest();
            });
    var limits = new CircuitBreaker.Limits(0, 0, 1, 0);
    serve(
        new GuardConfig(0, Duration.ofSeconds(1), limits, 100, 100, 0, 50),
        Retry.defaults(),
        server(hanging));
    try (RawClient first = new RawClient(balancer.port())) {
      first.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(status("GET")).isEqualTo(502);
    }
    assertThat(hanging.heads).hasSize(1);
  }

  @Test
  void anInstanceThatAnswersWithErrorsIsLeftOutForAWhile() throws Exception {
    RawUpstream failing = always("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
    RawUpstream well = always(OK);
    balancer
        .endpoints()
        .replace(
            "app",
            List.of(
                BalancerTest.endpoint("a", failing.port(), "urlprefix-/"),
                BalancerTest.endpoint("b", well.port(), "urlprefix-/")));
    int failures = 0;
    for (int i = 0; i < 30; i++) {
      failures += status("GET") == 500 ? 1 : 0;
    }
    assertThat(failures).isEqualTo(5);
  }
}
