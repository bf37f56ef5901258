package dev.muster.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A server that is asked to stop finishes what it has begun, leaves nothing behind and says 0.
@Timeout(120)
class ShutdownTest {
  @TempDir Path folder;
  private Path temporary;
  private Path pidFile;

  @BeforeEach
  void prepare() throws IOException {
    temporary = Files.createDirectory(folder.resolve("tmp"));
    pidFile = folder.resolve("pid");
  }

  private ProcessBuilder command() {
    ProcessBuilder command =
        Muster.command(
            "agent",
            "-dev",
            "-http-port=0",
            "-balancer-port=0",
            "-server-port=0",
            "-pid-file=" + pidFile);
    command.environment().put("MUSTER_JAVA_OPTS", "-Djava.io.tmpdir=" + temporary);
    return command;
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  void aSignalEndsItCleanly(String signal) throws Exception {
    try (RunningAgent agent = RunningAgent.start(command())) {
      assertThat(pidFile).hasContent(Long.toString(agent.pid()));
      assertThat(temporary).isNotEmptyDirectory();
      agent.signal(signal);
      assertThat(agent.exitCode()).as(agent.log()).isZero();
      assertNothingIsLeft(agent);
    }
  }

  @Test
  void aRequestInFlightIsFinished() throws Exception {
    try (RunningAgent agent = RunningAgent.start(command());
        Client api = agent.api();
        Client traffic = agent.balancer();
        Upstream slow = Upstream.holding("finished");
        var watch = new Socket(InetAddress.getLoopbackAddress(), agent.httpPort())) {
      watch.setSoTimeout(60_000);
      String routed = "\"Tags\": [\"urlprefix-/slow\"]";
      api.put("agent/service/register", slow.registration("slow", "1", routed)).orFail();
      var request = new FutureTask<>(() -> traffic.get("/slow"));
      Thread.ofVirtual().start(request);
      assertThat(slow.arrived().await(60, TimeUnit.SECONDS)).as("in flight").isTrue();

      agent.signal("TERM");
      assertThat(watch.getInputStream().read()).as("the API hangs up: it is stopping").isNegative();
      assertThat(request.isDone()).isFalse();
      slow.release();

      Client.Answer answer = request.get(60, TimeUnit.SECONDS);
      assertThat(answer.status()).as(answer.body()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("finished");
      assertThat(agent.exitCode()).as(agent.log()).isZero();
      assertNothingIsLeft(agent);
    }
  }

  @Test
  void aSignalDuringTheStartLeavesNothing() throws Exception {
    try (RunningAgent agent = RunningAgent.launch(command())) {
      agent.await(Pattern.compile("balancer on"));
      agent.signal("TERM");
      assertThat(agent.exitCode()).as(agent.log()).isZero();
      assertNothingIsLeft(agent);
    }
  }

  @Test
  void aPidFileThatBecameAnothersIsLeft() throws Exception {
    try (RunningAgent agent = RunningAgent.start(command())) {
      Files.writeString(pidFile, "1\n");
      assertThat(agent.stop()).as(agent.log()).isZero();
      assertThat(pidFile).hasContent("1");
    }
  }

  private void assertNothingIsLeft(RunningAgent agent) throws IOException {
    assertThat(pidFile).doesNotExist();
    assertThat(temporary).isEmptyDirectory();
    assertThat(agent.log()).doesNotContain("did not stop cleanly", "Exception", "[ERROR]");
    for (int port : List.of(agent.httpPort(), agent.balancerPort())) {
      assertThat(isListening(port)).as("port %d", port).isFalse();
    }
  }

  private static boolean isListening(int port) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException refused) {
      return false;
    }
  }
}
