package dev.muster.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.conformance.Muster.Ended;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A server that cannot start says in one sentence what, where, and what to do; exits with 1; and
/// leaves everything as it was.
@Timeout(120)
class BadStartTest {
  @TempDir Path folder;
  private Path temporary;
  private Path pidFile;

  @BeforeEach
  void prepare() throws IOException {
    folder = folder.toRealPath();
    temporary = Files.createDirectory(folder.resolve("tmp"));
    pidFile = folder.resolve("pid");
  }

  private Ended start(String... arguments) throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("agent"));
    Muster.FREE_PORTS.stream()
        .filter(port -> !List.of(arguments).contains(port.replaceAll("=.*", "")))
        .forEach(all::add);
    all.addAll(List.of(arguments));
    ProcessBuilder command = Muster.command(all.toArray(String[]::new));
    command.environment().put("MUSTER_JAVA_OPTS", "-Djava.io.tmpdir=" + temporary);
    return Muster.run(command, "");
  }

  /// @param words what the only line on standard error must have in it, in this order
  private void assertRefused(Ended start, String... words) throws IOException {
    assertThat(start.exitCode()).as(start.toString()).isEqualTo(1);
    assertThat(start.err().lines())
        .as(start.toString())
        .singleElement()
        .asString()
        .containsSubsequence(words)
        .doesNotContain("Exception", "bind(..)");
    assertThat(start.out())
        .as("log of a refused start")
        .doesNotContain("\tat ", "Exception", "is ready");
    assertThat(temporary).as("temporary folder").isEmptyDirectory();
  }

  @Nested
  class Ports {
    private String port;

    private Ended startOnTaken(String flag) throws IOException, InterruptedException {
      try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        port = Integer.toString(socket.getLocalPort());
        return start("-dev", flag, port, "-pid-file", pidFile.toString());
      }
    }

    @Test
    void http() throws Exception {
      Ended refused = startOnTaken("-http-port");
      assertRefused(refused, "HTTP API", "127.0.0.1:" + port, "in use", "-http-port");
      assertThat(pidFile).doesNotExist();
    }

    @Test
    void dns() throws Exception {
      Ended refused = startOnTaken("-dns-port");
      assertRefused(refused, "DNS", "127.0.0.1:" + port, "in use", "-dns-port");
      assertThat(pidFile).doesNotExist();
    }

    @Test
    void balancer() throws Exception {
      Ended refused = startOnTaken("-balancer-port");
      assertRefused(refused, "balancer", "127.0.0.1:" + port, "in use", "-balancer-port");
      assertThat(pidFile).doesNotExist();
    }

    @Test
    void server() throws Exception {
      Ended refused = startOnTaken("-server-port");
      assertRefused(refused, "127.0.0.1:" + port, "in use", "-server-port");
      assertThat(pidFile).doesNotExist();
    }

    @Test
    void ofAnAddressThatIsNotHere() throws Exception {
      assertRefused(start("-dev", "-client", "192.0.2.1"), "192.0.2.1", "-client");
    }

    @Test
    void outOfRange() throws Exception {
      assertRefused(start("-dev", "-http-port", "65536"), "-http-port", "65536", "65535");
    }
  }

  @Nested
  class Folders {
    @Test
    void belowAFile() throws Exception {
      Path file = Files.createFile(folder.resolve("file"));
      Ended refused = start("-data-dir", file.resolve("below").toString());
      assertRefused(refused, "data folder " + file, "Not a directory", "name another");
      assertThat(file).hasContent("");
    }

    @Test
    void thatIsAFile() throws Exception {
      Path file = Files.createFile(folder.resolve("file"));
      assertRefused(start("-data-dir", file.toString()), "data folder " + file, "name another");
    }

    @Test
    void whereNobodyMayWrite() throws Exception {
      assertRefused(start("-data-dir", "/proc/muster"), "data folder /proc/muster", "writable");
    }

    @Test
    void withoutAName() throws Exception {
      assertRefused(start("-data-dir", ""), "no folder", "-data-dir");
    }

    @Test
    void inUseByAnotherServer() throws Exception {
      Path data = folder.resolve("data");
      String file = pidFile.toString();
      try (RunningAgent first = RunningAgent.on(data, "-pid-file", file);
          Client api = first.api()) {
        Ended refused = start("-data-dir", data.toString(), "-pid-file", file);
        assertRefused(refused, data.toString(), "in use by process " + first.pid(), "Stop that");
        assertThat(pidFile).as("the first one's").hasContent(Long.toString(first.pid()));
        api.get("catalog/nodes").orFail();
      }
    }

    @Test
    void withADamagedLog() throws Exception {
      Path data = dataWithOneKey();
      Path log = only(data, "log_inprogress_");
      flip(log, 100);
      assertRefused(start("-data-dir", data.toString()), log.toString(), "damaged", "backup");
      flip(log, 100);
      assertStillWhole(data);
    }

    @Test
    void withADamagedVote() throws Exception {
      Path data = dataWithOneKey();
      Path meta = only(data, "raft-meta");
      byte[] good = Files.readAllBytes(meta);
      byte[] bad = good.clone();
      for (int i = 0; i < bad.length; i++) {
        bad[i] ^= (byte) 0x55;
      }
      Files.write(meta, bad);
      assertRefused(start("-data-dir", data.toString()), "raft", "backup");
      assertThat(Files.readAllBytes(meta)).as("left as it was").isEqualTo(bad);
      Files.write(meta, good);
      assertStillWhole(data);
    }

    @Test
    void withADamagedIdentity() throws Exception {
      Path data = dataWithOneKey();
      Path node = data.resolve("node-id");
      String id = Files.readString(node);
      Files.writeString(node, "no id");
      assertRefused(start("-data-dir", data.toString()), node.toString(), "damaged", "backup");
      Files.writeString(node, id);
      assertStillWhole(data);
    }

    private Path dataWithOneKey() throws Exception {
      Path data = folder.resolve("data");
      try (RunningAgent agent = RunningAgent.on(data);
          Client api = agent.api()) {
        api.put("kv/kept", "value").orFail();
        agent.kill9();
      }
      return data;
    }

    /// A refused start must not have made it worse.
    private static void assertStillWhole(Path data) throws Exception {
      try (RunningAgent agent = RunningAgent.on(data);
          Client api = agent.api()) {
        assertThat(api.get("kv/kept?raw").orFail().body()).isEqualTo("value");
      }
    }

    private static Path only(Path data, String prefix) throws IOException {
      try (var files = Files.walk(data)) {
        return files
            .filter(file -> file.getFileName().toString().matches(prefix + "[0-9]*"))
            .findFirst()
            .orElseThrow();
      }
    }

    private static void flip(Path file, int at) throws IOException {
      byte[] bytes = Files.readAllBytes(file);
      bytes[at] ^= 1;
      Files.write(file, bytes);
    }
  }

  @Nested
  class Settings {
    @Test
    void unknownKey() throws Exception {
      Path file = config("{\"ports\": {\"htpp\": 0}}");
      Ended refused = start("-dev", "-config-file", file.toString());
      assertRefused(refused, file + ":1:12: ", "\"ports.htpp\"", "did you mean \"ports.http\"?");
    }

    @Test
    void brokenJson() throws Exception {
      Path file = config("{\"ports\": {\"http\": 0}\n");
      Ended refused = start("-dev", "-config-file", file.toString());
      assertRefused(refused, file + ":2:", "not JSON");
      assertThat(refused.err()).doesNotContain("[Source");
    }

    @Test
    void aFileThatIsNotThere() throws Exception {
      Path file = folder.resolve("gone.json");
      assertRefused(start("-dev", "-config-file", file.toString()), file.toString(), "not exist");
    }

    @Test
    void aGroupOfThree() throws Exception {
      assertRefused(start("-dev", "-bootstrap-expect", "3"), "-bootstrap-expect", "use 1");
    }

    @Test
    void neitherAFolderNorDev() throws Exception {
      assertRefused(start(), "no folder", "-data-dir", "-dev");
    }

    @Test
    void severalProblemsAreToldTogether() throws Exception {
      Path file = config("{\"no\": 1}");
      Ended refused =
          start("-dev", "-config-file", file.toString(), "-log-level", "loud", "-dns-port", "x");
      assertThat(refused.exitCode()).isEqualTo(1);
      assertThat(refused.err().lines()).as(refused.err()).hasSize(3);
      assertThat(refused.err()).contains("\"no\"", "\"loud\"", "\"x\"");
    }

    @Test
    void aPidFileThatCannotBeWritten() throws Exception {
      Ended below = start("-dev", "-pid-file", folder.resolve("gone/pid").toString());
      assertRefused(below, "pid file " + folder.resolve("gone/pid"), "no such", "-pid-file");
      Ended onFolder = start("-dev", "-pid-file", folder.toString());
      assertRefused(onFolder, "pid file " + folder, "s a directory", "-pid-file");
      assertThat(folder).isDirectory();
    }

    private Path config(String json) throws IOException {
      return Files.writeString(folder.resolve("muster.json"), json);
    }
  }
}
