package dev.muster.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.balancer.RawClient.Response;
import dev.muster.balancer.config.Instruction;
import dev.muster.balancer.config.LocationConfig;
import dev.muster.balancer.config.ResponseConfig;
import dev.muster.balancer.config.ResponseConfig.ErrorPage;
import dev.muster.balancer.config.ResponseConfig.ErrorPages;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What takes the place of an error.
class ErrorPageTest {
  private final Site site = new Site();

  @AfterEach
  void close() {
    site.close();
  }

  private ResponseConfig pages(boolean isRecursive, boolean intercepts, ErrorPage... pages) {
    return ResponseConfig.defaults().with(new ErrorPages(List.of(pages), isRecursive, intercepts));
  }

  private ErrorPage page(String target, int answer, Integer... statuses) {
    return new ErrorPage(Set.of(statuses), answer, site.text(target));
  }

  private LocationConfig nobody(String path, ResponseConfig response) throws IOException {
    try (ServerSocket taken = new ServerSocket(0)) {
      return LocationConfig.of(Site.match(path))
          .with(site.proxy("nobody", taken.getLocalPort(), ""))
          .with(response);
    }
  }

  @Test
  void anErrorWithoutPageIsAShortPageOfItsOwn() throws Exception {
    site.returning("/", 404, "").start();
    Response response = site.get("/x");
    assertThat(response.head())
        .startsWith("HTTP/1.1 404 Not Found\r\n")
        .contains(
            "Server: muster\r\n",
            "Date: Mon, 23 Nov 2026 12:00:00 GMT\r\n",
            "Content-Type: text/html\r\n");
    assertThat(response.body()).contains("<title>404 Not Found</title>", "<h1>404 Not Found</h1>");
    assertThat(site.ask("HEAD", "/x", "").header("Content-Length"))
        .isEqualTo(Integer.toString(response.body().length()));
  }

  @Test
  void aPageIsServedWithTheErrorsStatus() throws Exception {
    site.returning("/a", 403, "", pages(false, false, page("/sorry?why=$uri", -1, 403, 404)))
        .returning("/b", 404, "", pages(false, false, page("/sorry", 0, 404)))
        .returning("/c", 404, "", pages(false, false, page("/sorry", 202, 404)))
        .returning("/d", 404, "", pages(false, false, page("@named", 0, 404)))
        .returning("/e", 404, "", pages(false, false, page("http://other/x", 301, 404)))
        .returning("/f", 404, "said", pages(false, false, page("/sorry", -1, 404)))
        .returning("/sorry", 200, "$request_method $uri $args")
        .returning("@named", 410, "$request_method $uri")
        .start();
    assertThat(text(site.get("/a"))).isEqualTo("403 GET /sorry why=/a");
    assertThat(text(site.get("/b"))).isEqualTo("200 GET /sorry ");
    assertThat(text(site.get("/c"))).isEqualTo("202 GET /sorry ");
    assertThat(text(site.get("/d"))).isEqualTo("410 GET /d");
    assertThat(site.get("/e").head())
        .startsWith("HTTP/1.1 301 ")
        .contains("Location: http://other/x\r\n");
    assertThat(text(site.get("/f"))).isEqualTo("404 said");
    assertThat(text(site.ask("POST", "/a", "Content-Length: 0\r\n"))).startsWith("403 GET /sorry");
  }

  @Test
  void anErrorOfAPageGetsAPageOnlyIfAskedFor() throws Exception {
    ErrorPage first = page("/first", -1, 404);
    ErrorPage second = page("/second", -1, 403);
    site.returning("/once", 404, "", pages(false, false, first, second))
        .returning("/more", 404, "", pages(true, false, first, second))
        .returning("/first", 403, "", pages(false, false, first, second))
        .returning("/second", 200, "second")
        .returning("/round", 404, "", pages(true, false, page("/round", -1, 404)))
        .start();
    assertThat(site.get("/once").body()).contains("<h1>403 Forbidden</h1>");
    assertThat(text(site.get("/more"))).isEqualTo("403 second");
    assertThat(site.get("/round").status()).isEqualTo(500);
  }

  @Test
  void aLocationForRedirectsWithinIsReachedByThemOnly() throws Exception {
    Instruction sorry = new Instruction.Return(200, Optional.of(site.text("sorry")));
    site.with(LocationConfig.of(Site.match("/sorry")).with(List.of(sorry)).internal())
        .returning("/a", 404, "", pages(false, false, page("/sorry", -1, 404)))
        .start();
    assertThat(text(site.get("/a"))).isEqualTo("404 sorry");
    assertThat(site.get("/sorry").body()).contains("404 Not Found");
  }

  @Test
  void anExchangeThatFailedHandsOverToAnotherUpstream() throws Exception {
    try (RawUpstream other = RawUpstream.answering("other")) {
      site.with(nobody("/", pages(false, false, page("/other", -1, 502))))
          .with(nobody("/named", pages(false, false, page("@other", 0, 502))))
          .proxying("/other", other, ResponseConfig.defaults())
          .proxying("@other", other, ResponseConfig.defaults())
          .start();
      assertThat(text(site.get("/x"))).isEqualTo("502 other");
      assertThat(other.heads.getLast()).startsWith("GET /other HTTP/1.1\r\n");
      assertThat(text(site.get("/named?q"))).isEqualTo("200 other");
      assertThat(other.heads.getLast()).startsWith("GET /named?q HTTP/1.1\r\n");
      try (RawClient client = site.client()) {
        // With its body thrown away, to a path; the connection goes on.
        client.send("POST /x HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhe");
        Response first = client.read();
        assertThat(text(first)).isEqualTo("502 other");
        assertThat(other.heads.getLast())
            .startsWith("GET /other HTTP/1.1\r\n")
            .doesNotContain("Content-Length");
        client.send("lloGET /other HTTP/1.1\r\nHost: test\r\n\r\n");
        assertThat(text(client.read())).isEqualTo("200 other");
        // A body that is gone cannot be sent to a named location.
        client.send("POST /named HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhello");
        assertThat(client.read().status()).isEqualTo(502);
        assertThat(text(client.get("/other"))).isEqualTo("200 other");
      }
    }
  }

  @Test
  void instancesErrorsAreInterceptedIfAskedFor() throws Exception {
    String big = "x".repeat(100_000);
    try (RawUpstream app =
        new RawUpstream(
            connection -> {
              while (connection.readRequest()) {
                String path = connection.head.split(" ")[1];
                String body = path.contains("big") ? big : "broken";
                int status = path.contains("ok") ? 200 : path.contains("401") ? 401 : 500;
                connection.send(
                    "HTTP/1.1 "
                        + status
                        + " x\r\nWWW-Authenticate: Basic\r\nContent-Length: "
                        + body.length()
                        + "\r\n\r\n"
                        + body);
              }
            })) {
      site.proxying("/seen", app, pages(false, false, page("/sorry", -1, 500)))
          .proxying("/hidden", app, pages(false, true, page("/sorry", -1, 401, 500)))
          .returning("/sorry", 200, "sorry")
          .start();
      assertThat(text(site.get("/seen"))).isEqualTo("500 broken");
      assertThat(text(site.get("/hidden"))).isEqualTo("500 sorry");
      assertThat(text(site.get("/hidden/ok"))).isEqualTo("200 broken");
      Response unauthorized = site.get("/hidden/401");
      assertThat(text(unauthorized)).isEqualTo("401 sorry");
      assertThat(unauthorized.header("WWW-Authenticate")).isEqualTo("Basic");
      // The rest of a short body is thrown away, and the connection to the instance goes on.
      assertThat(app.connections).hasValue(1);
      assertThat(text(site.get("/hidden/big"))).isEqualTo("500 sorry");
      assertThat(text(site.get("/hidden/ok"))).isEqualTo("200 broken");
    }
  }

  private static String text(Response response) {
    return response.status() + " " + response.body();
  }
}
