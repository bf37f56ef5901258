package dev.muster.cli.nginx;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.cli.command.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// nginx's flags and messages, as far as nothing is served.
class NginxProgramTest {
  private static final String FINE =
      "events {}\nhttp { server { listen 127.0.0.1:8001; return 204; } }\n";

  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private Path file;

  @BeforeEach
  void prepare() throws IOException {
    folder = folder.toRealPath();
    Files.createDirectories(folder.resolve("conf"));
    Files.createDirectories(folder.resolve("logs"));
    file = folder.resolve("conf/nginx.conf");
    Files.writeString(file, FINE);
  }

  private int run(String... arguments) {
    out.reset();
    err.reset();
    var terminal =
        new Terminal(
            "nginx",
            InputStream.nullInputStream(),
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            Map.of(),
            _ -> {});
    var host = new NginxProgram.Host(Path.of("nginx"), true);
    return new NginxProgram(terminal, "1.2.3", host).run(arguments);
  }

  private int runHere(String... arguments) {
    String[] all = new String[arguments.length + 2];
    all[0] = "-p";
    all[1] = folder.toString();
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return run(all);
  }

  private String err() {
    return err.toString(UTF_8);
  }

  @ParameterizedTest
  @CsvSource({
    "-x, invalid option: \"x\"",
    "start, invalid option: \"start\"",
    "-tz, invalid option: \"z\"",
    "-c, option \"-c\" requires file name",
    "-e, option \"-e\" requires file name",
    "-p, option \"-p\" requires directory name",
    "-g, option \"-g\" requires parameter",
    "-s, option \"-s\" requires parameter",
    "-sstart, invalid option: \"-s start\"",
  })
  void nonsenseIsToldInNginxsWords(String word, String message) {
    assertThat(run(word)).isEqualTo(1);
    assertThat(err()).isEqualTo("nginx: " + message + "\n");
  }

  @Test
  void theVersionIsOnStandardError() {
    assertThat(run("-v")).isZero();
    assertThat(err())
        .startsWith("nginx version: nginx/1.")
        .contains("(Muster 1.2.3)")
        .hasLineCount(1);
    assertThat(run("-V")).isZero();
    assertThat(err())
        .containsPattern("(?m)^nginx version: nginx/1\\.")
        .containsPattern("(?m)^configure arguments: --with-");
    assertThat(run("-h")).isZero();
    assertThat(err()).contains("Usage: nginx");
    assertThat(out.toString(UTF_8)).isEmpty();
  }

  @Test
  void aGoodFileIsToldSo() {
    assertThat(runHere("-t")).isZero();
    assertThat(err())
        .isEqualTo(
            "nginx: the configuration file %s syntax is ok\n".formatted(file)
                + "nginx: configuration file %s test is successful\n".formatted(file));
    assertThat(runHere("-t", "-q")).isZero();
    assertThat(err()).isEmpty();
    assertThat(folder.resolve("logs/error.log")).exists();
  }

  @Test
  void aBadFileIsToldWithItsLine() throws IOException {
    Files.writeString(file, "events {}\nhttp {\n  lisen 80;\n}\n");
    assertThat(runHere("-tq")).isEqualTo(1);
    assertThat(err())
        .contains("nginx: [emerg] unknown directive \"lisen\" in " + file + ":3")
        .endsWith("nginx: configuration file " + file + " test failed\n");
  }

  @Test
  void filesAreFoundByTheirFlags() throws IOException {
    Path other = folder.resolve("other.conf");
    Files.writeString(other, FINE);
    assertThat(runHere("-c", "other.conf", "-e", "early.log", "-t")).isZero();
    assertThat(err()).contains(other.toString());
    assertThat(folder.resolve("early.log")).exists();
    assertThat(run("-t", "-c" + other, "-estderr", "-p" + folder)).isZero();
    assertThat(runHere("-t", "-c", "missing.conf")).isEqualTo(1);
    assertThat(err()).contains("nginx: [emerg] open() \"" + folder.resolve("missing.conf") + "\"");
  }

  @Test
  void directivesOfTheCommandLineCount() throws IOException {
    Files.writeString(file, "pid a.pid;\n" + FINE);
    assertThat(runHere("-t", "-g", "pid b.pid;")).isEqualTo(1);
    assertThat(err()).contains("\"pid\" directive is duplicate in " + file + ":1");
    assertThat(runHere("-t", "-g", "worker_processes 2;")).isZero();
  }

  @Test
  void theDumpNamesEveryFile() throws IOException {
    Path part = folder.resolve("conf/part.conf");
    Files.writeString(part, "server { listen 127.0.0.1:8002; }\n");
    String whole = "events {}\nhttp { include part.conf; }\n";
    Files.writeString(file, whole);
    assertThat(runHere("-T")).isZero();
    assertThat(out.toString(UTF_8))
        .isEqualTo(
            "# configuration file %s:\n%s\n# configuration file %s:\n%s\n"
                .formatted(file, whole, part, Files.readString(part)));
  }

  @Test
  void tellingNobodyIsAnError() throws IOException {
    Path pid = folder.resolve("logs/nginx.pid");
    assertThat(runHere("-s", "reload")).isEqualTo(1);
    assertThat(err()).contains("nginx: [error] open() \"" + pid + "\" failed");
    Files.writeString(pid, "");
    assertThat(runHere("-s", "stop")).isEqualTo(1);
    assertThat(err()).isEqualTo("nginx: [error] invalid PID number \"\" in \"" + pid + "\"\n");
    Files.writeString(file, "oops");
    assertThat(runHere("-s", "stop")).isEqualTo(1);
    assertThat(err()).contains("[emerg]");
  }
}
