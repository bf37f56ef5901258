package dev.muster.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.balancer.config.BalancerConfig;
import dev.muster.balancer.observe.Metric;
import dev.muster.balancer.upstream.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// After known traffic the numbers are known.
class MetricsTest {
  private static final int REQUESTS = 7;

  private final Balancer balancer =
      Balancer.start(BalancerConfig.defaults().withListen("127.0.0.1", 0).withThreads(2));

  @AfterEach
  void close() {
    balancer.close();
  }

  private static Endpoint endpoint(String id, int port) {
    return new Endpoint(
        id, "app", "127.0.0.1", port, 1, Endpoint.State.PASSING, List.of("urlprefix-/app"));
  }

  private static int deadPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private Metric metric(String name, Map<String, String> labels) {
    return balancer.insight().metrics().stream()
        .filter(each -> each.name().equals("muster.balancer." + name))
        .filter(each -> each.labels().equals(labels))
        .findFirst()
        .orElseThrow(
            () -> new AssertionError(name + labels + " of " + balancer.insight().metrics()));
  }

  private long count(String name, String... labels) {
    return ((Metric.Counter) metric(name, pairs(labels))).count();
  }

  private static Map<String, String> pairs(String... labels) {
    return switch (labels.length) {
      case 2 -> Map.of(labels[0], labels[1]);
      case 4 -> Map.of(labels[0], labels[1], labels[2], labels[3]);
      default -> Map.of(labels[0], labels[1], labels[2], labels[3], labels[4], labels[5]);
    };
  }

  /// A client has its answer a moment before the request is entered; a closed balancer has entered
  /// all.
  private void settle() {
    balancer.close();
  }

  @Test
  void requestsAreCountedWhereTheyPass() throws Exception {
    try (RawUpstream app = RawUpstream.answering("0123456789")) {
      balancer
          .endpoints()
          .replace("app", List.of(endpoint("a", app.port()), endpoint("dead", deadPort())));
      for (int i = 0; i < REQUESTS; i++) {
        try (RawClient client = new RawClient(balancer.port())) {
          assertThat(client.get("/app").status()).isEqualTo(200);
        }
      }
      try (RawClient client = new RawClient(balancer.port())) {
        assertThat(client.get("/other").status()).isEqualTo(404);
        client.send("nonsense\r\n\r\n").rest();
      }
    }
    settle();
    String listener = "127.0.0.1:" + balancer.port();
    assertThat(count("listener.request", "listener", listener, "code", "2xx")).isEqualTo(REQUESTS);
    assertThat(count("listener.request", "listener", listener, "code", "4xx")).isEqualTo(2);
    assertThat(count("location.request", "server", "", "location", "route /app", "code", "2xx"))
        .isEqualTo(REQUESTS);
    assertThat(count("location.request", "server", "", "location", "none", "code", "4xx"))
        .isEqualTo(2);
    assertThat(count("location.received.bytes", "server", "", "location", "route /app"))
        .isEqualTo(REQUESTS * "GET /app HTTP/1.1\r\nHost: test\r\n\r\n".length());
    assertThat(count("upstream.response", "upstream", "route /app", "code", "2xx"))
        .isEqualTo(REQUESTS);
    long failed = count("upstream.error", "upstream", "route /app", "reason", "connect");
    assertThat(failed).isBetween(1L, 2L);
    assertThat(count("upstream.retry", "upstream", "route /app")).isEqualTo(failed);
    assertThat(count("upstream.try", "upstream", "route /app")).isEqualTo(REQUESTS + failed);
    assertThat(count("instance.error", "instance", "dead", "reason", "connect")).isEqualTo(failed);
    assertThat(count("instance.response", "instance", "a", "code", "2xx")).isEqualTo(REQUESTS);
  }

  @Test
  void timesFallIntoBuckets() throws Exception {
    try (RawUpstream app = RawUpstream.answering("x")) {
      balancer.endpoints().replace("app", List.of(endpoint("a", app.port())));
      try (RawClient client = new RawClient(balancer.port())) {
        for (int i = 0; i < REQUESTS; i++) {
          client.get("/app");
        }
      }
    }
    settle();
    List<Metric.Histogram> histograms = new ArrayList<>();
    histograms.add(histogram("location.seconds", "server", "", "location", "route /app"));
    histograms.add(histogram("upstream.header.seconds", "upstream", "route /app"));
    histograms.add(histogram("upstream.response.seconds", "upstream", "route /app"));
    for (Metric.Histogram each : histograms) {
      assertThat(each.counts().stream().mapToLong(Long::longValue).sum())
          .as(each.name())
          .isEqualTo(REQUESTS);
      assertThat(each.sum()).as(each.name()).isBetween(1e-6, 60.0);
      assertThat(each.counts()).hasSize(each.bounds().size() + 1);
    }
    assertThat(
            histogram("upstream.connect.seconds", "upstream", "route /app").counts().stream()
                .mapToLong(Long::longValue)
                .sum())
        .as("one connection for all")
        .isEqualTo(1);
  }

  private Metric.Histogram histogram(String name, String... labels) {
    return (Metric.Histogram) metric(name, pairs(labels));
  }
}
