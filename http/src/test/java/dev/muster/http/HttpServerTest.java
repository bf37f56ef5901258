package dev.muster.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The server as clients see it, over real sockets.
@Timeout(30)
class HttpServerTest {
  private static final InetSocketAddress ANY = new InetSocketAddress("127.0.0.1", 0);
  private static final HttpLimits LIMITS =
      HttpLimits.defaults().withBytes(4 * 1024, 1_000, 1_000_000);

  private final Semaphore parked = new Semaphore(0);
  private final Semaphore released = new Semaphore(0);
  private final CountDownLatch interrupted = new CountDownLatch(1);
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    start(HttpConfig.on(ANY).with(LIMITS));
  }

  private void start(HttpConfig config) throws IOException {
    close();
    server = HttpServer.start(config, this::handle);
  }

  @AfterEach
  void close() {
    if (server != null) {
      server.close();
    }
  }

  private Response handle(Request request) throws InterruptedException {
    return switch (request.path()) {
      case "/park" -> {
        parked.release();
        try {
          released.acquire();
        } catch (InterruptedException e) {
          interrupted.countDown();
          throw e;
        }
        yield Response.text(200, "released");
      }
      case "/throw" -> throw new IllegalStateException("planted");
      case "/overflow" -> throw new StackOverflowError("planted");
      case "/header" -> Response.empty(200).with("X-Bad", "a\r\nb");
      case "/empty" -> Response.empty(200);
      default ->
          Response.text(
              200,
              "%s %s %s %s"
                  .formatted(
                      request.method(),
                      request.path(),
                      request.query(),
                      new String(request.body(), UTF_8)));
    };
  }

  private RawClient client() throws IOException {
    return new RawClient(server.address());
  }

  private HttpResponse<String> exchange(HttpRequest.Builder request) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(
        URI.create("http://127.0.0.1:" + server.address().getPort() + path));
  }

  @Test
  void aConnectionIsKeptForFurtherRequests() throws IOException {
    try (var client = client()) {
      for (int i = 0; i < 3; i++) {
        RawClient.Answer answer =
            client.send("GET /" + i + " HTTP/1.1\r\nHost: x\r\n\r\n").answer();
        assertThat(answer.body()).startsWith("GET /" + i);
        assertThat(answer.headers()).containsKey("date").doesNotContainKey("connection");
      }
      client.send("GET /last HTTP/1.1\r\nConnection: close\r\n\r\n");
      assertThat(client.answer().headers()).containsEntry("connection", "close");
      assertThat(client.isEnded()).isTrue();
    }
  }

  @Test
  void clientsOfTheOldVersionAreToldWhetherTheConnectionIsKept() throws IOException {
    try (var client = client()) {
      client.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
      assertThat(client.answer().headers()).containsEntry("connection", "keep-alive");
      client.send("GET /b HTTP/1.0\r\n\r\n");
      assertThat(client.answer().headers()).containsEntry("connection", "close");
      assertThat(client.isEnded()).isTrue();
    }
  }

  @Test
  void requestsSentAtOnceAreAnsweredInTheirOrder() throws Exception {
    int count = 40;
    try (var client = client()) {
      StringBuilder all = new StringBuilder("GET /park HTTP/1.1\r\n\r\n");
      for (int i = 0; i < count; i++) {
        all.append("PUT /").append(i).append(" HTTP/1.1\r\nContent-Length: 2\r\n\r\nok");
      }
      client.send(all.toString());
      parked.acquire();
      released.release();
      assertThat(client.answer().body()).isEqualTo("released");
      for (int i = 0; i < count; i++) {
        assertThat(client.answer().body()).isEqualTo("PUT /" + i + " {} ok");
      }
    }
  }

  @Test
  void chunkedBodies() throws IOException {
    try (var client = client()) {
      client.send("PUT /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
      client.send("3\r\nabc\r\n").send("2\r\nde\r\n0\r\n\r\n");
      assertThat(client.answer().body()).isEqualTo("PUT /a {} abcde");
      client.send("GET /b HTTP/1.1\r\n\r\n");
      assertThat(client.answer().body()).isEqualTo("GET /b {} ");
    }
  }

  @Test
  void aClientThatAsksFirstIsToldToGoOn() throws IOException {
    try (var client = client()) {
      client.send("PUT /a HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
      assertThat(client.answer().status()).isEqualTo(100);
      assertThat(client.send("abc").answer().body()).isEqualTo("PUT /a {} abc");
    }
  }

  @Test
  void aClientThatAsksFirstIsToldThatItsBodyIsTooLong() throws IOException {
    try (var client = client()) {
      client.send("PUT /a HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1001\r\n\r\n");
      RawClient.Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(413);
      assertThat(answer.body())
          .isEqualTo("Request body(1001 bytes) too large, max size: 1000 bytes.");
      client.finish();
      assertThat(client.isEnded()).isTrue();
    }
  }

  @Test
  void aBodyOverTheLimitIsRefusedAndTheConnectionGoesOn() throws IOException {
    try (var client = client()) {
      client.send("PUT /a HTTP/1.1\r\nContent-Length: 1001\r\n\r\n" + "x".repeat(1_001));
      assertThat(client.answer().status()).isEqualTo(413);
      client.send("PUT /a HTTP/1.1\r\nContent-Length: 1000\r\n\r\n" + "x".repeat(1_000));
      assertThat(client.answer().status()).isEqualTo(200);
      client.send("PUT /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
      for (int i = 0; i < 3; i++) {
        client.send("200\r\n" + "x".repeat(0x200) + "\r\n");
      }
      client.send("0\r\n\r\n");
      RawClient.Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(413);
      assertThat(answer.body()).contains("1536 bytes");
      client.send("GET /b HTTP/1.1\r\n\r\n");
      assertThat(client.answer().status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2 * 1024 * 1024, 20 * 1024 * 1024})
  void anOrdinaryClientReadsWhyItsBodyIsRefused(int bytes) throws Exception {
    HttpResponse<String> answer =
        exchange(
            to("/a")
                .version(HttpClient.Version.HTTP_1_1)
                .PUT(HttpRequest.BodyPublishers.ofByteArray(new byte[bytes])));
    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(answer.body()).contains("body(" + bytes + " bytes) too large");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense\r\n\r\n",
        "GET / HTTP/1.1\r\nno colon\r\n\r\n",
        "PUT / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        "PUT / HTTP/1.1\r\n"
            + "Content-Length: 1\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n"
            + "1\r\n"
            + "x\r\n"
            + "0\r\n\r\n",
        "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "GET /% HTTP/1.1\r\n\r\n",
        "GET /a?b=%zz HTTP/1.1\r\n\r\n"
      })
  void whatCannotBeUnderstoodIsRefused(String request) throws IOException {
    try (var client = client()) {
      assertThat(client.send(request).answer().status()).isEqualTo(400);
    }
  }

  @Test
  void whatCannotBeUnderstoodIsRefusedAfterWhatCameBefore() throws Exception {
    try (var client = client()) {
      client.send("GET /park HTTP/1.1\r\n\r\nnonsense\r\n\r\n");
      parked.acquire();
      released.release();
      assertThat(client.answer().body()).isEqualTo("released");
      assertThat(client.answer().status()).isEqualTo(400);
    }
  }

  @Test
  void longLinesAndHeadersAreRefusedByName() throws IOException {
    try (var client = client()) {
      client.send("GET /" + "x".repeat(9_000) + " HTTP/1.1\r\n\r\n");
      assertThat(client.answer().status()).isEqualTo(414);
    }
    try (var client = client()) {
      client.send("GET / HTTP/1.1\r\nX: " + "x".repeat(5_000) + "\r\n\r\n");
      assertThat(client.answer().status()).isEqualTo(431);
    }
  }

  @Test
  void aHandlersThreadIsInterruptedWhenItsClientGoesAway() throws Exception {
    try (var client = client()) {
      client.send("GET /park HTTP/1.1\r\n\r\n");
      parked.acquire();
    }
    assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/throw", "/overflow", "/header"})
  void aHandlerThatFailsIsAnsweredFor(String path) throws IOException {
    try (var client = client()) {
      client.send("GET " + path + " HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\n\r\n");
      RawClient.Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.body()).startsWith("Internal error: ");
      assertThat(client.answer().status()).isEqualTo(200);
    }
  }

  @Test
  void targetsReachTheHandlerDecoded() throws IOException {
    try (var client = client()) {
      client.send("GET /a%2Fb%20c?x=%C3%BC&stale HTTP/1.1\r\n\r\n");
      assertThat(client.answer().body()).isEqualTo("GET /a/b c {x=[ü], stale=[]} ");
    }
  }

  @Test
  void headAnswersWithoutABody() throws IOException {
    try (var client = client()) {
      client.send("HEAD /a HTTP/1.1\r\n\r\n");
      RawClient.Answer head = client.answer(false);
      assertThat(head.headers()).containsEntry("content-length", "11");
      client.send("GET /empty HTTP/1.1\r\n\r\n");
      RawClient.Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.headers()).containsEntry("content-length", "0");
    }
  }

  @Test
  void aPortThatIsTakenIsNamed() {
    var taken = HttpConfig.on(server.address());
    assertThatThrownBy(() -> HttpServer.start(taken, this::handle))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot listen on")
        .hasMessageContaining(":" + server.address().getPort());
  }
}
