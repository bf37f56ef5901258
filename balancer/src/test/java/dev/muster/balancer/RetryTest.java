package dev.muster.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.balancer.RawClient.Response;
import dev.muster.balancer.config.BalancerConfig;
import dev.muster.balancer.observe.Statistics;
import dev.muster.balancer.observe.Statistics.Failure;
import dev.muster.balancer.upstream.Endpoint;
import dev.muster.balancer.upstream.Endpoint.State;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Which requests survive an instance that fails, and which may not.
class RetryTest {
  private Balancer balancer;

  @BeforeEach
  void start() {
    balancer = Balancer.start(BalancerConfig.defaults().withListen("127.0.0.1", 0).withThreads(1));
  }

  @AfterEach
  void stop() {
    balancer.close();
  }

  private static Endpoint endpoint(String id, int port) {
    return BalancerTest.endpoint(id, port, "urlprefix-/");
  }

  private static int refusingPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private RawUpstream dying(int bytesOfResponse) throws IOException {
    return new RawUpstream(
        connection -> {
          connection.readRequest();
          connection.send("HTTP/1.1 200 OK\r\n".substring(0, bytesOfResponse));
          connection.reset();
        });
  }

  @Test
  void anyMethodGoesElsewhereWhenNothingWasSent() throws Exception {
    try (RawUpstream app = RawUpstream.answering("ok");
        RawClient client = new RawClient(balancer.port())) {
      balancer
          .endpoints()
          .replace("app", List.of(endpoint("a", refusingPort()), endpoint("b", app.port())));
      for (int i = 0; i < 4; i++) {
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");
        assertThat(client.read().body()).isEqualTo("ok");
      }
      Statistics statistics = balancer.statistics();
      // After its first failure the dead instance is skipped.
      assertThat(statistics.retries()).isEqualTo(1);
      assertThat(statistics.failures()).containsEntry(Failure.CONNECT, 1L);
      assertThat(statistics.instances().get("a").failures()).isEqualTo(1);
      assertThat(statistics.instances().get("b").requests()).isEqualTo(4);
    }
  }

  @Test
  void getGoesElsewhereWhenTheInstanceDiesBeforeAnswering() throws Exception {
    try (RawUpstream bad = dying(0);
        RawUpstream good = RawUpstream.answering("ok")) {
      balancer
          .endpoints()
          .replace("app", List.of(endpoint("a", bad.port()), endpoint("b", good.port())));
      for (int i = 0; i < 10; i++) {
        try (RawClient client = new RawClient(balancer.port())) {
          assertThat(client.get("/").body()).isEqualTo("ok");
        }
      }
      assertThat(bad.heads).isNotEmpty();
    }
  }

  @Test
  void putWithItsBodyGoesElsewhere() throws Exception {
    try (RawUpstream bad = dying(0);
        RawUpstream good =
            new RawUpstream(
                connection -> {
                  while (connection.readRequest()) {
                    connection.send(
                        "HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n" + connection.body);
                  }
                })) {
      balancer
          .endpoints()
          .replace("app", List.of(endpoint("a", bad.port()), endpoint("b", good.port())));
      String body = "x".repeat(60_000);
      for (int i = 0; i < 4; i++) {
        try (RawClient client = new RawClient(balancer.port())) {
          client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n" + body);
          assertThat(client.read().body()).isEqualTo(body);
        }
      }
      assertThat(bad.heads).isNotEmpty();
    }
  }

  @Test
  void postIsNotSentTwice() throws Exception {
    try (RawUpstream bad = dying(0);
        RawUpstream other = dying(0);
        RawClient client = new RawClient(balancer.port())) {
      balancer
          .endpoints()
          .replace("app", List.of(endpoint("a", bad.port()), endpoint("b", other.port())));
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");
      Response response = client.read();
      assertThat(response.status()).isEqualTo(502);
      assertThat(response.body()).isEqualTo("the instance of route / closed the connection\n");
      assertThat(bad.heads.size() + other.heads.size()).isEqualTo(1);
    }
  }

  @Test
  void nothingIsSentTwiceOnceAnOctetCameBack() throws Exception {
    try (RawUpstream bad = dying(5);
        RawUpstream other = dying(5);
        RawClient client = new RawClient(balancer.port())) {
      balancer
          .endpoints()
          .replace("app", List.of(endpoint("a", bad.port()), endpoint("b", other.port())));
      assertThat(client.get("/").status()).isEqualTo(502);
      assertThat(bad.heads.size() + other.heads.size()).isEqualTo(1);
    }
  }

  @Test
  void aConnectionThatDiedIdleIsReplacedOnTheOnlyInstance() throws Exception {
    try (RawUpstream app =
            new RawUpstream(
                connection -> {
                  connection.readRequest();
                  connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                  connection.readHead();
                  connection.reset();
                });
        RawClient client = new RawClient(balancer.port())) {
      balancer.endpoints().replace("app", List.of(endpoint("a", app.port())));
      for (int i = 0; i < 5; i++) {
        assertThat(client.get("/").body()).isEqualTo("ok");
      }
      assertThat(balancer.statistics().retries()).isEqualTo(4);
      assertThat(balancer.statistics().failures()).containsEntry(Failure.UPSTREAM_CLOSED, 0L);
    }
  }

  @Test
  void everyInstanceIsTriedOnceAndThenTheClientIsTold() throws Exception {
    List<Endpoint> dead =
        List.of(
            endpoint("a", refusingPort()),
            endpoint("b", refusingPort()),
            endpoint("c", refusingPort()));
    try (RawClient client = new RawClient(balancer.port())) {
      balancer.endpoints().replace("app", dead);
      for (int i = 1; i <= 3; i++) {
        Response response = client.get("/");
        assertThat(response.status()).isEqualTo(502);
        assertThat(response.body()).isEqualTo("no instance of route / accepts connections\n");
        assertThat(balancer.statistics().retries()).isEqualTo(2L * i);
      }
    }
  }

  @Test
  void noGetFailsWhileInstancesAreKilled() throws Exception {
    int clients = 8;
    CountDownLatch warm = new CountDownLatch(clients);
    CountDownLatch killed = new CountDownLatch(1);
    try (RawUpstream victim = RawUpstream.answering("ok");
        RawUpstream second = RawUpstream.answering("ok");
        RawUpstream survivor = RawUpstream.answering("ok")) {
      balancer
          .endpoints()
          .replace(
              "app",
              List.of(
                  endpoint("a", victim.port()),
                  endpoint("b", second.port()),
                  endpoint("c", survivor.port())));
      List<Thread> threads =
          IntStream.range(0, clients)
              .mapToObj(_ -> Thread.ofVirtual().unstarted(() -> hammer(warm, killed)))
              .toList();
      threads.forEach(Thread::start);
      warm.await();
      victim.kill();
      second.kill();
      killed.countDown();
      for (Thread thread : threads) {
        thread.join();
      }
      long sent = clients * 400L;
      Statistics statistics = balancer.statistics();
      assertThat(statistics.requests()).isEqualTo(sent);
      assertThat(wrong).isZero();
    }
  }

  private volatile int wrong;

  private void hammer(CountDownLatch warm, CountDownLatch killed) {
    try (RawClient client = new RawClient(balancer.port())) {
      for (int i = 0; i < 400; i++) {
        if (i == 50) {
          warm.countDown();
        }
        if (i == 350) {
          killed.await();
        }
        if (!client.get("/").body().equals("ok")) {
          wrong = i;
        }
      }
    } catch (IOException | InterruptedException e) {
      wrong = -1;
    }
  }

  @Test
  void resolvesHostNamesAndSkipsThoseThatDoNot() throws Exception {
    try (RawUpstream app = RawUpstream.answering("ok");
        RawClient client = new RawClient(balancer.port())) {
      Endpoint named =
          new Endpoint(
              "a", "app", "localhost", app.port(), 1, State.PASSING, List.of("urlprefix-/"));
      Endpoint unknown =
          new Endpoint("b", "app", "no.such.invalid", 80, 1, State.PASSING, List.of("urlprefix-/"));
      balancer.endpoints().replace("app", List.of(named, unknown));
      for (int i = 0; i < 4; i++) {
        assertThat(client.get("/").body()).isEqualTo("ok");
      }
    }
  }

  @Test
  void anInstanceThatDoesNotAnswerInTimeIsAGatewayTimeout() throws Exception {
    BalancerConfig.Timeouts defaults = BalancerConfig.Timeouts.defaults();
    BalancerConfig.Timeouts quick =
        new BalancerConfig.Timeouts(
            defaults.clientHeader(),
            defaults.clientIdle(),
            defaults.clientBody(),
            defaults.clientSend(),
            defaults.connect(),
            Duration.ofMillis(100),
            defaults.upstreamIdle(),
            defaults.retry(),
            defaults.skip(),
            defaults.drain());
    try (Balancer impatient =
            Balancer.start(
                BalancerConfig.defaults().withListen("127.0.0.1", 0).withTimeouts(quick));
        RawUpstream app = new RawUpstream(connection -> connection.in.readAllBytes());
        RawClient client = new RawClient(impatient.port())) {
      impatient.endpoints().replace("app", List.of(endpoint("a", app.port())));
      assertThat(client.get("/").status()).isEqualTo(504);
      assertThat(impatient.statistics().failures()).containsEntry(Failure.UPSTREAM_TIMEOUT, 1L);
    }
  }
}
