package dev.muster.balancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.balancer.config.AccessLogConfig;
import dev.muster.balancer.config.AccessLogConfig.Escape;
import dev.muster.balancer.config.AccessLogConfig.Format;
import dev.muster.balancer.config.BalancerConfig;
import dev.muster.balancer.config.Configuration;
import dev.muster.balancer.config.Instruction;
import dev.muster.balancer.config.ListenConfig;
import dev.muster.balancer.config.LocationConfig;
import dev.muster.balancer.config.LocationConfig.Match;
import dev.muster.balancer.config.ServerConfig;
import dev.muster.balancer.config.ServerName;
import dev.muster.balancer.config.Telemetry;
import dev.muster.balancer.upstream.Endpoint;
import dev.muster.balancer.variable.Template;
import dev.muster.balancer.variable.Variables;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every request leaves one line, whatever became of it.
class AccessLogTest {
  private static final String HOST = " HTTP/1.1\r\nHost: t\r\n";

  @TempDir Path folder;
  private final Variables variables = new Variables();
  private Balancer balancer = start(Telemetry.off());

  @AfterEach
  void close() {
    balancer.close();
  }

  private static Balancer start(Telemetry telemetry) {
    return Balancer.start(
        BalancerConfig.defaults().withListen("127.0.0.1", 0).withThreads(1).with(telemetry));
  }

  private AccessLogConfig log(String file, Format format) {
    return AccessLogConfig.of(folder.resolve(file).toString(), format);
  }

  private Format format(String text, Escape escape) throws Exception {
    return new Format.Custom(Template.compile(text, variables), escape);
  }

  /// Applies a server with one location that answers 200 and these logs, and the default server's
  /// own.
  private void apply(List<AccessLogConfig> logs) throws Exception {
    LocationConfig root = LocationConfig.of(new Match.Prefix("/", false)).withLogs(logs);
    LocationConfig location =
        root.with(
            List.of(
                new Instruction.Return(200, Optional.of(Template.compile("hello", variables)))));
    balancer.apply(
        new Configuration(
            List.of(
                new ServerConfig(
                    List.of(ListenConfig.of("127.0.0.1", balancer.port())),
                    List.of(new ServerName.Exact("t")),
                    root,
                    List.of(location),
                    "test")),
            Map.of()));
  }

  private RawClient.Response send(String request) throws IOException {
    try (RawClient client = new RawClient(balancer.port())) {
      return client.send(request).read();
    }
  }

  /// What is in the file once everything is written.
  private List<String> lines(String file) throws IOException {
    balancer.close();
    return Files.readAllLines(folder.resolve(file), StandardCharsets.ISO_8859_1);
  }

  @Test
  void combinedIsAsEveryoneReadsIt() throws Exception {
    apply(List.of(log("a", new Format.Combined())));
    send("GET /x?y" + HOST + "Referer: http://r/\r\nUser-Agent: a \"b\" \\c\t\r\n\r\n");
    send("GET /x" + HOST + "Authorization: Basic Ym9iOnNlY3JldA==\r\n\r\n");
    List<String> lines = lines("a");
    String time = "\\[\\d\\d/[A-Z][a-z]{2}/\\d{4}:\\d\\d:\\d\\d:\\d\\d [+-]\\d{4}]";
    assertThat(lines).hasSize(2);
    assertThat(lines.getFirst())
        .matches(
            "127\\.0\\.0\\.1 - - "
                + time
                + " \"GET /x\\?y HTTP/1\\.1\" 200 5 \"http://r/\" "
                + "\"a \\\\x22b\\\\x22 \\\\x5Cc\"");
    assertThat(lines.getLast()).startsWith("127.0.0.1 - bob [").endsWith(" 200 5 \"-\" \"-\"");
  }

  @Test
  void aFormatEscapesValuesAsItSays() throws Exception {
    String text = "<$http_x|$http_missing>";
    apply(
        List.of(
            log("default", format(text, Escape.DEFAULT)),
            log("json", format(text, Escape.JSON)),
            log("none", format(text, Escape.NONE))));
    send("GET /" + HOST + "X: q\"b\\t\th\u00e9\r\n\r\n");
    assertThat(lines("default")).containsExactly("<q\\x22b\\x5Ct\\x09h\\xE9|->");
    assertThat(lines("json")).containsExactly("<q\\\"b\\\\t\\th\u00e9|>");
    assertThat(lines("none")).containsExactly("<q\"b\\t\th\u00e9|>");
  }

  @Test
  void aConditionDecides() throws Exception {
    var condition = Optional.of(Template.compile("$http_log", variables));
    AccessLogConfig plain = log("if", format("$uri", Escape.DEFAULT));
    apply(
        List.of(new AccessLogConfig(plain.path(), plain.format(), 4096, Duration.ZERO, condition)));
    send("GET /a" + HOST + "\r\n");
    send("GET /b" + HOST + "Log: 0\r\n\r\n");
    send("GET /c" + HOST + "Log: 1\r\n\r\n");
    assertThat(lines("if")).containsExactly("/c");
  }

  @Test
  void whatIsRefusedIsWrittenWithWhatIsKnown() throws Exception {
    apply(List.of(log("a", new Format.Combined())));
    send("GET /fine HTTP/1.1\r\n\r\n");
    send("G@T / HTTP/1.1\r\n\r\n");
    send("POST /much" + HOST + "Content-Length: 99999999999\r\n\r\n");
    List<String> lines = lines("a");
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0)).contains("\"GET /fine HTTP/1.1\" 400 ");
    assertThat(lines.get(1)).contains("\"-\" 400 ");
    assertThat(lines.get(2)).contains("\"POST /much HTTP/1.1\" 413 ");
  }

  @Test
  void aRouteOfTheRegistryWritesJson() throws Exception {
    balancer.close();
    balancer = start(new Telemetry(List.of(log("j", new Format.Json())), 0, Optional.empty()));
    try (RawUpstream app = RawUpstream.answering("0123456789")) {
      balancer
          .endpoints()
          .replace(
              "app",
              List.of(
                  new Endpoint(
                      "a",
                      "app",
                      "127.0.0.1",
                      app.port(),
                      1,
                      Endpoint.State.PASSING,
                      List.of("urlprefix-/app"))));
      assertThat(send("POST /app/q" + HOST + "Content-Length: 3\r\n\r\nabc").status())
          .isEqualTo(200);
      assertThat(send("GET /none" + HOST + "\r\n").status()).isEqualTo(404);
      List<String> lines = lines("j");
      assertThat(lines).hasSize(2);
      assertThat(lines.getFirst())
          .startsWith("{\"time\":\"")
          .contains(
              "\"host\":\"t\",\"method\":\"POST\",\"target\":\"/app/q\",\"protocol\":\"HTTP/1.1\""
                  + ",\"status\":200,",
              "\"body_bytes\":10,\"received_bytes\":55,",
              "\"location\":\"route /app\"",
              "\"tries\":[{\"address\":\"127.0.0.1:" + app.port() + "\",\"status\":200,")
          .containsPattern("\"seconds\":\\d+\\.\\d{6},")
          .endsWith("}]}");
      assertThat(lines.getLast()).contains("\"status\":404,").endsWith(",\"tries\":[]}");
    }
  }

  @Test
  void whoLeavesBeforeTheAnswerIsWrittenAs499() throws Exception {
    balancer.close();
    balancer = start(new Telemetry(List.of(log("j", new Format.Json())), 0, Optional.empty()));
    try (RawUpstream silent =
        new RawUpstream(
            connection -> {
              connection.readRequest();
              connection.in.read();
            })) {
      balancer
          .endpoints()
          .replace(
              "app",
              List.of(
                  new Endpoint(
                      "a",
                      "app",
                      "127.0.0.1",
                      silent.port(),
                      1,
                      Endpoint.State.PASSING,
                      List.of("urlprefix-/"))));
      try (RawClient client = new RawClient(balancer.port())) {
        client.send("GET /slow" + HOST + "\r\n");
        while (silent.heads.isEmpty()) {
          Thread.onSpinWait();
        }
      }
      while (balancer.statistics().connections() > 0) {
        Thread.onSpinWait();
      }
      assertThat(lines("j")).singleElement().asString().contains("\"status\":499,");
    }
  }

  @Test
  void aRenamedFileIsLeftWhenItIsOpenedAnew() throws Exception {
    apply(List.of(log("a", format("$uri", Escape.DEFAULT))));
    send("GET /before" + HOST + "\r\n");
    Path file = folder.resolve("a");
    while (Files.size(file) == 0) {
      Thread.onSpinWait();
    }
    Path rotated = Files.move(file, folder.resolve("a.1"));
    balancer.reopenLogs();
    while (!Files.exists(file)) {
      Thread.onSpinWait();
    }
    send("GET /after" + HOST + "\r\n");
    assertThat(lines("a")).containsExactly("/after");
    assertThat(Files.readAllLines(rotated)).containsExactly("/before");
  }

  @Test
  void aFileThatCannotBeWrittenToIsNamed() {
    assertThatThrownBy(() -> apply(List.of(log("no/such/folder", new Format.Combined()))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no/such/folder");
  }
}
