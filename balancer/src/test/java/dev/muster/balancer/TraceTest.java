package dev.muster.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.balancer.RawUpstream.Wire;
import dev.muster.balancer.config.BalancerConfig;
import dev.muster.balancer.config.Telemetry;
import dev.muster.balancer.upstream.Endpoint;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Traces are passed, continued or started, and told to a collector.
class TraceTest {
  private static final String ID = "0af7651916cd43dd8448eb211c80319c";
  private static final String SAMPLED = "00-" + ID + "-b7ad6b7169203331-01";
  private static final String UNSAMPLED = "00-" + ID + "-b7ad6b7169203331-00";

  /// The head that an instance gets, and what the collector gets in the end.
  private record Seen(String head, List<String> spans) {
    String traceparent() {
      return Wire.header(head, "traceparent");
    }
  }

  private static Seen seen(double ratio, String headers) throws Exception {
    var spans = new LinkedBlockingQueue<String>();
    try (RawUpstream app = RawUpstream.answering("x");
        RawUpstream collector =
            new RawUpstream(
                connection -> {
                  while (connection.readRequest()) {
                    spans.add(connection.body);
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
                  }
                })) {
      URI endpoint = URI.create("http://127.0.0.1:" + collector.port());
      BalancerConfig config =
          BalancerConfig.defaults()
              .withListen("127.0.0.1", 0)
              .withThreads(1)
              .with(new Telemetry(List.of(), ratio, Optional.of(endpoint)));
      try (Balancer balancer = Balancer.start(config)) {
        balancer
            .endpoints()
            .replace(
                "app",
                List.of(
                    new Endpoint(
                        "a",
                        "app",
                        "127.0.0.1",
                        app.port(),
                        1,
                        Endpoint.State.PASSING,
                        List.of("urlprefix-/"))));
        try (RawClient client = new RawClient(balancer.port())) {
          client.send("GET /p?q=\"1\" HTTP/1.1\r\nHost: t\r\n" + headers + "\r\n");
          assertThat(client.read().status()).isEqualTo(200);
        }
        if (ratio > 0 && !headers.contains(UNSAMPLED)) {
          String first = spans.poll(20, TimeUnit.SECONDS);
          assertThat(first).as("spans").isNotNull();
          return new Seen(app.heads.getFirst(), List.of(first));
        }
      }
      return new Seen(app.heads.getFirst(), List.copyOf(spans));
    }
  }

  @Test
  void withoutARatioEverythingPassesAsItCame() throws Exception {
    Seen seen = seen(0, "TraceParent: " + SAMPLED + "\r\ntracestate: a=b\r\n");
    assertThat(seen.head()).contains("TraceParent: " + SAMPLED + "\r\n", "tracestate: a=b\r\n");
    assertThat(seen.spans()).isEmpty();
    assertThat(seen(0, "").head()).doesNotContain("traceparent");
  }

  @Test
  void aSampledTraceGoesOn() throws Exception {
    Seen seen = seen(1e-9, "TraceParent: " + SAMPLED + "\r\ntracestate: a=b\r\n");
    assertThat(seen.head()).contains("tracestate: a=b\r\n").doesNotContain("TraceParent");
    assertThat(seen.traceparent()).matches("00-" + ID + "-[0-9a-f]{16}-01").isNotEqualTo(SAMPLED);
    String own = seen.traceparent().substring(36, 52);
    assertThat(seen.spans())
        .singleElement()
        .asString()
        .startsWith("{\"resourceSpans\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\"")
        .contains(
            "{\"traceId\":\"%s\",\"spanId\":\"%s\",\"parentSpanId\":\"b7ad6b7169203331\""
                    .formatted(ID, own)
                + ",\"name\":\"GET\",\"kind\":2,",
            "\"parentSpanId\":\"%s\",\"name\":\"GET\",\"kind\":3,".formatted(own),
            "{\"key\":\"url.path\",\"value\":{\"stringValue\":\"/p\"}}",
            "{\"key\":\"http.route\",\"value\":{\"stringValue\":\"route /\"}}",
            "{\"key\":\"http.response.status_code\",\"value\":{\"intValue\":\"200\"}}")
        .endsWith("]}]}]}");
  }

  @Test
  void anUnsampledTraceIsLeftAlone() throws Exception {
    Seen seen = seen(1, "traceparent: " + UNSAMPLED + "\r\n");
    assertThat(seen.traceparent()).isEqualTo(UNSAMPLED);
    assertThat(seen.spans()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "traceparent: 00-" + ID + "-b7ad6b7169203331\r\ntracestate: a=b\r\n",
        "traceparent: ff-" + ID + "-b7ad6b7169203331-01\r\n",
        "traceparent: 00-00000000000000000000000000000000-b7ad6b7169203331-01\r\n",
        "traceparent: 00-" + ID + "-0000000000000000-01\r\n",
        "traceparent: 00-" + ID + "-B7AD6B7169203331-01\r\n",
        "traceparent: " + SAMPLED + "\r\ntraceparent: " + SAMPLED + "\r\n"
      })
  void withoutAValidOneATraceIsStarted(String headers) throws Exception {
    Seen seen = seen(1, headers);
    assertThat(seen.traceparent()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01").doesNotContain(ID);
    assertThat(seen.head().split("(?i)traceparent")).hasSize(2);
    assertThat(seen.head()).doesNotContain("tracestate");
    assertThat(seen.spans().getFirst()).contains(seen.traceparent().substring(3, 35));
  }
}
