package dev.muster.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.balancer.RawClient.Response;
import dev.muster.balancer.config.Content;
import dev.muster.balancer.config.FilesConfig;
import dev.muster.balancer.config.FilesConfig.Last;
import dev.muster.balancer.config.FilesConfig.Tries;
import dev.muster.balancer.config.GzipConfig;
import dev.muster.balancer.config.LocationConfig;
import dev.muster.balancer.config.ResponseConfig;
import dev.muster.balancer.config.ResponseConfig.Rate;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files that the balancer serves itself.
class StaticFilesTest {
  private static final Instant CHANGED = Instant.parse("2026-11-01T10:00:00Z");

  @TempDir Path root;
  private final Site site = new Site();

  @BeforeEach
  void write() throws Exception {
    file("hello.html", "hello file");
    file("sub/index.html", "the index");
    file("data.bin", "0123456789");
    Files.createDirectory(root.resolve("empty"));
  }

  @AfterEach
  void close() {
    site.close();
  }

  private void file(String name, String content) throws Exception {
    Path path = root.resolve(name);
    Files.createDirectories(path.getParent());
    Files.writeString(path, content);
    Files.setLastModifiedTime(path, FileTime.from(CHANGED));
  }

  private LocationConfig files(String path, FilesConfig config) {
    return LocationConfig.of(Site.match(path)).with(new Content.Files(config));
  }

  private Site serveRoot() {
    return site.with(files("/", FilesConfig.root(root.toString()))).start();
  }

  @Test
  void aFileIsServedWithItsTypeAndTime() throws Exception {
    serveRoot();
    Response response = site.get("/hello.html?q");
    assertThat(response.body()).isEqualTo("hello file");
    assertThat(response.head())
        .startsWith("HTTP/1.1 200 OK\r\n")
        .contains(
            "Content-Type: text/html\r\n",
            "Content-Length: 10\r\n",
            "Last-Modified: Sun, 01 Nov 2026 10:00:00 GMT\r\n",
            "ETag: \"" + Long.toHexString(CHANGED.getEpochSecond()) + "-a\"\r\n",
            "Accept-Ranges: bytes\r\n");
    assertThat(site.ask("HEAD", "/hello.html", "").head()).isEqualTo(response.head());
    assertThat(site.get("/data.bin").header("Content-Type")).isEqualTo("text/plain");
    assertThat(site.get("/missing").status()).isEqualTo(404);
    assertThat(site.get("/hello.html/x").status()).isEqualTo(404);
    assertThat(site.ask("POST", "/hello.html", "").status()).isEqualTo(405);
    assertThat(site.ask("DELETE", "/hello.html", "").status()).isEqualTo(405);
  }

  @Test
  void directoriesHaveAnIndexOrAreForbidden() throws Exception {
    serveRoot();
    assertThat(site.get("/sub/").body()).isEqualTo("the index");
    assertThat(site.get("/sub?a=b").header("Location"))
        .isEqualTo("http://test:" + site.balancer.port() + "/sub/?a=b");
    assertThat(site.get("/sub").status()).isEqualTo(301);
    assertThat(site.get("/empty/").status()).isEqualTo(403);
    assertThat(site.get("/none/").status()).isEqualTo(404);
  }

  @Test
  void aClientThatHasItIsToldSo() throws Exception {
    serveRoot();
    Response first = site.get("/hello.html");
    String etag = first.header("ETag");
    assertThat(status("If-None-Match: " + etag)).isEqualTo(304);
    assertThat(status("If-None-Match: \"x\", W/" + etag)).isEqualTo(304);
    assertThat(status("If-None-Match: \"x\"")).isEqualTo(200);
    assertThat(status("If-Modified-Since: " + first.header("Last-Modified"))).isEqualTo(304);
    assertThat(status("If-Modified-Since: Mon, 02 Nov 2026 10:00:00 GMT")).isEqualTo(200);
    assertThat(status("If-Match: \"x\"")).isEqualTo(412);
    assertThat(status("If-Unmodified-Since: Sat, 31 Oct 2026 10:00:00 GMT")).isEqualTo(412);
    try (RawClient client = site.client()) {
      client.send("GET /hello.html HTTP/1.1\r\nHost: test\r\nIf-None-Match: " + etag + "\r\n\r\n");
      assertThat(client.read().status()).isEqualTo(304);
      assertThat(client.get("/hello.html").body()).isEqualTo("hello file");
    }
  }

  private int status(String line) throws Exception {
    return site.ask("GET", "/hello.html", line + "\r\n").status();
  }

  @Test
  void partsAreCutOut() throws Exception {
    serveRoot();
    Response part = site.ask("GET", "/data.bin", "Range: bytes=2-4\r\n");
    assertThat(part.status()).isEqualTo(206);
    assertThat(part.body()).isEqualTo("234");
    assertThat(part.header("Content-Range")).isEqualTo("bytes 2-4/10");
    assertThat(range("bytes=-3")).isEqualTo("206 789");
    assertThat(range("bytes=7-")).isEqualTo("206 789");
    assertThat(range("bytes=7-99")).isEqualTo("206 789");
    assertThat(range("bytes=0-1,4-5")).isEqualTo("200 0123456789");
    assertThat(range("lines=0-1")).isEqualTo("200 0123456789");
    assertThat(range("bytes=10-")).startsWith("416 ");
    assertThat(range("bytes=x")).startsWith("416 ");
    assertThat(range("bytes=4-2")).startsWith("416 ");
    assertThat(range("bytes=0-1\r\nIf-Range: \"x\"")).isEqualTo("200 0123456789");
    assertThat(site.ask("GET", "/data.bin", "Range: bytes=10-\r\n").header("Content-Range"))
        .isEqualTo("bytes */10");
  }

  private String range(String range) throws Exception {
    Response response = site.ask("GET", "/data.bin", "Range: " + range + "\r\n");
    return response.status() + " " + response.body();
  }

  @Test
  void noPathLeavesTheDirectory() throws Exception {
    Path inside = Files.createDirectory(root.resolve("inside"));
    Files.writeString(root.resolve("secret"), "secret");
    Files.createSymbolicLink(inside.resolve("link"), root.resolve("secret"));
    site.with(files("/i", FilesConfig.alias(inside + "/")))
        .with(files("/", FilesConfig.root(root.resolve("inside").toString())))
        .with(
            files(
                "/host/",
                new FilesConfig(
                    new FilesConfig.Directory(site.text(inside + "/$args"), false),
                    List.of(),
                    Map.of(),
                    "text/plain",
                    true,
                    FilesConfig.ModifiedSince.EXACT)))
        .start();
    for (String path :
        List.of(
            "/../secret",
            "/%2e%2e/secret",
            "/..%2fsecret",
            "/i../secret",
            "/i%2e%2e/secret",
            "/i/..%5csecret",
            "/%00",
            "/x/%2e%2e/%2e%2e/secret")) {
      assertThat(site.get(path).body()).as(path).doesNotContain("secret");
      assertThat(site.get(path).status()).as(path).isIn(400, 404);
    }
    // Whoever may write into the directory may say where its links lead.
    assertThat(site.get("/link").body()).isEqualTo("secret");
  }

  @Test
  void filesAreTriedInOrder() throws Exception {
    try (RawUpstream app = RawUpstream.answering("app")) {
      FilesConfig config = FilesConfig.root(root.toString());
      site.with(tried("/", config, new Last.Redirect(site.text("@app")), new Content.Files(config)))
          .with(tried("/code/", config, new Last.Status(403), new Content.Files(config)))
          .with(
              tried(
                  "/uri/",
                  config,
                  new Last.Redirect(site.text("/fallback?from=$uri")),
                  new Content.Files(config)))
          .returning("/fallback", 200, "$uri $args")
          .proxying("@app", app, ResponseConfig.defaults())
          .start();
      assertThat(site.get("/hello.html").body()).isEqualTo("hello file");
      assertThat(site.get("/sub").header("Location")).isEmpty();
      assertThat(site.get("/sub").body()).isEqualTo("the index");
      assertThat(site.ask("GET", "/other?q", "").body()).isEqualTo("app");
      assertThat(app.heads.getLast()).startsWith("GET /other?q HTTP/1.1\r\n");
      try (RawClient client = site.client()) {
        client.send("POST /x HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhello");
        assertThat(client.read().body()).isEqualTo("app");
        assertThat(app.heads.getLast()).contains("Content-Length: 5\r\n");
      }
      assertThat(site.get("/code/x").status()).isEqualTo(403);
      assertThat(site.get("/uri/x").body()).isEqualTo("/fallback from=/uri/x");
    }
  }

  private LocationConfig tried(String path, FilesConfig config, Last last, Content then) {
    Tries tries = new Tries(List.of(site.text("$uri"), site.text("$uri/")), last);
    return LocationConfig.of(Site.match(path)).with(new Content.Tried(config, tries, then));
  }

  @Test
  void aLargeFileComesWholeAndTheConnectionGoesOn() throws Exception {
    byte[] content = new byte[9_000_000];
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) (i % 251);
    }
    Files.write(root.resolve("large"), content);
    serveRoot();
    try (RawClient client = site.client()) {
      client.send(
          "GET /large HTTP/1.1\r\n"
              + "Host: test\r\n\r\n"
              + "GET /hello.html HTTP/1.1\r\n"
              + "Host: test\r\n\r\n");
      byte[] got = client.read().body().getBytes(StandardCharsets.ISO_8859_1);
      assertThat(Arrays.equals(got, content)).isTrue();
      assertThat(client.read().body()).isEqualTo("hello file");
    }
  }

  @Test
  void textIsCompressedForWhoTakesIt() throws Exception {
    String text = "all work and no play ".repeat(20_000);
    file("long.html", text);
    try (RawUpstream app =
        RawUpstream.sending(
            "HTTP/1.1 200 OK\r\n"
                + "Content-Type: text/html; charset=utf-8\r\n"
                + "ETag: \"1\"\r\n"
                + "Content-Length: "
                + text.length()
                + "\r\n\r\n"
                + text)) {
      ResponseConfig gzip =
          ResponseConfig.defaults().with(new GzipConfig(Set.of(), 20, 6, Set.of(), true, true));
      site.with(files("/", FilesConfig.root(root.toString())).with(gzip))
          .proxying("/app", app, gzip)
          .start();
      for (String path : List.of("/long.html", "/app")) {
        try (RawClient client = site.client()) {
          client.send(
              "GET " + path + " HTTP/1.1\r\nHost: test\r\nAccept-Encoding: br, gzip\r\n\r\n");
          Response response = client.read();
          assertThat(response.head())
              .contains("Content-Encoding: gzip\r\n", "Vary: Accept-Encoding\r\n", "ETag: W/\"")
              .doesNotContain("Content-Length", "Accept-Ranges");
          byte[] packed = response.body().getBytes(StandardCharsets.ISO_8859_1);
          assertThat(packed.length).isLessThan(text.length() / 10);
          try (var in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1)).isEqualTo(text);
          }
          assertThat(client.get("/hello.html").body()).isEqualTo("hello file");
        }
      }
      assertThat(site.ask("GET", "/app", "Accept-Encoding: gzip;q=0\r\n").head())
          .contains("Vary: Accept-Encoding\r\n", "Content-Length: ")
          .doesNotContain("Content-Encoding");
      assertThat(site.ask("GET", "/app", "Accept-Encoding: gzip\r\nVia: 1.1 x\r\n").head())
          .doesNotContain("Content-Encoding");
      assertThat(site.ask("GET", "/data.bin", "Accept-Encoding: gzip\r\n").head())
          .doesNotContain("Content-Encoding", "Vary");
      assertThat(
              site.ask("GET", "/long.html", "Accept-Encoding: gzip\r\nRange: bytes=0-4\r\n").body())
          .isEqualTo("all w");
    }
  }

  @Test
  void bodiesAreSentNoFasterThanTheirRate() throws Exception {
    String text = "x".repeat(60_000);
    file("slow.html", text);
    try (RawUpstream app = RawUpstream.answering(text)) {
      ResponseConfig slow =
          ResponseConfig.defaults().with(new Rate(Optional.of(site.text("20k")), 10_000));
      site.with(files("/", FilesConfig.root(root.toString())).with(slow))
          .proxying("/app", app, slow)
          .start();
      for (String path : List.of("/slow.html", "/app")) {
        try (RawClient client = site.client()) {
          long start = System.nanoTime();
          Response response = client.get(path);
          long millis = (System.nanoTime() - start) / 1_000_000;
          assertThat(response.body()).isEqualTo(text);
          // 10,000 at once, 20,480 of the first second at once, the rest takes 1.4 s.
          assertThat(millis).isBetween(1_200L, 8_000L);
          assertThat(client.get(path).status()).isEqualTo(200);
        }
      }
    }
  }

  @Test
  void theBalancerTellsItsNumbers() throws Exception {
    site.with(LocationConfig.of(Site.match("/status")).with(new Content.StubStatus()))
        .with(LocationConfig.of(Site.match("/pixel")).with(new Content.EmptyGif()))
        .start();
    assertThat(site.get("/status").body())
        .matches(
            "Active connections: 1 \nserver accepts handled requests\n 1 1 1 \n"
                + "Reading: 0 Writing: 1 Waiting: 0 \n");
    Response pixel = site.get("/pixel");
    assertThat(pixel.header("Content-Type")).isEqualTo("image/gif");
    assertThat(pixel.body()).hasSize(43).startsWith("GIF89a");
    assertThat(site.ask("POST", "/pixel", "").status()).isEqualTo(405);
  }
}
