package dev.muster.conformance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The program under the name nginx, as a process that is driven by signals and by `-s`.
@Timeout(180)
class NginxNameTest {
  @TempDir Path folder;
  private Path nginx;
  private Path pidFile;
  private int port;
  private Process process;

  @BeforeEach
  void prepare() throws IOException {
    folder = folder.toRealPath();
    nginx = Files.createSymbolicLink(folder.resolve("nginx"), Muster.LAUNCHER);
    Files.createDirectories(folder.resolve("logs"));
    pidFile = folder.resolve("logs/nginx.pid");
    try (var free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
  }

  @AfterEach
  void end() throws IOException, InterruptedException {
    if (process != null) {
      process.destroyForcibly().waitFor();
    }
    for (Path file : List.of(pidFile, pidFile.resolveSibling("nginx.pid.oldbin"))) {
      if (Files.exists(file)) {
        ProcessHandle.of(Long.parseLong(Files.readString(file).strip()))
            .ifPresent(ProcessHandle::destroyForcibly);
      }
    }
  }

  private void configure(String top, String location) throws IOException {
    Files.writeString(
        folder.resolve("nginx.conf"),
        top
            + "\nerror_log logs/error.log notice;\nevents {}\nhttp { server { listen 127.0.0.1:"
            + port
            + "; location / { "
            + location
            + " } } }\n");
  }

  private ProcessBuilder command(String... more) {
    List<String> arguments =
        new java.util.ArrayList<>(List.of("-p", folder.toString(), "-c", "nginx.conf"));
    arguments.addAll(List.of(more));
    return Muster.command(nginx, arguments);
  }

  private void start() throws IOException {
    process =
        command()
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile())
            .start();
    Eventually.holds(
        "a pid file", () -> Files.exists(pidFile) || !process.isAlive(), Boolean::booleanValue);
    assertThat(process.isAlive()).as(log()).isTrue();
  }

  private String log() throws IOException {
    Path log = folder.resolve("logs/error.log");
    return Files.readString(folder.resolve("output"))
        + (Files.exists(log) ? Files.readString(log) : "");
  }

  private void signal(String name, long pid) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder("kill", "-s", name, Long.toString(pid)).start().waitFor())
        .isZero();
  }

  private void awaitEnd() throws IOException, InterruptedException {
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(log()).isTrue();
    assertThat(process.exitValue()).as(log()).isZero();
    assertThat(pidFile).doesNotExist();
  }

  private String get() throws IOException {
    try (Client client = new Client("http://127.0.0.1:" + port)) {
      return client.get("/").body();
    }
  }

  @Test
  void itIsThePidInTheFileAndEndsByQuit() throws Exception {
    configure("daemon off;", "return 200 one;");
    start();
    assertThat(pidFile).hasContent(Long.toString(process.pid()));
    assertThat(get()).isEqualTo("one");
    assertThat(Muster.run(command("-s", "quit"), "").exitCode()).isZero();
    awaitEnd();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  void signalsStopItAtOnce(String signal) throws Exception {
    try (Upstream slow = Upstream.holding("late")) {
      configure("daemon off;", "proxy_pass http://127.0.0.1:" + slow.port() + ";");
      start();
      try (var client = new Socket(InetAddress.getLoopbackAddress(), port)) {
        client.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(ISO_8859_1));
        assertThat(slow.arrived().await(60, TimeUnit.SECONDS)).isTrue();
        signal(signal, process.pid());
        awaitEnd();
      }
    }
  }

  @Test
  void quitFinishesARunningRequest() throws Exception {
    try (Upstream slow = Upstream.holding("late")) {
      configure("daemon off;", "proxy_pass http://127.0.0.1:" + slow.port() + ";");
      start();
      try (var client = new Socket(InetAddress.getLoopbackAddress(), port);
          var idle = new Socket(InetAddress.getLoopbackAddress(), port)) {
        idle.setSoTimeout(60_000);
        client.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(ISO_8859_1));
        assertThat(slow.arrived().await(60, TimeUnit.SECONDS)).isTrue();
        signal("QUIT", process.pid());
        assertThat(idle.getInputStream().read()).as("idle clients are let go").isNegative();
        assertThat(process.isAlive()).isTrue();
        slow.release();
        String answer = new String(client.getInputStream().readAllBytes(), ISO_8859_1);
        assertThat(answer)
            .startsWith("HTTP/1.1 200")
            .contains("Connection: close")
            .endsWith("late");
      }
      awaitEnd();
    }
  }

  @Test
  void reloadsBySignalAndByFlagAndKeepsWhatItHasIfTheFileIsBroken() throws Exception {
    configure("daemon off;", "return 200 one;");
    start();
    configure("daemon off;", "return 200 two;");
    signal("HUP", process.pid());
    Eventually.holds("the second configuration", this::get, "two"::equals);

    configure("daemon off;", "retrun 200 three;");
    signal("HUP", process.pid());
    Eventually.holds("the reason", this::log, log -> log.contains("stays as it was"));
    assertThat(log())
        .containsPattern("\\[emerg] \\d+#\\d+: unknown directive \"retrun\" in \\S+nginx.conf:4");
    assertThat(get()).isEqualTo("two");
    assertThat(Muster.run(command("-s", "reload"), "").exitCode()).isEqualTo(1);

    configure("daemon off;", "return 200 four;");
    assertThat(Muster.run(command("-s", "reload"), "").exitCode()).isZero();
    Eventually.holds("the last configuration", this::get, "four"::equals);
    signal("TERM", process.pid());
    awaitEnd();
  }

  @Test
  void opensItsLogAgain() throws Exception {
    configure("daemon off;", "return 200 one;");
    start();
    Path log = folder.resolve("logs/error.log");
    Files.move(log, folder.resolve("logs/old.log"));
    assertThat(Muster.run(command("-s", "reopen"), "").exitCode()).isZero();
    Eventually.holds("a new log", () -> Files.exists(log), Boolean::booleanValue);
    assertThat(Muster.run(command("-s", "stop"), "").exitCode()).isZero();
    awaitEnd();
  }

  @Test
  void leavesTheTerminalWhenItListens() throws Exception {
    configure("", "return 200 one;");
    Muster.Ended started = Muster.run(command(), "");
    assertThat(started.exitCode()).as(started.toString()).isZero();
    assertThat(get()).isEqualTo("one");
    long pid = Long.parseLong(Files.readString(pidFile).strip());
    ProcessHandle handle = ProcessHandle.of(pid).orElseThrow();

    Muster.Ended again = Muster.run(command(), "");
    assertThat(again.exitCode()).isEqualTo(1);
    assertThat(again.err())
        .contains("nginx: [emerg] bind() to 127.0.0.1:" + port + " failed (98: ");

    assertThat(Muster.run(command("-s", "quit"), "").exitCode()).isZero();
    handle.onExit().get(60, TimeUnit.SECONDS);
    assertThat(pidFile).doesNotExist();
  }

  @Test
  void aSuccessorTakesOver() throws Exception {
    configure("daemon off;", "return 200 one;");
    start();
    configure("daemon off;", "return 200 two;");
    Path old = pidFile.resolveSibling("nginx.pid.oldbin");
    signal("USR2", process.pid());
    Eventually.holds("both pids", () -> Files.exists(old) && Files.exists(pidFile), found -> found);
    assertThat(old).hasContent(Long.toString(process.pid()));
    long next = Long.parseLong(Files.readString(pidFile).strip());
    signal("QUIT", process.pid());
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(log()).isTrue();
    assertThat(get()).isEqualTo("two");
    ProcessHandle handle = ProcessHandle.of(next).orElseThrow();
    assertThat(Muster.run(command("-s", "quit"), "").exitCode()).isZero();
    handle.onExit().get(60, TimeUnit.SECONDS);
    assertThat(pidFile).doesNotExist();
    assertThat(old).doesNotExist();
  }
}
