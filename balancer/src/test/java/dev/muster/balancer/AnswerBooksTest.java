package dev.muster.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.balancer.config.AccessLogConfig;
import dev.muster.balancer.config.AccessLogConfig.Escape;
import dev.muster.balancer.config.AccessLogConfig.Format;
import dev.muster.balancer.config.Content;
import dev.muster.balancer.config.FilesConfig;
import dev.muster.balancer.config.Instruction;
import dev.muster.balancer.config.LocationConfig;
import dev.muster.balancer.config.ResponseConfig;
import dev.muster.balancer.config.ResponseConfig.AddedHeader;
import dev.muster.balancer.config.ResponseConfig.ErrorPage;
import dev.muster.balancer.config.ResponseConfig.ErrorPages;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever answers, its status and its octets are entered once, as the client got them.
class AnswerBooksTest {
  private static final int BIG = 3 << 20;

  @TempDir Path folder;
  private final Site site = new Site();

  @AfterEach
  void close() {
    site.close();
  }

  private LocationConfig logged(LocationConfig location) {
    Format format =
        new Format.Custom(
            site.text("$uri $status $bytes_sent $body_bytes_sent $upstream_status $sent_http_x"),
            Escape.DEFAULT);
    return location.withLogs(List.of(AccessLogConfig.of(folder.resolve("log").toString(), format)));
  }

  /// The lines once everything is written.
  private List<String> lines() throws Exception {
    site.close();
    return Files.readAllLines(folder.resolve("log"), StandardCharsets.ISO_8859_1);
  }

  @Test
  void filesAndErrorPagesAreEnteredAsTheClientGetsThem() throws Exception {
    Files.write(folder.resolve("big"), new byte[BIG]);
    ResponseConfig response =
        new ResponseConfig(
            List.of(new AddedHeader("X", site.text("$status $sent_http_content_type"), true)));
    ErrorPages pages =
        new ErrorPages(
            List.of(new ErrorPage(Set.of(503), ErrorPage.KEPT, site.text("/sorry"))), false, true);
    Instruction sorry = new Instruction.Return(200, Optional.of(site.text("sorry")));
    try (RawUpstream app =
        new RawUpstream(
            connection -> {
              while (connection.readRequest()) {
                connection.send("HTTP/1.1 503 No\r\nContent-Length: 2\r\n\r\nno");
              }
            })) {
      site.with(
              logged(
                  LocationConfig.of(Site.match("/"))
                      .with(new Content.Files(FilesConfig.root(folder.toString())))
                      .with(response)))
          .with(logged(LocationConfig.of(Site.match("/sorry")).with(List.of(sorry))))
          .with(
              logged(
                  LocationConfig.of(Site.match("/app"))
                      .with(site.proxy("app", app.port(), ""))
                      .with(ResponseConfig.defaults().with(pages))))
          .start();
      RawClient.Response big = site.get("/big");
      assertThat(big.header("X")).isEqualTo("200 text/plain");
      RawClient.Response nothing = site.get("/nothing");
      RawClient.Response page = site.get("/app");
      assertThat(page.body()).isEqualTo("sorry");
      assertThat(lines())
          .containsExactly(
              line("/big", 200, big, BIG) + " - 200 text/plain",
              line("/nothing", 404, nothing, nothing.body().length()) + " - 404 text/html",
              line("/sorry", 503, page, 5) + " 503 -");
    }
  }

  private static String line(String uri, int status, RawClient.Response response, int body) {
    int head = response.head().length();
    return uri + " " + status + " " + (head + body) + " " + body;
  }
}
