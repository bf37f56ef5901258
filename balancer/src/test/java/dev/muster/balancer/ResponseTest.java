package dev.muster.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.balancer.RawClient.Response;
import dev.muster.balancer.RawUpstream.Wire;
import dev.muster.balancer.config.BalancerConfig;
import dev.muster.balancer.observe.Statistics.Failure;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What becomes of an instance's response: its framing, its faults, and what ends early.
class ResponseTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private Balancer balancer;

  @BeforeEach
  void start() {
    balancer = Balancer.start(BalancerConfig.defaults().withListen("127.0.0.1", 0).withThreads(1));
  }

  @AfterEach
  void stop() {
    balancer.close();
  }

  private void serve(RawUpstream app) {
    balancer
        .endpoints()
        .replace("app", List.of(BalancerTest.endpoint("a", app.port(), "urlprefix-/")));
  }

  private static RawUpstream once(String bytes) throws IOException {
    return new RawUpstream(
        connection -> {
          connection.readRequest();
          connection.send(bytes);
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTP/1.1 200 OK\r\n\r\n",
        "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1  200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 O\u0000K\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
        "HTTP/1.1 200 OK\r\nA : b\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: b\u0000\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nhello",
        "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nhello",
        "HTTP/1.1 101 Switching Protocols\r\n\r\n",
        "no HTTP at all, only text\r\n\r\n"
      })
  void aMalformedResponseIsABadGateway(String bytes) throws Exception {
    try (RawUpstream app = once(bytes);
        RawClient client = new RawClient(balancer.port())) {
      serve(app);
      Response response = client.get("/");
      assertThat(response.status()).isEqualTo(502);
      assertThat(response.body()).isEqualTo("the instance of route / did not answer in HTTP\n");
      assertThat(client.get("/no").status()).isEqualTo(502);
      assertThat(balancer.statistics().failures()).containsEntry(Failure.UPSTREAM_INVALID, 2L);
    }
  }

  @Test
  void aBadChunkInTheMiddleCutsTheClientOff() throws Exception {
    try (RawUpstream app =
            new RawUpstream(
                connection -> {
                  connection.readRequest();
                  connection.send(
                      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello");
                  connection.in.read();
                });
        RawClient client = new RawClient(balancer.port())) {
      serve(app);
      client.send(GET);
      assertThat(Wire.readHead(client.in)).startsWith("HTTP/1.1 200 OK\r\n");
      assertThat(Wire.read(client.in, 8)).isEqualTo("5\r\nhello");
      app.kill();
      assertThat(client.in.read()).isNegative();
    }
  }

  @Test
  void chunksTrailersAndExtensionsPassUnchanged() throws Exception {
    String body = "5;a=b\r\nhello\r\n0\r\nA: b\r\n\r\n";
    try (RawUpstream app =
            RawUpstream.sending("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
        RawClient client = new RawClient(balancer.port())) {
      serve(app);
      for (int i = 0; i < 3; i++) {
        client.send(GET);
        assertThat(Wire.readHead(client.in))
            .isEqualTo("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        assertThat(Wire.read(client.in, body.length())).isEqualTo(body);
      }
      assertThat(app.connections).hasValue(1);
    }
  }

  @Test
  void aBodyUpToTheEndOfTheConnectionIsChunkedForTheClient() throws Exception {
    try (RawUpstream app = once("HTTP/1.1 200 OK\r\nA: b\r\n\r\nhello");
        RawClient client = new RawClient(balancer.port())) {
      serve(app);
      for (int i = 0; i < 3; i++) {
        Response response = client.get("/");
        assertThat(response.head())
            .isEqualTo("HTTP/1.1 200 OK\r\nA: b\r\nTransfer-Encoding: chunked\r\n\r\n");
        assertThat(response.body()).isEqualTo("hello");
      }
    }
  }

  @Test
  void aBodyThatBreaksOffIsNotPassedOffAsWhole() throws Exception {
    try (RawUpstream app =
            new RawUpstream(
                connection -> {
                  connection.readRequest();
                  connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
                });
        RawClient client = new RawClient(balancer.port())) {
      serve(app);
      client.send(GET);
      assertThat(client.rest()).endsWith("\r\n\r\nhello");
      assertThat(balancer.statistics().failures()).containsEntry(Failure.UPSTREAM_CLOSED, 1L);
    }
  }

  @Test
  void clientsOfHttp10GetPlainBodies() throws Exception {
    try (RawUpstream app =
        RawUpstream.sending(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")) {
      serve(app);
      try (RawClient client = new RawClient(balancer.port())) {
        client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        assertThat(client.rest()).isEqualTo("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello");
      }
    }
    try (RawUpstream app = RawUpstream.answering("hello")) {
      serve(app);
      try (RawClient client = new RawClient(balancer.port())) {
        client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        Response response = client.read();
        assertThat(response.header("Connection")).isEqualTo("keep-alive");
        assertThat(response.body()).isEqualTo("hello");
        client.send("GET / HTTP/1.0\r\n\r\n");
        assertThat(client.rest())
            .isEqualTo("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n"
      })
  void responsesWithoutABodyKeepBothConnections(String bytes) throws Exception {
    try (RawUpstream app = RawUpstream.sending(bytes);
        RawClient client = new RawClient(balancer.port())) {
      serve(app);
      for (int i = 0; i < 3; i++) {
        client.send(GET);
        assertThat(Wire.readHead(client.in)).isEqualTo(bytes.replace("200\r", "200 \r"));
      }
      assertThat(app.connections).hasValue(1);
    }
  }

  @Test
  void headHasNoBody() throws Exception {
    try (RawUpstream app = RawUpstream.sending("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
        RawClient client = new RawClient(balancer.port())) {
      serve(app);
      for (int i = 0; i < 3; i++) {
        client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(Wire.readHead(client.in))
            .isEqualTo("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
      }
      assertThat(app.connections).hasValue(1);
    }
  }

  @Test
  void octetsAfterTheEndAreNeverTheNextResponse() throws Exception {
    try (RawUpstream app =
            RawUpstream.sending(
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
                    + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged");
        RawClient client = new RawClient(balancer.port())) {
      serve(app);
      for (int i = 0; i < 5; i++) {
        assertThat(client.get("/").body()).isEqualTo("hello");
      }
      assertThat(app.connections).hasValue(5);
    }
  }

  @Test
  void hopByHopFieldsEndHere() throws Exception {
    try (RawUpstream app =
            RawUpstream.sending(
                "HTTP/1.1 200 OK\r\nA: b\r\nKeep-Alive: timeout=5\r\nConnection: keep-alive, x\r\n"
                    + "X: y\r\nUpgrade: h2c\r\nContent-Length: 0\r\nProxy-Authenticate: z\r\n\r\n");
        RawClient client = new RawClient(balancer.port())) {
      serve(app);
      assertThat(client.get("/").head())
          .isEqualTo("HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 0\r\n\r\n");
    }
  }

  @Test
  void interimResponsesPass() throws Exception {
    try (RawUpstream app =
            new RawUpstream(
                connection -> {
                  while (connection.readHead()) {
                    connection.send("HTTP/1.1 100 Continue\r\n\r\n");
                    String body = Wire.readBody(connection.head, connection.in);
                    connection.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" + body);
                  }
                });
        RawClient client = new RawClient(balancer.port())) {
      serve(app);
      for (int i = 0; i < 3; i++) {
        client.send(
            "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
        assertThat(client.read().status()).isEqualTo(100);
        client.send("hello");
        assertThat(client.read().head())
            .isEqualTo("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
        assertThat(client.read().body()).isEqualTo("hello");
      }
      assertThat(app.heads.getFirst()).contains("\r\nExpect: 100-continue\r\n");
      assertThat(app.connections).hasValue(1);
    }
  }

  @Test
  void aResponseMayComeBeforeTheRequestEnds() throws Exception {
    try (RawUpstream app =
            new RawUpstream(
                connection -> {
                  connection.readHead();
                  connection.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig");
                });
        RawClient client = new RawClient(balancer.port())) {
      serve(app);
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nhello");
      Response response = client.read();
      assertThat(response.status()).isEqualTo(413);
      assertThat(response.header("Connection")).isEqualTo("close");
      assertThat(response.body()).isEqualTo("big");
      assertThat(client.in.read()).isNegative();
    }
  }

  @Test
  void webSocketsAreTunnelled() throws Exception {
    try (RawUpstream app =
            new RawUpstream(
                connection -> {
                  connection.readHead();
                  connection.send(
                      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                          + "Connection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\nfirst");
                  connection.send(Wire.read(connection.in, 4));
                });
        RawClient client = new RawClient(balancer.port())) {
      serve(app);
      client.send(
          "GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\n"
              + "Upgrade: WebSocket\r\nSec-WebSocket-Key: y\r\n\r\nping");
      Response response = client.read();
      assertThat(response.status()).isEqualTo(101);
      assertThat(response.header("Upgrade")).isEqualTo("websocket");
      assertThat(client.rest()).isEqualTo("firstping");
      assertThat(app.heads.getFirst()).contains("\r\nUpgrade: websocket\r\n");
    }
  }
}
