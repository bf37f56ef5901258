package dev.muster.health.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.Probe;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ResultTest {
  private static final int MAX = Result.OUTPUT_CHARACTERS_MAX;

  @Test
  void anOutputIsCutAsAWholeAndNotWithinACharacter() {
    assertThat(Result.passing("a".repeat(MAX)).output()).hasSize(MAX);
    assertThat(Result.passing("a".repeat(MAX + 1)).output()).hasSize(MAX);
    assertThat(Result.passing("a" + "\uD83D\uDE00".repeat(MAX)).output())
        .isEqualTo("a" + "\uD83D\uDE00".repeat((MAX - 1) / 2));
  }

  @Test
  @Timeout(30)
  void theReasonPhraseOfATargetIsCutAsWell() throws Exception {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var look = new Look()) {
      Thread answers = Thread.ofVirtual().start(() -> answer(server));
      String url = "http://127.0.0.1:" + server.getLocalPort();
      Result result = look.at(new Probe.Http(url, "GET", Map.of(), "", false, Look.RHYTHM));
      answers.join();
      assertThat(result.status()).isEqualTo(Check.Status.PASSING);
      assertThat(result.output()).startsWith("HTTP GET " + url + ": 200 ooo").hasSize(MAX);
    }
  }

  private static void answer(ServerSocket server) {
    try (Socket socket = server.accept()) {
      String head = "HTTP/1.1 200 " + "o".repeat(30_000) + "\r\nContent-Length: 0\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();
      while (socket.getInputStream().read() >= 0) {
        // until the probe has gone
      }
    } catch (IOException e) {
      // the probe sees that there is no answer
    }
  }
}
