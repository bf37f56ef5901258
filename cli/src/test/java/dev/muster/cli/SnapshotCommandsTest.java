package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.cli.Shell.Ended;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `snapshot` and `debug`: files that are whole or not there.
@Timeout(60)
class SnapshotCommandsTest {
  @TempDir Path folder;
  private CannedAgent agent;
  private Shell shell;

  @BeforeEach
  void start() throws IOException {
    agent = new CannedAgent();
    shell = Shell.asking(agent.address());
  }

  @AfterEach
  void stop() {
    agent.close();
  }

  private byte[] snapshot(String sumOfState) throws Exception {
    Path parts = Files.createDirectories(folder.resolve("parts"));
    String meta = "{\"ID\":\"2-67-1604593650375\",\"Index\":67,\"Term\":2,\"Version\":1}";
    Files.writeString(parts.resolve("meta.json"), meta);
    Files.writeString(parts.resolve("state.bin"), "state".repeat(1000));
    String sum = sumOfState.isEmpty() ? sha256("state".repeat(1000)) : sumOfState;
    Files.writeString(
        parts.resolve("SHA256SUMS"), sha256(meta) + "  meta.json\n" + sum + "  state.bin\n");
    Path file = folder.resolve("parts.tgz");
    run("tar", "-czf", file + "", "-C", parts + "", "meta.json", "state.bin", "SHA256SUMS");
    byte[] bytes = Files.readAllBytes(file);
    Files.delete(file);
    return bytes;
  }

  private static String sha256(String text) throws Exception {
    return HexFormat.of()
        .formatHex(
            MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static String run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(out).isZero();
    return out;
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(file -> file.getFileName() + "")
          .filter(name -> !name.equals("parts"))
          .sorted()
          .toList();
    }
  }

  @Test
  void savedInspectedAndRestored() throws Exception {
    byte[] snapshot = snapshot("");
    agent.answering("GET /v1/snapshot", 200, snapshot).answering("PUT /v1/snapshot", 200, "");
    String file = folder.resolve("backup.snap").toString();
    assertThat(shell.run("snapshot", "save", "-stale", file))
        .isEqualTo(new Ended(0, "Saved and verified snapshot to index 67\n", ""));
    assertThat(Path.of(file)).hasBinaryContent(snapshot);
    assertThat(files()).containsExactly("backup.snap");
    assertThat(shell.run("snapshot", "inspect", file).out())
        .isEqualTo(
            """
             ID           2-67-1604593650375
             Size         5000
             Index        67
             Term         2
             Version      1
            """);
    assertThat(shell.run("snapshot", "inspect", "-format=json", file).out())
        .contains("\"Size\": 5000");
    assertThat(shell.run("snapshot", "restore", file).out()).isEqualTo("Restored snapshot\n");
    assertThat(agent.asked).first().isEqualTo("GET /v1/snapshot?stale");
    assertThat(agent.asked).last().asString().startsWith("PUT /v1/snapshot ");
  }

  @Test
  void aSnapshotThatArrivesDamagedIsNotKept() throws Exception {
    byte[] whole = snapshot("");
    String file = folder.resolve("backup.snap").toString();
    byte[][] damaged = {
      Arrays.copyOf(whole, whole.length / 2),
      snapshot("00"),
      "nonsense".getBytes(StandardCharsets.UTF_8)
    };
    for (byte[] each : damaged) {
      agent.answering("GET /v1/snapshot", 200, each);
      Ended refused = shell.run("snapshot", "save", file);
      assertThat(refused.exitCode()).isEqualTo(1);
      assertThat(refused.err()).startsWith("Error reading snapshot").doesNotContain("\tat ");
      assertThat(files()).isEmpty();
    }
    agent.answering("GET /v1/snapshot", 500, "No cluster leader");
    assertThat(shell.run("snapshot", "save", file).err()).contains("No cluster leader");
    assertThat(files()).isEmpty();
  }

  @Test
  void aDamagedFileIsNotSent() throws Exception {
    Path file = Files.write(folder.resolve("bad.snap"), snapshot("00"));
    assertThat(shell.run("snapshot", "restore", file.toString()).err()).contains("damaged");
    assertThat(shell.run("snapshot", "inspect", folder + "/none").err()).contains("no file");
    assertThat(agent.asked).isEmpty();
  }

  @Test
  void theScheduleKeepsTheNewestFiles() throws Exception {
    agent.answering("GET /v1/snapshot", 200, snapshot(""));
    Files.writeString(folder.resolve("consul-1.snap"), "old");
    Files.writeString(folder.resolve("consul-2.snap"), "old");
    Files.writeString(
        folder.resolve("consul-9000000000000000000.snap"), "of a clock in the future");
    Files.writeString(folder.resolve("mine.snap"), "not its own");
    String path = "-local-path=" + folder;
    Ended once = shell.run("snapshot", "agent", "-interval=0", "-retain=2", path);
    assertThat(once.exitCode()).isZero();
    assertThat(files())
        .containsExactly(
            "consul-9000000000000000000.snap", "consul-9000000000000000001.snap", "mine.snap");
  }

  @Test
  void theScheduleGoesOnUntilItIsStopped() throws Exception {
    agent.answering("GET /v1/snapshot", 200, snapshot(""));
    CompletableFuture<Ended> running =
        shell.start("snapshot", "agent", "-interval=1h", "-local-path=" + folder);
    while (!shell.printed().contains("Saved snapshot")) {
      Thread.onSpinWait();
    }
    shell.stop();
    assertThat(running.get(30, TimeUnit.SECONDS).exitCode()).isZero();
    assertThat(files()).hasSize(1);
  }

  @Test
  void theScheduleEndsWhenItFailsAndFails() {
    Ended ended = shell.run("snapshot", "agent", "-max-failures=1", "-local-path=" + folder);
    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.err()).contains("404", "Giving up after 1");
    assertThat(shell.run("snapshot", "agent", "-interval=1ms").exitCode()).isEqualTo(1);
  }

  @Test
  void whatABugReportNeeds() throws Exception {
    agent.answering("GET /v1/agent/self", 200, "{\"Config\":{\"Version\":\"1.21.0\"}}");
    agent.answering("GET /v1/agent/host", 200, "{\"CPU\":1}");
    agent.answering("GET /v1/agent/metrics", 200, "{\"Gauges\":[]}");
    agent.answering("GET /v1/agent/monitor", 200, "a line of the log\n");
    String output = folder.resolve("report").toString();
    CompletableFuture<Ended> running = shell.start("debug", "-output=" + output);
    while (agent.asked.stream().noneMatch(line -> line.contains("metrics"))
        || agent.asked.stream().noneMatch(line -> line.contains("monitor"))) {
      Thread.onSpinWait();
    }
    shell.stop();
    Ended ended = running.get(30, TimeUnit.SECONDS);
    assertThat(ended.exitCode()).as(ended.toString()).isZero();
    assertThat(ended.out()).contains("'1.21.0'", "Saved debug archive: " + output + ".tar.gz");
    assertThat(files()).containsExactly("report.tar.gz");
    String archive = output + ".tar.gz";
    assertThat(run("tar", "-tzf", archive))
        .contains("report/agent.json", "report/host.json", "report/metrics-", "report/consul.log");
    assertThat(run("tar", "-xzOf", archive, "report/index.json"))
        .contains("report/members.json", "404");

    Ended refused = shell.run("debug", "-output=" + output);
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err()).contains("exists and is not overwritten");
    assertThat(shell.run("debug", "-capture=pprof").err()).contains("pprof", "metrics");
    assertThat(shell.run("debug", "-duration=1s").exitCode()).isEqualTo(1);
    assertThat(shell.run("debug", "-interval=1s").exitCode()).isEqualTo(1);
  }
}
