package dev.muster.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Who gets a compressed answer, and that it is the same one.
@Timeout(30)
class GzipTest {
  private static final String TEXT = "{\"ServiceID\": \"web-%d\"}\n".repeat(1_000);

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

  private static Response answer(String path) {
    return switch (path) {
      case "/small" -> Response.text(200, "small");
      case "/encoded" -> Response.text(200, TEXT).with("Content-Encoding", "x-own");
      case "/varies" -> Response.text(200, TEXT).with("Vary", "Accept-Encoding");
      case "/streamed" -> Response.streamed(200, "text/x", out -> out.write(TEXT.getBytes(UTF_8)));
      default -> Response.text(200, TEXT);
    };
  }

  private HttpResponse<byte[]> send(String method, String path, String acceptEncoding)
      throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.address().getPort() + path))
            .version(HttpClient.Version.HTTP_1_1)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .header("Accept-Encoding", acceptEncoding);
    try (var client = HttpClient.newHttpClient()) {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }
  }

  private static String header(HttpResponse<?> answer, String name) {
    return String.join(",", answer.headers().allValues(name));
  }

  @Test
  void whoAsksForItGetsTheSameInFewerBytes() throws Exception {
    HttpResponse<byte[]> answer = send("GET", "/a", "gzip, deflate, br");
    assertThat(header(answer, "Content-Encoding")).isEqualTo("gzip");
    assertThat(header(answer, "Vary")).isEqualTo("accept-encoding");
    assertThat(header(answer, "Content-Length")).isEqualTo("" + answer.body().length);
    assertThat(answer.body().length).isLessThan(TEXT.length() / 10);
    try (var plain = new GZIPInputStream(new ByteArrayInputStream(answer.body()))) {
      assertThat(new String(plain.readAllBytes(), UTF_8)).isEqualTo(TEXT);
    }
    HttpResponse<byte[]> head = send("HEAD", "/a", "gzip");
    assertThat(header(head, "Content-Encoding")).isEqualTo("gzip");
    assertThat(header(head, "Content-Length")).isEqualTo("" + answer.body().length);
    assertThat(header(send("GET", "/varies", "gzip"), "Vary")).isEqualTo("Accept-Encoding");
  }

  @ParameterizedTest
  @CsvSource({"/a, identity", "/small, gzip", "/encoded, gzip", "/streamed, gzip"})
  void othersGetItAsItIs(String path, String acceptEncoding) throws Exception {
    HttpResponse<byte[]> answer = send("GET", path, acceptEncoding);
    assertThat(header(answer, "Content-Encoding")).doesNotContain("gzip");
    assertThat(new String(answer.body(), UTF_8)).isIn(TEXT, "small");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gzip|true",
        "deflate, GZIP;q=0.5|true",
        "*|true",
        "br;q=1.0, *;q=0.1|true",
        "x-gzip ; q = 1|true",
        "''|false",
        "deflate, br|false",
        "gzip;q=0|false",
        "gzip;q=0.000, *|false",
        "*;q=0|false",
        "identity;q=1, gzip;q=0.5|false",
        "identity;q=0.5, gzip;q=0.5|true",
        "gzip;q=much|false",
        "gzip;level=9|false"
      })
  void weightsAreHeeded(String acceptEncoding, boolean isWanted) {
    assertThat(Gzip.isWanted(List.of(acceptEncoding))).isEqualTo(isWanted);
  }

  @Test
  void severalHeadersAreOne() {
    assertThat(Gzip.isWanted(List.of("br", "gzip"))).isTrue();
    assertThat(Gzip.isWanted(List.of())).isFalse();
  }
}
