package dev.muster.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.balancer.RawClient.Response;
import dev.muster.balancer.config.BalancerConfig;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// One row per request that looks odd and is valid: it reaches the instance as stated, however it
/// is cut into pieces on its way.
class OddRequestTest {
  private static final long SEED = 20261123;
  private static final int CUTS = 8;

  private RawUpstream app;
  private Balancer balancer;

  /// What is sent, and how the request the instance gets starts and what its body is.
  record Row(String name, String bytes, String line, String body) {
    @Override
    public String toString() {
      return name;
    }
  }

  @BeforeEach
  void start() throws IOException {
    app =
        new RawUpstream(
            connection -> {
              while (connection.readRequest()) {
                String echo = connection.body;
                connection.send(
                    "HTTP/1.1 200 OK\r\nContent-Length: " + echo.length() + "\r\n\r\n" + echo);
              }
            });
    balancer = Balancer.start(BalancerConfig.defaults().withListen("127.0.0.1", 0).withThreads(1));
    balancer
        .endpoints()
        .replace("app", List.of(BalancerTest.endpoint("a", app.port(), "urlprefix-/")));
  }

  @AfterEach
  void stop() throws IOException {
    balancer.close();
    app.close();
  }

  private static Row get(String name, String head, String line) {
    return new Row(name, head + "\r\n\r\n", line, "");
  }

  private static Row post(String name, String chunks, String body) {
    return new Row(
        name,
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks,
        "POST / HTTP/1.1",
        body);
  }

  static Stream<Row> rows() {
    return Stream.of(heads(), bodies(), hops()).flatMap(rows -> rows);
  }

  // RFC 9112 section 9.6 and RFC 9110 sections 7.6.1 and 7.8: what is for one connection only, and
  // what a client cannot declare to be
  private static Stream<Row> hops() {
    String get = "GET / HTTP/1.1";
    String host = "\r\nHost: a";
    String upgrade = "\r\nUpgrade: websocket\r\nSec-WebSocket-Key: eA==";
    return Stream.of(
        get("Connection names Host", get + host + "\r\nConnection: Host", get),
        get(
            "Connection names X-Forwarded-For",
            get + host + "\r\nConnection: X-Forwarded-For",
            get),
        get("an upgrade without Connection", get + host + upgrade, get),
        get(
            "an upgrade in HTTP/1.0",
            "GET / HTTP/1.0" + host + "\r\nConnection: Upgrade" + upgrade,
            get),
        get("an unknown expectation", get + host + "\r\nExpect: b", get),
        new Row(
            "Connection names Content-Length",
            "PUT / HTTP/1.1\r\nHost: a\r\nConnection: Content-Length\r\n"
                + "Content-Length: 5\r\n\r\nhello",
            "PUT / HTTP/1.1",
            "hello"),
        new Row(
            "Connection names Transfer-Encoding",
            "PUT / HTTP/1.1\r\nHost: a\r\nConnection: Transfer-Encoding\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            "PUT / HTTP/1.1",
            "hello"),
        new Row(
            "an upgrade with POST",
            "POST / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade"
                + upgrade
                + "\r\nContent-Length: 5\r\n\r\nhello",
            "POST / HTTP/1.1",
            "hello"));
  }

  // RFC 9112 section 6 and RFC 9110 section 9.3: any request may have a body
  private static Stream<Row> bodies() {
    return Stream.of(
        sized("a GET with a body", "GET / HTTP/1.1", "Content-Length: 5"),
        sized("an OPTIONS with a body", "OPTIONS / HTTP/1.1", "Content-Length: 5"),
        sized("a length between tabs", "PUT / HTTP/1.1", "Content-Length:\t5\t"),
        sized("a length with a space behind", "PUT / HTTP/1.1", "Content-Length: 5 "),
        new Row(
            "a POST without a length", "POST / HTTP/1.1\r\nHost: a\r\n\r\n", "POST / HTTP/1.1", ""),
        new Row(
            "a coding between tabs",
            "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\tchunked\t\r\n\r\n"
                + "5\r\nhello\r\n0\r\n\r\n",
            "PUT / HTTP/1.1",
            "hello"));
  }

  private static Row sized(String name, String line, String length) {
    return new Row(name, line + "\r\nHost: a\r\n" + length + "\r\n\r\nhello", line, "hello");
  }

  private static Stream<Row> heads() {
    String get = "GET / HTTP/1.1";
    String host = "\r\nHost: a";
    return Stream.of(
        get("an empty line first", "\r\n" + get + host, get),
        get("lower-case names", get + "\r\nhost: a", get),
        get("no space after the colon", get + "\r\nHost:a", get),
        get("tabs around a value", get + "\r\nHost:\t a \t", get),
        get("an empty value", get + host + "\r\nA:", get),
        get("obs-text in a value", get + host + "\r\nA: \u00e4", get),
        get("a Host with a port", get + "\r\nHost: a:8080", get),
        get("a Host with an empty port", get + "\r\nHost: a:", get),
        get("a Host with the root's dot", get + "\r\nHost: a.", get),
        get("an IPv6 Host", get + "\r\nHost: [::1]:80", get),
        get("an underscore in Host", get + "\r\nHost: a_b", get),
        get("absolute form", "GET http://b/x?y HTTP/1.1" + host, "GET /x?y HTTP/1.1"),
        get("absolute form, no path", "GET HTTP://b HTTP/1.1" + host, get),
        get("absolute form, a query alone", "GET http://b?y HTTP/1.1" + host, "GET /?y HTTP/1.1"),
        get("asterisk form", "OPTIONS * HTTP/1.1" + host, "OPTIONS * HTTP/1.1"),
        get("a lower-case method", "get / HTTP/1.1" + host, "get / HTTP/1.1"),
        get("an unknown method", "PURGE / HTTP/1.1" + host, "PURGE / HTTP/1.1"),
        get("a method of signs", "M-SEARCH! / HTTP/1.1" + host, "M-SEARCH! / HTTP/1.1"),
        get("a query with brackets", "GET /?a[]={|}^ HTTP/1.1" + host, "GET /?a[]={|}^ HTTP/1.1"),
        get("dots in a query", "GET /?../.. HTTP/1.1" + host, "GET /?../.. HTTP/1.1"),
        get("dots in a name", "GET /..a/b../... HTTP/1.1" + host, "GET /..a/b../... HTTP/1.1"),
        get("an encoded slash", "GET /a%2Fb HTTP/1.1" + host, "GET /a%2Fb HTTP/1.1"),
        get("empty segments", "GET //a// HTTP/1.1" + host, "GET //a// HTTP/1.1"),
        get("HTTP/1.0 without Host", "GET / HTTP/1.0", get),
        get("a named hop-by-hop field", get + host + "\r\nConnection: x\r\nX: y", get),
        get("upgrade to h2c", get + host + "\r\nConnection: Upgrade\r\nUpgrade: h2c", get),
        new Row(
            "a length with zeros",
            "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 0005\r\n\r\nhello",
            "PUT / HTTP/1.1",
            "hello"),
        new Row(
            "an upper-case coding",
            "PUT / HTTP/1.1\r\n"
                + "Host: a\r\n"
                + "TRANSFER-ENCODING: CHUNKED\r\n\r\n"
                + "5\r\n"
                + "hello\r\n"
                + "0\r\n\r\n",
            "PUT / HTTP/1.1",
            "hello"),
        post("no chunks", "0\r\n\r\n", ""),
        post("sizes with zeros", "0005\r\nhello\r\n000\r\n\r\n", "hello"),
        post("upper-case sizes", "A\r\n0123456789\r\n0\r\n\r\n", "0123456789"),
        post("an extension", "5;a\r\nhello\r\n0;b=c\r\n\r\n", "hello"),
        post("a quoted extension", "5;a=\"b;\\\"c\";d\r\nhello\r\n0\r\n\r\n", "hello"),
        post("data like framing", "7\r\n0\r\n\r\n\r\n\r\n0\r\n\r\n", "0\r\n\r\n\r\n"),
        post("trailers", "5\r\nhello\r\n0\r\nA: b\r\nC:\r\n\r\n", "hello"));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void reachesTheInstanceHoweverItIsCut(Row row) throws IOException {
    Random random = new Random(SEED + row.name().hashCode());
    for (int cut = 0; cut < CUTS; cut++) {
      try (RawClient client = new RawClient(balancer.port())) {
        int largest = cut == 0 ? row.bytes().length() : 1 + row.bytes().length() / (1 << cut);
        for (int at = 0; at < row.bytes().length(); ) {
          int end =
              cut == 0
                  ? row.bytes().length()
                  : Math.min(row.bytes().length(), at + 1 + random.nextInt(largest));
          client.send(row.bytes().substring(at, end));
          at = end;
          Thread.yield();
        }
        Response response = client.read();
        assertThat(response.status()).as("seed %d cut %d", SEED, cut).isEqualTo(200);
        assertThat(response.body()).as("seed %d cut %d", SEED, cut).isEqualTo(row.body());
      }
      String head = app.heads.get(cut);
      assertThat(head).startsWith(row.line() + "\r\n").contains("X-Forwarded-For: 127.0.0.1\r\n");
      assertThat(head.toLowerCase(Locale.ROOT))
          .containsOnlyOnce("\r\nhost:")
          .doesNotContain("\r\nconnection:", "\r\nupgrade:", "\r\nx:");
    }
  }
}
