package dev.muster.health;

import static dev.muster.registry.catalog.Check.Status.CRITICAL;
import static dev.muster.registry.catalog.Check.Status.PASSING;
import static dev.muster.registry.catalog.Check.Status.WARNING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.catalog.Check.Status;
import dev.muster.registry.catalog.Probe;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class ProberTest {
  private static final Probe.Rhythm RHYTHM = rhythm(Duration.ofSeconds(10));

  private final Target target = new Target();

  ProberTest() throws IOException {}

  @AfterEach
  void close() {
    target.close();
  }

  private static Probe.Rhythm rhythm(Duration timeout) {
    return new Probe.Rhythm(Duration.ofSeconds(1), timeout, Duration.ZERO, 0, 0);
  }

  private static Probe.Http get(String url) {
    return new Probe.Http(url, "GET", Map.of(), "", false, RHYTHM);
  }

  private static Result run(Probe.Http probe) {
    return Prober.run(probe, System::nanoTime);
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
    "304, CRITICAL"
  })
  void theStatusOfTheAnswerDecides(int status, Status expected) {
    target.status = status;
    target.body = status == 204 || status == 304 ? "" : "said";
    Result result = run(get(target.url()));
    assertThat(result.status()).isEqualTo(expected);
    assertThat(result.output())
        .startsWith("HTTP GET " + target.url() + ": " + status)
        .endsWith("Output: " + target.body);
  }

  @Test
  void sendsMethodHeadersAndBodyAsTheyAreDefined() {
    Map<String, List<String>> headers =
        Map.of("X-One", List.of("1"), "X-Two", List.of("a", "b"), "Accept", List.of("text/x"));
    run(new Probe.Http(target.url(), "POST", headers, "{\"a\":1}", false, RHYTHM));
    assertThat(target.method).isEqualTo("POST");
    assertThat(target.sent).isEqualTo("{\"a\":1}");
    assertThat(target.headers.get("X-one")).containsExactly("1");
    assertThat(target.headers.get("X-two")).containsExactlyInAnyOrder("a", "b");
    assertThat(target.headers.get("Accept")).containsExactly("text/x");
    assertThat(target.headers.get("User-agent")).containsExactly("Consul Health Check");
  }

  @Test
  void aLongAnswerIsCut() {
    target.body = "x".repeat(100_000);
    assertThat(run(get(target.url())).output()).hasSizeBetween(4096, 4200);
  }

  @Test
  void whatCannotBeReachedIsCritical() throws IOException {
    Result refused = run(get("http://127.0.0.1:" + Target.closedPort() + "/"));
    assertThat(refused.status()).isEqualTo(CRITICAL);
    assertThat(refused.output()).contains("refused");
    assertThat(run(get("http://host.invalid/")).status()).isEqualTo(CRITICAL);
    var badHeader =
        new Probe.Http(target.url(), "GET", Map.of("A\nB", List.of("x")), "", false, RHYTHM);
    assertThat(run(badHeader).status()).isEqualTo(CRITICAL);
    var unknownMethod = new Probe.Http(target.url(), "BREW", Map.of(), "", false, RHYTHM);
    assertThat(run(unknownMethod).output()).contains("BREW");
  }

  @Test
  void silenceIsCriticalWhenTheTimeIsOver() throws IOException {
    try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String url = "http://127.0.0.1:" + silent.getLocalPort() + "/";
      var probe = new Probe.Http(url, "GET", Map.of(), "", false, rhythm(Duration.ofMillis(100)));
      Result result = run(probe);
      assertThat(result.status()).isEqualTo(CRITICAL);
      assertThat(result.output()).contains("timed out");
    }
  }

  /// Each byte of the body comes in time; the whole does not.
  @Test
  void aBodyInDripsIsCriticalWhenTheTimeIsOver() throws Exception {
    try (var dripping = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread server = Thread.startVirtualThread(() -> drip(dripping));
      var time = new AtomicLong();
      Result result =
          Prober.run(
              get("http://127.0.0.1:" + dripping.getLocalPort() + "/"),
              () -> time.addAndGet(RHYTHM.timeout().toNanos() + 1));
      assertThat(result.status()).isEqualTo(CRITICAL);
      assertThat(result.output()).contains("timed out");
      server.join();
    }
  }

  private static void drip(ServerSocket listener) {
    try (Socket socket = listener.accept();
        OutputStream out = socket.getOutputStream()) {
      out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      while (true) {
        out.write('x');
        out.flush();
      }
    } catch (IOException e) {
      // the prober gave up
    }
  }

  @Test
  void aCertificateThatNobodyTrustsIsTakenOnlyWhereTheDefinitionSaysSo(@TempDir Path folder)
      throws Exception {
    try (Target tls = Target.overTls(folder)) {
      assertThat(run(get(tls.url())).status()).isEqualTo(CRITICAL);
      var trusting = new Probe.Http(tls.url(), "GET", Map.of(), "", true, RHYTHM);
      assertThat(run(trusting).status()).isEqualTo(PASSING);
      tls.status = 429;
      assertThat(run(trusting).status()).isEqualTo(WARNING);
    }
  }

  @Test
  void aConnectionThatIsAcceptedIsPassing() throws IOException {
    Result accepted = Prober.run(new Probe.Tcp(target.address(), RHYTHM));
    assertThat(accepted)
        .isEqualTo(new Result(PASSING, "TCP connect " + target.address() + ": Success"));
    Result refused = Prober.run(new Probe.Tcp("127.0.0.1:" + Target.closedPort(), RHYTHM));
    assertThat(refused.status()).isEqualTo(CRITICAL);
    assertThat(refused.output()).contains("refused");
    assertThat(Prober.run(new Probe.Tcp("host.invalid:1", RHYTHM)).status()).isEqualTo(CRITICAL);
  }
}
