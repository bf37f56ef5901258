package dev.muster.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Bodies that are written piece by piece, as clients see them.
@Timeout(30)
class StreamedTest {
  private static final int LARGE = 3_000_000;
  private static final int ENDLESS = 1 << 30;

  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final CompletableFuture<Exception> ended = new CompletableFuture<>();
  private final AtomicLong written = new AtomicLong();
  private final AtomicReference<OutputStream> kept = new AtomicReference<>();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    var any = new InetSocketAddress("127.0.0.1", 0);
    server = HttpServer.start(HttpConfig.on(any), request -> answer(request.path()));
  }

  @AfterEach
  void close() {
    server.close();
  }

  private Response answer(String path) {
    return Response.streamed(
        200,
        "text/x",
        switch (path) {
          case "/lines" -> this::writeLines;
          case "/large" -> out -> out.write("x".repeat(LARGE).getBytes(UTF_8));
          case "/small" -> out -> out.write('y');
          case "/bytes" -> StreamedTest::writeBytes;
          case "/nothing" -> out -> {};
          case "/endless" -> this::writeWithoutEnd;
          case "/fails" ->
              out -> {
                throw new IllegalStateException("planted");
              };
          case "/fails-late" ->
              out -> {
                out.write('a');
                out.flush();
                throw new IOException("planted");
              };
          default -> kept::set;
        });
  }

  /// Each at once, until one that is empty.
  private void writeLines(OutputStream out) throws IOException, InterruptedException {
    try {
      out.flush();
      for (String line = lines.take(); !line.isEmpty(); line = lines.take()) {
        out.write(line.getBytes(UTF_8));
        out.flush();
      }
    } catch (IOException | InterruptedException e) {
      ended.complete(e);
      throw e;
    }
  }

  private static void writeBytes(OutputStream out) throws IOException {
    for (int i = 0; i < 100_000; i++) {
      out.write('a' + i % 26);
    }
  }

  private void writeWithoutEnd(OutputStream out) throws IOException {
    byte[] bytes = new byte[10_000];
    try {
      while (written.addAndGet(bytes.length) < ENDLESS) {
        out.write(bytes);
      }
    } catch (IOException e) {
      ended.complete(e);
      throw e;
    }
  }

  private RawClient get(String path) throws IOException {
    return new RawClient(server.address()).send("GET " + path + " HTTP/1.1\r\n\r\n");
  }

  @Test
  void piecesArriveWhenTheyAreFlushedAndTheConnectionGoesOn() throws IOException {
    try (var client = get("/lines")) {
      RawClient.Answer head = client.head();
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.headers())
          .containsEntry("transfer-encoding", "chunked")
          .containsEntry("content-type", "text/x")
          .containsKey("date")
          .doesNotContainKeys("content-length", "connection");
      lines.add("one\n");
      assertThat(client.chunk()).isEqualTo("one\n");
      lines.add("two\n");
      assertThat(client.chunk()).isEqualTo("two\n");
      lines.add("");
      assertThat(client.chunk()).isEmpty();
      assertThat(client.send("GET /small HTTP/1.1\r\n\r\n").answer().body()).isEqualTo("y");
    }
  }

  @Test
  void whateverIsWrittenArrives() throws IOException {
    try (var client = get("/large")) {
      assertThat(client.answer().body()).isEqualTo("x".repeat(LARGE));
      assertThat(client.send("GET /nothing HTTP/1.1\r\n\r\n").answer().body()).isEmpty();
      String bytes = client.send("GET /bytes HTTP/1.1\r\n\r\n").answer().body();
      assertThat(bytes).startsWith("abc").endsWith("bcd").hasSize(100_000);
    }
  }

  @Test
  void aWriterIsHeldWhileItsClientDoesNotRead() throws Exception {
    try (var client = get("/endless")) {
      assertThat(client.head().status()).isEqualTo(200);
    }
    assertThat(ended.get(10, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
    assertThat(written).hasValueLessThan(ENDLESS);
  }

  @Test
  void aWriterThatWaitsIsInterruptedWhenItsClientGoesAway() throws Exception {
    try (var client = get("/lines")) {
      assertThat(client.head().status()).isEqualTo(200);
    }
    assertThat(ended.get(10, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
  }

  @Test
  void aFailureIsAnsweredIfNothingWasSent() throws IOException {
    try (var client = get("/fails")) {
      RawClient.Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.body()).isEqualTo("Internal error: planted");
      assertThat(client.send("GET /small HTTP/1.1\r\n\r\n").answer().status()).isEqualTo(200);
    }
  }

  @Test
  void aFailureInTheMiddleLeavesTheBodyWithoutItsEnd() throws IOException {
    try (var client = get("/fails-late")) {
      assertThat(client.head().status()).isEqualTo(200);
      assertThat(client.rest()).isEqualTo("1\r\na\r\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Connection: keep-alive\r\n"})
  void clientsOfTheOldVersionReadUntilTheEndOfTheConnection(String header) throws IOException {
    try (var client = new RawClient(server.address())) {
      client.send("GET /large HTTP/1.0\r\n" + header + "\r\n");
      assertThat(client.head().headers())
          .containsEntry("connection", "close")
          .doesNotContainKey("transfer-encoding");
      assertThat(client.rest()).isEqualTo("x".repeat(LARGE));
    }
  }

  @Test
  void headDoesNotWrite() throws IOException {
    try (var client = new RawClient(server.address())) {
      client.send("HEAD /lines HTTP/1.1\r\n\r\nGET /small HTTP/1.1\r\n\r\n");
      assertThat(client.answer(false).headers()).containsEntry("transfer-encoding", "chunked");
      assertThat(client.answer().body()).isEqualTo("y");
    }
  }

  @Test
  void whatComesAfterTheEndIsRefused() throws IOException {
    try (var client = get("/kept")) {
      assertThat(client.answer().status()).isEqualTo(200);
      assertThatThrownBy(() -> kept.get().write(1))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("must be done when it returns");
    }
  }
}
