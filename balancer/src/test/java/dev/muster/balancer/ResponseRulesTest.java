package dev.muster.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.balancer.RawClient.Response;
import dev.muster.balancer.RawUpstream.Wire;
import dev.muster.balancer.config.Groups;
import dev.muster.balancer.config.Instruction;
import dev.muster.balancer.config.LocationConfig;
import dev.muster.balancer.config.ProxiedConfig;
import dev.muster.balancer.config.ProxiedConfig.CookieFlags;
import dev.muster.balancer.config.ProxiedConfig.Cookies;
import dev.muster.balancer.config.ProxiedConfig.Match;
import dev.muster.balancer.config.ProxiedConfig.Replacement;
import dev.muster.balancer.config.ResponseConfig;
import dev.muster.balancer.config.ResponseConfig.AddedHeader;
import dev.muster.balancer.config.ResponseConfig.Expires;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a location does with the header lines of answers.
class ResponseRulesTest {
  private final Site site = new Site();

  @AfterEach
  void close() {
    site.close();
  }

  private static RawUpstream saying(String lines, String body) throws Exception {
    return RawUpstream.sending(
        "HTTP/1.1 200 OK\r\n" + lines + "Content-Length: " + body.length() + "\r\n\r\n" + body);
  }

  private static ResponseConfig proxied(ProxiedConfig config) {
    return ResponseConfig.defaults().with(config);
  }

  @Test
  void whatIsBetweenInstanceAndBalancerIsHidden() throws Exception {
    try (RawUpstream app =
        saying(
            "Server: app/1\r\n"
                + "Date: then\r\n"
                + "X-Pad: x\r\n"
                + "X-Accel-Buffering: no\r\n"
                + "X-Powered-By: y\r\n"
                + "A: b\r\n",
            "ok")) {
      ProxiedConfig defaults = ProxiedConfig.defaults();
      site.proxying("/", app, ResponseConfig.defaults())
          .proxying(
              "/other",
              app,
              proxied(defaults.hiding(List.of("X-Powered-By"), List.of("Server", "date"))))
          .proxying("/nameless", app, ResponseConfig.defaults().withServer(""))
          .start();
      assertThat(site.get("/").head())
          .isEqualTo(
              "HTTP/1.1 200 OK\r\nServer: muster\r\nDate: Mon, 23 Nov 2026 12:00:00 GMT\r\n"
                  + "X-Powered-By: y\r\nA: b\r\nContent-Length: 2\r\n\r\n");
      assertThat(site.get("/other").head())
          .contains("Server: app/1\r\n", "Date: then\r\n")
          .doesNotContain("X-Powered-By", "muster", "2026");
      assertThat(site.get("/nameless").head()).doesNotContain("Server:");
    }
  }

  @Test
  void redirectsLeadBack() throws Exception {
    try (RawUpstream app =
        new RawUpstream(
            connection -> {
              while (connection.readRequest()) {
                String query = connection.head.split("[? ]")[2];
                connection.send(
                    "HTTP/1.1 302 Found\r\nLocation: "
                        + query
                        + "\r\nRefresh: 5; url="
                        + query
                        + "\r\nContent-Length: 0\r\n\r\n");
              }
            })) {
      Replacement regex =
          new Replacement(
              new Match.Regex(Pattern.compile("^http://internal:(\\d+)(.*)$"), Groups.NONE),
              site.text("http://$host/$1$2"));
      Replacement text =
          new Replacement(new Match.Text(site.text("http://other/")), site.text("/there/"));
      site.with(
              LocationConfig.of(Site.match("/app/"))
                  .with(site.proxy("backend", app.port(), "/inner/")))
          .with(LocationConfig.of(Site.match("/")).with(site.proxy("backend", app.port(), "")))
          .proxying("/off", app, proxied(ProxiedConfig.defaults().redirecting(List.of())))
          .proxying(
              "/rules", app, proxied(ProxiedConfig.defaults().redirecting(List.of(text, regex))))
          .start();
      Response back = site.get("/app/x?http://backend/inner/y");
      assertThat(back.header("Location")).isEqualTo("/app/y");
      assertThat(back.header("Refresh")).isEqualTo("5; url=/app/y");
      assertThat(location("/x?http://backend/y")).isEqualTo("/y");
      assertThat(location("/x?/relative")).isEqualTo("/relative");
      assertThat(location("/x?http://else/")).isEqualTo("http://else/");
      assertThat(location("/off?http://up" + app.port() + "/y"))
          .isEqualTo("http://up" + app.port() + "/y");
      assertThat(location("/rules?http://other/z"))
          .isEqualTo("http://test:" + site.balancer.port() + "/there/z");
      assertThat(location("/rules?http://internal:80/z")).isEqualTo("http://test/80/z");
    }
  }

  private String location(String target) throws Exception {
    return site.get(target).header("Location");
  }

  @Test
  void cookiesAreRewritten() throws Exception {
    try (RawUpstream app =
        saying(
            "Set-Cookie: a=1; Path=/inner/x; Domain=.App.internal; SameSite=None\r\n"
                + "Set-Cookie: b=2; path=/; Secure\r\n",
            "ok")) {
      Cookies rules =
          new Cookies(
              List.of(new Replacement(new Match.Text(site.text("/inner/")), site.text("/outer/"))),
              List.of(
                  new Replacement(new Match.Text(site.text("app.internal")), site.text("$host"))),
              List.of(
                  new CookieFlags(
                      Pattern.compile("^a$"), List.of("secure", "httponly", "samesite=strict")),
                  new CookieFlags(Pattern.compile(""), List.of("nosecure"))));
      site.proxying("/", app, proxied(ProxiedConfig.defaults().with(rules))).start();
      assertThat(site.get("/").head())
          .contains(
              "Set-Cookie: a=1; Path=/outer/x; Domain=test; Secure; HttpOnly; SameSite=Strict\r\n",
              "Set-Cookie: b=2; path=/\r\n");
    }
  }

  @Test
  void expiresTakesThePlaceOfWhatTheInstanceSaid() throws Exception {
    try (RawUpstream app = saying("Expires: 0\r\nCache-Control: private\r\n", "ok")) {
      site.proxying("/hour", app, expiring("1h")).proxying("/off", app, expiring("off"));
      site.proxying("/past", app, expiring("-1")).proxying("/max", app, expiring("max"));
      site.proxying("/computed", app, expiring("$args"));
      site.returning("/error", 404, "x", expiring("1h")).start();
      assertThat(site.get("/hour").head())
          .contains("Expires: Mon, 23 Nov 2026 13:00:00 GMT\r\n", "Cache-Control: max-age=3600\r\n")
          .doesNotContain("private", "Expires: 0");
      assertThat(site.get("/off").header("Cache-Control")).isEqualTo("private");
      assertThat(site.get("/past").header("Cache-Control")).isEqualTo("no-cache");
      assertThat(site.get("/max").header("Cache-Control")).isEqualTo("max-age=315360000");
      assertThat(site.get("/computed?10d").header("Cache-Control")).isEqualTo("max-age=864000");
      assertThat(site.get("/computed?x").header("Cache-Control")).isEqualTo("private");
      assertThat(site.get("/error").header("Expires")).isEmpty();
    }
  }

  private ResponseConfig expiring(String value) {
    return ResponseConfig.defaults().with(new Expires(site.text(value), false));
  }

  @Test
  void trailersStandBehindTheBody() throws Exception {
    try (RawUpstream app = saying("", "hello");
        RawClient client = site.client()) {
      AddedHeader trailer = new AddedHeader("X-Sum", site.text("$uri"), false);
      site.proxying("/", app, ResponseConfig.defaults().withTrailers(List.of(trailer))).start();
      for (int i = 0; i < 2; i++) {
        client.send("GET /x HTTP/1.1\r\nHost: test\r\n\r\n");
        assertThat(Wire.readHead(client.in))
            .contains("Transfer-Encoding: chunked\r\n")
            .doesNotContain("Content-Length");
        String framed = "5\r\nhello\r\n0\r\nX-Sum: /x\r\n\r\n";
        assertThat(Wire.read(client.in, framed.length())).isEqualTo(framed);
      }
      client.send("GET /x HTTP/1.0\r\nHost: test\r\n\r\n");
      assertThat(client.read().header("Content-Length")).isEqualTo("5");
    }
  }

  @Test
  void anInstanceSendsTheRequestElsewhere() throws Exception {
    try (RawUpstream app =
            saying(
                "X-Accel-Redirect: /protected/x?q=1\r\n"
                    + "Content-Type: image/png\r\n"
                    + "Set-Cookie: a=b\r\n",
                "unseen");
        RawUpstream named = saying("X-Accel-Redirect: @named\r\n", "");
        RawClient client = site.client()) {
      site.proxying("/go", app, ResponseConfig.defaults())
          .proxying("/name", named, ResponseConfig.defaults())
          .proxying(
              "/stay", app, proxied(ProxiedConfig.defaults().ignoring(List.of("X-Accel-Redirect"))))
          .with(
              LocationConfig.of(Site.match("/protected/"))
                  .with(
                      List.of(
                          new Instruction.Return(
                              200, Optional.of(site.text("$request_method $uri $args")))))
                  .internal())
          .returning("@named", 200, "$request_method $uri")
          .start();
      client.send("POST /go HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhello");
      Response response = client.read();
      assertThat(response.body()).isEqualTo("GET /protected/x q=1");
      assertThat(response.header("Content-Type")).isEqualTo("image/png");
      assertThat(response.header("Set-Cookie")).isEqualTo("a=b");
      assertThat(client.get("/name").body()).isEqualTo("GET /name");
      assertThat(client.get("/stay").body()).isEqualTo("unseen");
    }
  }

  @Test
  void anInstanceSendsNothingElsewhereInAServerWithoutLocationsForThat() throws Exception {
    try (RawUpstream app = saying("X-Accel-Redirect: /open\r\n", "own")) {
      site.proxying("/go", app, ResponseConfig.defaults()).returning("/open", 200, "open").start();
      Response response = site.get("/go");
      assertThat(response.body()).isEqualTo("own");
      assertThat(response.head()).doesNotContain("X-Accel-Redirect");
    }
  }
}
