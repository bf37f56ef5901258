package dev.muster.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// How long a person waits for a server: from the command to its first answer.
@Timeout(120)
class StartTest {
  private static final int STARTS = 5;

  /// Generous: other programs may keep the machine busy.
  private static final long MILLIS_MAX = 20_000;

  @Test
  void answersSoonAfterTheCommand() throws Exception {
    List<Long> millis = new ArrayList<>();
    for (int i = 0; i < STARTS; i++) {
      millis.add(millisToFirstAnswer());
    }
    millis.sort(null);
    System.out.printf(
        "start: first answer after %d ms (median of %d, %s)%n",
        millis.get(STARTS / 2), STARTS, millis);
    assertThat(millis.get(STARTS / 2)).isLessThan(MILLIS_MAX);
  }

  private static long millisToFirstAnswer() throws IOException {
    String http = "-http-port=" + freePort();
    String balancer = "-balancer-port=" + freePort();
    String server = "-server-port=" + freePort();
    long begin = System.nanoTime();
    try (RunningAgent agent =
            RunningAgent.start(
                Muster.command("agent", "-dev", "-dns-port=0", http, balancer, server));
        Client api = agent.api()) {
      assertThat(api.get("status/leader").orFail().body()).contains(":");
      return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
