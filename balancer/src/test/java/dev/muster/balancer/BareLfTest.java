package dev.muster.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.balancer.config.BalancerConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Lines of heads that end in a line feed alone: taken when asked for, and never forwarded so.
class BareLfTest {
  private static final BalancerConfig STRICT = BalancerConfig.defaults().withListen("127.0.0.1", 0);

  private static Balancer balancer(BalancerConfig config, RawUpstream upstream) {
    Balancer balancer = Balancer.start(config);
    balancer
        .endpoints()
        .replace("app", List.of(BalancerTest.endpoint("1", upstream.port(), "urlprefix-/")));
    return balancer;
  }

  @Test
  void isRefusedUnlessAskedFor() throws Exception {
    try (RawUpstream upstream = RawUpstream.answering("x");
        Balancer balancer = balancer(STRICT, upstream);
        RawClient client = new RawClient(balancer.port())) {
      assertThat(client.send("GET / HTTP/1.1\nHost: test\n\n").read().status()).isEqualTo(400);
      assertThat(upstream.heads).isEmpty();
    }
  }

  @Test
  void isForwardedWithBothOctets() throws Exception {
    try (RawUpstream upstream = RawUpstream.answering("x");
        Balancer balancer = balancer(STRICT.withBareLf(), upstream);
        RawClient client = new RawClient(balancer.port())) {
      client.send("POST /a HTTP/1.1\nHost: test\r\nX-A: b\nContent-Length: 3\n\nb\nc");
      assertThat(client.read().body()).isEqualTo("x");
      assertThat(client.get("/next").status()).isEqualTo(200);
      assertThat(upstream.heads).hasSize(2);
      assertThat(upstream.heads.getFirst())
          .startsWith("POST /a HTTP/1.1\r\n")
          .contains("X-A: b\r\n")
          .doesNotContainPattern("[^\r]\n");
    }
  }

  @Test
  void pipelinedAndInPieces() throws Exception {
    try (RawUpstream upstream = RawUpstream.answering("x");
        Balancer balancer = balancer(STRICT.withBareLf(), upstream);
        RawClient client = new RawClient(balancer.port())) {
      client.send("GET /1 HTTP/1.1\nHost: test\n\nGET /2 HTTP/1.1\nHost: te");
      assertThat(client.read().status()).isEqualTo(200);
      for (String piece : "st\nX: y\n\n".split("")) {
        client.send(piece);
      }
      assertThat(client.read().status()).isEqualTo(200);
    }
  }

  @Test
  void whatIsOddStaysRefused() throws Exception {
    List<String> odd =
        List.of(
            "GET / HTTP/1.1\nHost: test\rX: y\n\n",
            "GET / HTTP/1.1\nHost: test\n folded\n\n",
            "GET / HTTP/1.1\nHost: test\nTransfer-Encoding: chunked\n\n3\nabc\n0\n\n");
    try (RawUpstream upstream = RawUpstream.answering("x");
        Balancer balancer = balancer(STRICT.withBareLf(), upstream)) {
      for (String request : odd) {
        try (RawClient client = new RawClient(balancer.port())) {
          assertThat(client.send(request).read().status()).as(request).isEqualTo(400);
        }
      }
      assertThat(upstream.heads).isEmpty();
    }
  }

  @Test
  void instancesMayAnswerSo() throws Exception {
    try (RawUpstream upstream =
            RawUpstream.sending("HTTP/1.1 200 OK\nX-A: b\nContent-Length: 2\n\n\n.");
        Balancer balancer = balancer(STRICT.withBareLf(), upstream);
        RawClient client = new RawClient(balancer.port())) {
      RawClient.Response response = client.get("/");
      assertThat(response.head()).contains("X-A: b\r\n").doesNotContainPattern("[^\r]\n");
      assertThat(response.body()).isEqualTo("\n.");
      assertThat(client.get("/again").body()).isEqualTo("\n.");
    }
  }
}
