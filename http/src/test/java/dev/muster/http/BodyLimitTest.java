package dev.muster.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A handler may take longer bodies for some of its requests, and says itself what is too long.
@Timeout(30)
class BodyLimitTest {
  private static final int USUAL = 512 * 1024;
  private static final int LARGE = 20 * 1024 * 1024;

  private static final class Store implements Handler {
    @Override
    public Response handle(Request request) {
      return Response.text(200, request.body().length + " bytes");
    }

    @Override
    public int bodyBytesMax(String method, String path, int usual) {
      return method.equals("PUT") && path.equals("/large /one") ? LARGE : usual;
    }

    @Override
    public Response bodyTooLarge(String path, long bytes, int bytesMax) {
      return Response.text(413, "%s: %d > %d".formatted(path, bytes, bytesMax));
    }
  }

  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    var any = new InetSocketAddress("127.0.0.1", 0);
    server = HttpServer.start(HttpConfig.on(any), new Store());
  }

  @AfterEach
  void close() {
    server.close();
  }

  private static String answer(RawClient client, String target, int bytes) throws IOException {
    client.send(target + " HTTP/1.1\r\nContent-Length: " + bytes + "\r\n\r\n");
    client.send(new byte[bytes]);
    return client.answer().body();
  }

  @Test
  void theLimitIsThatOfMethodAndPath() throws IOException {
    try (var client = new RawClient(server.address())) {
      assertThat(answer(client, "PUT /large%20/one", LARGE)).isEqualTo(LARGE + " bytes");
      assertThat(answer(client, "PUT /large%20/one", LARGE + 1))
          .isEqualTo("/large /one: %d > %d".formatted(LARGE + 1, LARGE));
    }
    try (var client = new RawClient(server.address())) {
      assertThat(answer(client, "PUT /a", USUAL)).isEqualTo(USUAL + " bytes");
      assertThat(answer(client, "PUT /a", USUAL + 1))
          .isEqualTo("/a: %d > %d".formatted(USUAL + 1, USUAL));
      assertThat(answer(client, "POST /large%20/one", USUAL + 1)).startsWith("/large /one: ");
      assertThat(answer(client, "PUT /a", 1)).isEqualTo("1 bytes");
    }
  }

  @Test
  void aClientThatAsksFirstIsToldByTheSameLimit() throws IOException {
    try (var client = new RawClient(server.address())) {
      client.send("PUT /large%20/one HTTP/1.1\r\n");
      client.send("Expect: 100-continue\r\nContent-Length: " + LARGE + "\r\n\r\n");
      assertThat(client.answer().status()).isEqualTo(100);
      assertThat(client.send(new byte[LARGE]).answer().status()).isEqualTo(200);
    }
  }
}
