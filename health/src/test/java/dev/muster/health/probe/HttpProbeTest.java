package dev.muster.health.probe;

import static dev.muster.registry.catalog.Check.Status.CRITICAL;
import static dev.muster.registry.catalog.Check.Status.PASSING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.catalog.Check.Status;
import dev.muster.registry.catalog.Probe;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class HttpProbeTest {
  private final Look look = new Look();
  private final Target target = new Target();

  HttpProbeTest() throws IOException {}

  @AfterEach
  void close() {
    target.close();
    look.close();
  }

  private static Probe.Http get(String url) {
    return request(url, "GET", Map.of(), "");
  }

  private static Probe.Http request(
      String url, String method, Map<String, List<String>> headers, String body) {
    return new Probe.Http(url, method, headers, body, false, Look.RHYTHM);
  }

  private static Probe.Http tls(String url, boolean skipsVerification, String serverName) {
    return new Probe.Http(
        url, "GET", Map.of(), "", skipsVerification, Look.RHYTHM, serverName, false, 0);
  }

  @ParameterizedTest
  @CsvSource({
    "200, PASSING",
    "204, PASSING",
    "299, PASSING",
    "429, WARNING",
    "404, CRITICAL",
    "500, CRITICAL",
    "503, CRITICAL",
    "304, CRITICAL",
    "302, CRITICAL"
  })
  void theStatusOfTheAnswerDecides(int status, Status expected) throws Exception {
    target.status = status;
    target.body = status == 204 || status == 304 ? "" : "said";
    Result result = look.at(get(target.url()));
    assertThat(result.status()).isEqualTo(expected);
    assertThat(result.output())
        .startsWith("HTTP GET " + target.url() + ": " + status)
        .endsWith("Output: " + target.body);
  }

  @Test
  void sendsMethodHeadersAndBodyAsTheyAreDefined() throws Exception {
    Map<String, List<String>> headers =
        Map.of(
            "X-One", List.of("1"),
            "X-Two", List.of("a", "b"),
            "accept", List.of("text/x"),
            "host", List.of("other.test:81"));
    look.at(request(target.url() + "?a=%20b#c", "PATCH", headers, "{\"a\":\"ä\"}"));
    assertThat(target.method).isEqualTo("PATCH");
    assertThat(target.path).isEqualTo("/health?a=%20b");
    assertThat(target.sent).isEqualTo("{\"a\":\"ä\"}");
    assertThat(target.headers.get("X-one")).containsExactly("1");
    assertThat(target.headers.get("X-two")).containsExactlyInAnyOrder("a", "b");
    assertThat(target.headers.get("Accept")).containsExactly("text/x");
    assertThat(target.headers.get("Host")).containsExactly("other.test:81");
    assertThat(target.headers.get("User-agent")).containsExactly("Consul Health Check");
  }

  @Test
  void theUrlSaysWhomToAskAndAs() throws Exception {
    look.at(get("http://me:p%40ss@localhost:" + target.port()));
    assertThat(target.path).isEqualTo("/");
    assertThat(target.headers.get("Host")).containsExactly("localhost:" + target.port());
    assertThat(target.headers.get("Authorization")).containsExactly("Basic bWU6cEBzcw==");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLongAnswerIsCut(boolean chunks) throws Exception {
    target.chunks = chunks;
    target.body = "ä".repeat(100_000);
    var probe = new Probe.Http(target.url(), "GET", Map.of(), "", false, Look.RHYTHM, "", false, 9);
    assertThat(look.at(probe).output()).endsWith("Output: ääää");
    assertThat(look.at(get(target.url())).output()).hasSizeBetween(2048, 2200);
    target.body = "short";
    assertThat(look.at(get(target.url())).output()).endsWith("Output: short");
  }

  @ParameterizedTest
  @CsvSource({"301, GET, ''", "303, GET, ''", "307, POST, body", "308, POST, body"})
  void redirectsAreFollowed(int status, String method, String sent) throws Exception {
    target.status = status;
    target.location = "/last";
    Result result = look.at(request(target.url(), "POST", Map.of(), "body"));
    assertThat(result.status()).isEqualTo(PASSING);
    assertThat(target.hits).hasValue(2);
    assertThat(target.method).isEqualTo(method);
    assertThat(target.sent).isEqualTo(sent);
  }

  @Test
  void tenRedirectsAreEnough() throws Exception {
    target.status = 302;
    target.location = target.url() + "/%d";
    Result result = look.at(get(target.url()));
    assertThat(result)
        .isEqualTo(Result.critical("Get \"" + target.url() + "\": stopped after 10 redirects"));
    assertThat(target.hits).hasValue(11);
  }

  @Test
  void aRedirectIsTheAnswerWhereTheDefinitionSaysSo() throws Exception {
    target.status = 302;
    target.location = "/last";
    var probe = new Probe.Http(target.url(), "GET", Map.of(), "", false, Look.RHYTHM, "", true, 0);
    Result result = look.at(probe);
    assertThat(result.status()).isEqualTo(CRITICAL);
    assertThat(result.output()).contains(": 302 ");
    assertThat(target.hits).hasValue(1);
  }

  @Test
  void aPasswordStaysWithItsHost() throws Exception {
    target.status = 302;
    target.location = "http://localhost:" + target.port() + "/last";
    Map<String, List<String>> headers =
        Map.of("Authorization", List.of("secret"), "X-Other", List.of("x"));
    look.at(request(target.url(), "GET", headers, ""));
    assertThat(target.path).isEqualTo("/last");
    assertThat(target.headers).containsKey("X-other").doesNotContainKey("Authorization");
  }

  @Test
  void whatCannotBeReachedIsCriticalAndSaysWhy() throws Exception {
    int port = Target.closedPort();
    String url = "http://127.0.0.1:" + port + "/";
    assertThat(look.at(get(url)))
        .isEqualTo(
            Result.critical(
                "Get \"%s\": dial tcp 127.0.0.1:%d: connect: connection refused"
                    .formatted(url, port)));
    assertThat(look.at(get("http://host.invalid/")).output())
        .isEqualTo("Get \"http://host.invalid/\": dial tcp: lookup host.invalid: no such host");
  }

  @Test
  void whatCannotBeSentIsCriticalAndSaysWhy() throws Exception {
    Map<String, List<String>> name = Map.of("A\nB", List.of("x"));
    assertThat(look.at(request(target.url(), "GET", name, "")).output())
        .contains("invalid header field name");
    Map<String, List<String>> value = Map.of("A", List.of("x\r\nB: y"));
    assertThat(look.at(request(target.url(), "GET", value, "")).output())
        .contains("invalid header field value for \"A\"");
    assertThat(look.at(request(target.url(), "A B", Map.of(), "")).output())
        .contains("invalid method \"A B\"");
    assertThat(target.hits).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\n\r\nto the end",
        "HTTP/1.0 200 OK\nContent-Length: 10\n\nto the end and more",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "3;x=y\r\nto \r\n7\r\nthe end\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nto the end"
      })
  void bodiesEndAsTheirHeadersSay(String answer) throws Exception {
    try (var server = new OneAnswer(answer)) {
      Result result = look.at(get(server.url()));
      assertThat(result.status()).isEqualTo(PASSING);
      assertThat(result.output()).endsWith(": 200 OK Output: to the end");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SSH-2.0-OpenSSH\\r\\n|malformed HTTP response",
        "''|EOF",
        "HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\nxyz\\r\\n|invalid chunk length"
      })
  void whatIsNoAnswerIsCritical(String answer, String reason) throws Exception {
    try (var server = new OneAnswer(answer.replace("\\r", "\r").replace("\\n", "\n"))) {
      Result result = look.at(get(server.url()));
      assertThat(result.status()).isEqualTo(CRITICAL);
      assertThat(result.output()).startsWith("Get \"" + server.url() + "\": ").contains(reason);
    }
  }

  @Test
  void headersWithoutEndAreCritical() throws Exception {
    try (var server = new OneAnswer("HTTP/1.1 200 OK\r\nA: " + "x".repeat(70_000))) {
      assertThat(look.at(get(server.url())).output()).contains("exceeded 65536 bytes");
    }
  }

  /// Says the same to whoever comes, then hangs up.
  private static final class OneAnswer implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());

    OneAnswer(String answer) throws IOException {
      Thread.startVirtualThread(
          () -> {
            try (Socket socket = listener.accept()) {
              InputStream in = socket.getInputStream();
              for (int last = 0, c = in.read(); c >= 0 && !(last == '\n' && c == '\r'); ) {
                last = c;
                c = in.read();
              }
              in.read();
              socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
              // the prober gave up
            }
          });
    }

    String url() {
      return "http://127.0.0.1:" + listener.getLocalPort() + "/";
    }

    @Override
    public void close() throws IOException {
      listener.close();
    }
  }

  @Test
  void silenceIsCriticalWhenTheTimeIsOver() throws Exception {
    try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertTooLate("http://127.0.0.1:" + silent.getLocalPort() + "/");
      assertTooLate("https://127.0.0.1:" + silent.getLocalPort() + "/");
    }
  }

  private void assertTooLate(String url) throws InterruptedException {
    var probe = new Probe.Http(url, "GET", Map.of(), "", true, Look.within(Duration.ofMillis(200)));
    assertThat(look.at(probe))
        .isEqualTo(Result.critical("Get \"" + url + "\": context deadline exceeded"));
  }

  /// Each byte comes in time; the whole does not.
  @ParameterizedTest
  @ValueSource(
      strings = {"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", "HTTP/1.1 200 OK\r\nA: "})
  void anAnswerInDripsIsCriticalWhenTheTimeIsOver(String start) throws Exception {
    try (var dripping = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread server = Thread.startVirtualThread(() -> drip(dripping, start));
      assertTooLate("http://127.0.0.1:" + dripping.getLocalPort() + "/");
      server.join();
    }
  }

  private static void drip(ServerSocket listener, String start) {
    try (Socket socket = listener.accept();
        OutputStream out = socket.getOutputStream()) {
      out.write(start.getBytes(StandardCharsets.US_ASCII));
      socket.setSoTimeout(20);
      InputStream in = socket.getInputStream();
      while (true) {
        out.write('x');
        try {
          if (in.read() < 0) {
            return;
          }
        } catch (java.net.SocketTimeoutException e) {
          // it is time for the next byte
        }
      }
    } catch (IOException e) {
      // the prober gave up
    }
  }

  @Test
  void aCertificateMustBeTrustedAndForTheName() throws Exception {
    try (Target tls = Target.overTls()) {
      Result unnamed = look.at(tls(tls.url(), false, ""));
      assertThat(unnamed.status()).isEqualTo(CRITICAL);
      assertThat(unnamed.output()).contains("tls: failed to verify certificate: ");

      assertThat(look.at(tls(tls.url(), false, "probe.test")).status()).isEqualTo(PASSING);
      assertThat(tls.serverNames).containsExactly("probe.test");
      assertThat(look.at(tls(tls.url(), false, "other.test")).status()).isEqualTo(CRITICAL);

      assertThat(look.at(tls(tls.url(), true, "")).status()).isEqualTo(PASSING);
      tls.status = 429;
      assertThat(look.at(tls(tls.url(), true, "x")).status()).isEqualTo(Status.WARNING);
    }
  }
}
