package dev.muster.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// No client holds a connection, or memory, for longer than it is patient with it.
@Timeout(30)
class SlowClientTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(200);
  private static final int LARGE = 20_000_000;

  private final Semaphore parked = new Semaphore(0);
  private final Semaphore released = new Semaphore(0);
  private final CompletableFuture<IOException> cut = new CompletableFuture<>();
  private final AtomicInteger answered = new AtomicInteger();
  private HttpServer server;

  private void start(HttpTimeouts timeouts) throws IOException {
    start(timeouts, HttpLimits.defaults());
  }

  private void start(HttpTimeouts timeouts, HttpLimits limits) throws IOException {
    var any = new InetSocketAddress("127.0.0.1", 0);
    server = HttpServer.start(HttpConfig.on(any).with(limits).with(timeouts), this::answer);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private Response answer(Request request) throws InterruptedException {
    answered.incrementAndGet();
    return switch (request.path()) {
      case "/park" -> {
        parked.release();
        released.acquire();
        yield Response.text(200, "released");
      }
      case "/large" -> Response.of(200, "text/x", new byte[LARGE]);
      case "/endless" -> Response.streamed(200, "text/x", this::writeWithoutEnd);
      default -> Response.text(200, request.path() + " " + request.body().length);
    };
  }

  private void writeWithoutEnd(OutputStream out) throws IOException {
    try {
      while (true) {
        out.write(new byte[10_000]);
      }
    } catch (IOException e) {
      cut.complete(e);
      throw e;
    }
  }

  private RawClient client() throws IOException {
    return new RawClient(server.address());
  }

  @Test
  void aConnectionWithoutRequestsIsEndedButNotOneThatWaitsForItsAnswer() throws Exception {
    start(new HttpTimeouts(LONG, LONG, SHORT, SHORT));
    try (var silent = client();
        var used = client();
        var waiting = client()) {
      waiting.send("GET /park HTTP/1.1\r\n\r\n");
      parked.acquire();
      assertThat(used.send("GET /a HTTP/1.1\r\n\r\n").answer().status()).isEqualTo(200);
      assertThat(silent.isEnded()).isTrue();
      assertThat(used.isEnded()).isTrue();
      released.release();
      assertThat(waiting.answer().body()).isEqualTo("released");
      assertThat(waiting.isEnded()).isTrue();
    }
  }

  @Test
  void aRequestThatDoesNotCompleteIsToldSo() throws IOException {
    start(new HttpTimeouts(SHORT, LONG, LONG, SHORT));
    for (String part :
        new String[] {
          "G",
          "GET /a HTTP/1.1\r\nHo",
          "PUT /a HTTP/1.1\r\nContent-Length: 3\r\n\r\nab",
          "PUT /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n",
          "GET /a HTTP/1.1\r\n\r\nGET"
        }) {
      try (var client = client()) {
        client.send(part);
        if (part.endsWith("\n\r\nGET")) {
          assertThat(client.answer().status()).isEqualTo(200);
          client.send(" /b HTTP/1.1\r\n");
        }
        RawClient.Answer answer = client.answer();
        assertThat(answer.status()).as(part).isEqualTo(408);
        assertThat(answer.headers()).containsEntry("connection", "close");
        assertThat(client.isEnded()).isTrue();
      }
    }
  }

  @Test
  void drippingDoesNotHelp() throws IOException {
    start(new HttpTimeouts(SHORT, LONG, LONG, SHORT));
    try (var client = client();
        var clock = client()) {
      client.send("GET /a HTTP/1.1\r\n");
      // Whatever is sent, each answer on the other connection is some time later.
      int dripped = 0;
      while (client.hasNothingToRead()) {
        clock.send("GET /b HTTP/1.1\r\n\r\n").answer();
        if (++dripped % 100 == 0) {
          client.send("X");
        }
      }
      assertThat(client.answer().status()).isEqualTo(408);
    }
  }

  @Test
  void timeThatARequestWaitsForOthersIsNotItsOwn() throws Exception {
    start(new HttpTimeouts(SHORT, LONG, SHORT, SHORT));
    try (var client = client();
        var other = client()) {
      client.send("GET /park HTTP/1.1\r\n\r\n" + "PUT /b HTTP/1.1\r\n\r\n".repeat(30));
      parked.acquire();
      assertThat(other.isEnded()).isTrue();
      released.release();
      assertThat(client.answer().body()).isEqualTo("released");
      for (int i = 0; i < 30; i++) {
        assertThat(client.answer().body()).isEqualTo("/b 0");
      }
    }
  }

  @Test
  void aClientThatDoesNotReadIsCut() throws Exception {
    start(new HttpTimeouts(LONG, SHORT, LONG, SHORT));
    try (var streaming = client();
        var whole = client()) {
      streaming.send("GET /endless HTTP/1.1\r\n\r\n");
      assertThat(cut.get(10, TimeUnit.SECONDS)).hasMessageContaining("the client is gone");
      whole.send("GET /large HTTP/1.1\r\n\r\n");
      whole.awaitEndWithoutReading();
    }
  }

  @Test
  void aClientThatAsksWithoutReadingIsNotAnsweredWithoutEnd() throws Exception {
    start(new HttpTimeouts(LONG, SHORT, LONG, SHORT));
    try (var client = client()) {
      client.send("GET /large HTTP/1.1\r\n\r\n".repeat(30));
      client.awaitEndWithoutReading();
      assertThat(answered).hasValueLessThan(5);
    }
  }

  @Test
  void tooManyRequestsAtOnceAreRefused() throws Exception {
    start(HttpTimeouts.defaults());
    try (var client = client()) {
      client.send("GET /park HTTP/1.1\r\n\r\n" + "GET /b HTTP/1.1\r\n\r\n".repeat(3_000));
      parked.acquire();
      released.release();
      int served = 0;
      RawClient.Answer answer = client.answer();
      while (answer.status() == 200) {
        served++;
        answer = client.answer();
      }
      assertThat(answer.status()).isEqualTo(429);
      assertThat(served).isBetween(50, 110);
      assertThat(client.isEnded()).isTrue();
    }
  }

  @Test
  void bodiesHaveOneBoundTogether() throws Exception {
    start(HttpTimeouts.defaults(), HttpLimits.defaults().withBytes(4096, 1_000, 1_500));
    String put = " HTTP/1.1\r\nContent-Length: 1000\r\n\r\n" + "x".repeat(1_000);
    try (var first = client()) {
      first.send("PUT /park" + put);
      parked.acquire();
      try (var second = client()) {
        assertThat(second.send("PUT /a" + put).answer().status()).isEqualTo(503);
        assertThat(second.isEnded()).isTrue();
      }
      released.release();
      assertThat(first.answer().status()).isEqualTo(200);
    }
    for (int i = 0; i < 3; i++) {
      try (var gone = client();
          var half = client();
          var large = client()) {
        awaitRoom(put);
        gone.send("PUT /park" + put);
        parked.acquire();
        half.send("PUT /a HTTP/1.1\r\nContent-Length: 1000\r\n\r\nabc");
        large.send("PUT /a HTTP/1.1\r\nContent-Length: 1001\r\n\r\n" + "x".repeat(1_001));
        assertThat(large.answer().status()).isIn(413, 503);
      }
    }
    awaitRoom(put);
  }

  /// That a client is gone is noticed a little later.
  private void awaitRoom(String put) throws IOException {
    int status = 0;
    while (status != 200) {
      try (var client = client()) {
        status = client.send("PUT /a" + put).answer().status();
      }
    }
  }
}
