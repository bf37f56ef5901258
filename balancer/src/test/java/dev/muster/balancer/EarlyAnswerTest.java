package dev.muster.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.balancer.config.ResponseConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Answers that are given before the request's body is there.
class EarlyAnswerTest {
  private final Site site = new Site();

  @AfterEach
  void close() {
    site.close();
  }

  @Test
  void aLargeBodyIsThrownAwayAndTheNextRequestFollows() throws Exception {
    site.returning("/no", 403, "").returning("/yes", 200, "yes").start();
    String piece = "x".repeat(100_000);
    try (RawClient client = site.client()) {
      client.send("POST /no HTTP/1.1\r\nHost: test\r\nContent-Length: 5000000\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(403);
      for (int i = 0; i < 50; i++) {
        client.send(piece);
      }
      assertThat(client.get("/yes").body()).isEqualTo("yes");
      client.send(
          "POST /no HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
      assertThat(client.read().status()).isEqualTo(403);
      client.send("0\r\n\r\nGET /yes HTTP/1.1\r\nHost: test\r\n\r\nGET /no HTTP/1.1\r\n");
      assertThat(client.read().body()).isEqualTo("yes");
      client.send("Host: test\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(403);
    }
  }

  @Test
  void aBodyThatTurnsBadAfterTheAnswerEndsTheConnectionWithoutAnother() throws Exception {
    site.returning("/no", 403, "").start();
    try (RawClient client = site.client()) {
      client.send("POST /no HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(403);
      client.send("no chunk\r\n");
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void whoWaitsToBeAskedForTheBodyIsAskedByTheInstanceOrNotAtAll() throws Exception {
    String post = " HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n";
    try (RawUpstream app =
        new RawUpstream(
            connection -> {
              while (connection.readHead()) {
                connection.send("HTTP/1.1 100 Continue\r\n\r\n");
                String body = RawUpstream.Wire.readBody(connection.head, connection.in);
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" + body);
              }
            })) {
      site.returning("/no", 403, "").proxying("/app", app, ResponseConfig.defaults()).start();
      try (RawClient client = site.client()) {
        client.send("POST /app" + post);
        assertThat(client.read().status()).isEqualTo(100);
        assertThat(client.send("hello").read().body()).isEqualTo("hello");
        client.send("POST /no" + post);
        assertThat(client.read().header("Connection")).isEqualTo("close");
        assertThat(client.rest()).isEmpty();
      }
    }
  }
}
