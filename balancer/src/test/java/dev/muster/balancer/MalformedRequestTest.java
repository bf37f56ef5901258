package dev.muster.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.balancer.RawClient.Response;
import dev.muster.balancer.config.BalancerConfig;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// One row per input that two readers could understand differently: it is refused, the connection
/// is closed, and no instance ever sees it.
class MalformedRequestTest {
  private static final long SEED = 20261122;

  private RawUpstream app;
  private Balancer balancer;

  record Row(String name, int status, String bytes) {
    @Override
    public String toString() {
      return status + " " + name;
    }
  }

  @BeforeEach
  void start() throws IOException {
    app = RawUpstream.answering("reached");
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

  private static Row line(int status, String name, String requestLine) {
    return new Row(name, status, requestLine + "\r\nHost: a\r\n\r\n");
  }

  private static Row header(int status, String name, String lines) {
    return new Row(name, status, "GET / HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n\r\n");
  }

  private static Row hosts(String name, String lines) {
    return new Row(name, 400, "GET / HTTP/1.1\r\n" + lines + "\r\n");
  }

  private static Row chunks(String name, String body) {
    return new Row(
        name, 400, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + body);
  }

  private static Row framing(int status, String name, String lines) {
    return new Row(name, status, "POST / HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n\r\n0\r\n\r\n");
  }

  static Stream<Row> rows() {
    return Stream.of(
            lines(),
            versions(),
            targets(),
            headers(),
            hostRows(),
            framings(),
            lengths(),
            chunkRows(),
            moreChunkRows(),
            sizes(),
            methods())
        .flatMap(rows -> rows);
  }

  private static Stream<Row> lines() {
    return Stream.of(
        line(400, "no version", "GET /"),
        line(400, "HTTP/0.9 with a space", "GET / "),
        line(505, "HTTP/2.0", "GET / HTTP/2.0"),
        line(505, "HTTP/1.2", "GET / HTTP/1.2"),
        line(505, "HTTP/0.9", "GET / HTTP/0.9"),
        line(400, "lower-case version", "GET / http/1.1"),
        line(400, "long version", "GET / HTTP/1.10"),
        line(400, "short version", "GET / HTTP/1"),
        line(400, "comma in the version", "GET / HTTP/1,1"),
        line(400, "space after the version", "GET / HTTP/1.1 "),
        line(400, "two spaces before the target", "GET  / HTTP/1.1"),
        line(400, "two spaces before the version", "GET /  HTTP/1.1"),
        line(400, "tab before the target", "GET\t/ HTTP/1.1"),
        line(400, "tab before the version", "GET /\tHTTP/1.1"),
        line(400, "space before the method", " GET / HTTP/1.1"),
        line(400, "space in the target", "GET /a b HTTP/1.1"),
        new Row("bare LF after the request line", 400, "GET / HTTP/1.1\nHost: a\r\n\r\n"),
        new Row("bare LF everywhere", 400, "GET / HTTP/1.1\nHost: a\n\n"),
        new Row("bare CR in the request line", 400, "GET / HTTP/1.1\rHost: a\r\n\r\n"),
        new Row("CR CR LF", 400, "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n"),
        new Row("two empty lines first", 400, "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        new Row("bare LF first", 400, "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        new Row("bare CR first", 400, "\rGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        new Row("white space alone first", 400, "  \r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        new Row("byte order mark", 400, "\u00ef\u00bb\u00bfGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        new Row("white space before fields", 400, "GET / HTTP/1.1\r\n \r\nHost: a\r\n\r\n"),
        line(400, "no target", "GET HTTP/1.1"),
        line(400, "vertical tab before the target", "GET\u000b/ HTTP/1.1"),
        line(400, "form feed before the version", "GET /\u000cHTTP/1.1"),
        new Row("TLS", 400, "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\r\n\r\n"),
        new Row("HTTP/2 preface", 505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
  }

  // RFC 9112 section 2.3: one digit, a dot, one digit, and the name in capitals
  private static Stream<Row> versions() {
    return Stream.of(
        line(505, "HTTP/9.9", "GET / HTTP/9.9"),
        line(400, "leading zeros in the version", "GET / HTTP/01.01"),
        line(400, "space after the version's slash", "GET / HTTP/ 1.1"),
        line(400, "space before the version's slash", "GET / HTTP /1.1"),
        line(400, "sign in the version", "GET / HTTP/+1.1"),
        line(400, "another protocol", "GET / HTTPS/1.1"),
        line(400, "NUL after the version", "GET / HTTP/1.1\u0000"));
  }

  private static Stream<Row> methods() {
    return Stream.of(
        line(400, "no method", "/ HTTP/1.1"),
        line(400, "method with a bracket", "GE(T / HTTP/1.1"),
        line(400, "method with a colon", "GET: / HTTP/1.1"),
        line(400, "method with NUL", "GE\u0000T / HTTP/1.1"),
        line(400, "method with obs-text", "G\u00cbT / HTTP/1.1"),
        line(501, "CONNECT", "CONNECT a:80 HTTP/1.1"),
        line(501, "TRACE", "TRACE / HTTP/1.1"));
  }

  private static Stream<Row> targets() {
    return Stream.of(
        line(400, "target with NUL", "GET /\u0000 HTTP/1.1"),
        line(400, "target with a control character", "GET /\u0001 HTTP/1.1"),
        line(400, "target with DEL", "GET /\u007f HTTP/1.1"),
        line(400, "target with obs-text", "GET /\u00e9 HTTP/1.1"),
        line(400, "target with a fragment", "GET /#a HTTP/1.1"),
        line(400, "target without a slash", "GET a HTTP/1.1"),
        line(400, "authority form", "GET a:80 HTTP/1.1"),
        line(400, "asterisk without OPTIONS", "GET * HTTP/1.1"),
        line(400, "another scheme", "GET ftp://a/ HTTP/1.1"),
        line(400, "absolute form with userinfo", "GET http://b@a/ HTTP/1.1"),
        line(400, "absolute form without a host", "GET http:/// HTTP/1.1"),
        line(400, "absolute form with a bad port", "GET http://a:x/ HTTP/1.1"),
        line(400, "absolute form with a large port", "GET http://a:65536/ HTTP/1.1"),
        line(400, "absolute form with one slash", "GET http:/a/ HTTP/1.1"),
        line(400, "absolute form with a backslash", "GET http://a\\@b/ HTTP/1.1"),
        line(400, "absolute form with a fragment", "GET http://a/#b HTTP/1.1"),
        line(400, "absolute form with an open bracket", "GET http://[::1/ HTTP/1.1"),
        line(400, "asterisk and more", "OPTIONS *a HTTP/1.1"),
        line(400, "encoding cut off", "GET /%4 HTTP/1.1"),
        line(400, "encoding without digits", "GET /%zz HTTP/1.1"),
        line(400, "encoded NUL", "GET /%00 HTTP/1.1"),
        line(400, "dot segments", "GET /a/../b HTTP/1.1"),
        line(400, "dot segments at the end", "GET /a/.. HTTP/1.1"),
        line(400, "single dot segment", "GET /./a HTTP/1.1"),
        line(400, "encoded dots", "GET /a/%2e%2E/b HTTP/1.1"),
        line(400, "half encoded dots", "GET /a/.%2e/b HTTP/1.1"),
        line(400, "dots between encoded slashes", "GET /a%2f..%2fb HTTP/1.1"),
        line(400, "dots between backslashes", "GET /a\\..\\b HTTP/1.1"),
        line(400, "dots between encoded backslashes", "GET /a%5C..%5cb HTTP/1.1"),
        line(400, "dots with a path parameter", "GET /a/..;x=y/b HTTP/1.1"),
        line(400, "dots with an encoded parameter", "GET /a/..%3Bx/b HTTP/1.1"));
  }

  private static Stream<Row> headers() {
    return Stream.of(
        header(400, "space before the colon", "A : b"),
        header(400, "tab before the colon", "A\t: b"),
        header(400, "folded line", "A: b\r\n c"),
        header(400, "line folded with a tab", "A: b\r\n\tc"),
        new Row("first line folded", 400, "GET / HTTP/1.1\r\n Host: a\r\n\r\n"),
        header(400, "no colon", "A"),
        header(400, "no name", ": b"),
        header(400, "name with a space", "A b: c"),
        header(400, "name with a bracket", "A(: b"),
        header(400, "name with NUL", "A\u0000: b"),
        header(400, "name with obs-text", "\u00c4: b"),
        header(400, "value with NUL", "A: b\u0000c"),
        header(400, "value with a control character", "A: b\u0001c"),
        header(400, "value with DEL", "A: b\u007fc"),
        header(400, "value with a vertical tab", "A: \u000bb"),
        header(400, "value with a bare CR", "A: b\rc"),
        header(400, "value with a bare LF", "A: b\nc: d"),
        header(400, "bare LF before the end", "A: b\n"),
        new Row("bare LF at the end", 400, "GET / HTTP/1.1\r\nHost: a\r\n\n"),
        new Row("bare CR at the end", 400, "GET / HTTP/1.1\r\nHost: a\r\n\rX"),
        header(400, "line of white space", "A: b\r\n \r\nC: d"),
        header(400, "name on a line of its own", "Transfer-Encoding\r\n: chunked"),
        header(400, "CR CR LF after a value", "A: b\r"),
        header(400, "name with a semicolon", "A;: b"),
        header(400, "name with a slash", "A/B: c"),
        header(400, "name with an opening bracket", "A[: b"),
        header(400, "value with a form feed", "A: b\u000cc"),
        header(400, "value with an escape", "A: \u001b[1m"),
        header(400, "Connection naming too much", "Connection: " + "a,".repeat(40)));
  }

  private static Stream<Row> hostRows() {
    return Stream.of(
        hosts("no Host", ""),
        hosts("two Hosts", "Host: a\r\nHost: a\r\n"),
        hosts("two different Hosts", "Host: a\r\nhost: b\r\n"),
        hosts("empty Host", "Host: \r\n"),
        hosts("Host with userinfo", "Host: b@a\r\n"),
        hosts("Host with a path", "Host: a/b\r\n"),
        hosts("Host with a query", "Host: a?b\r\n"),
        hosts("Host with a space", "Host: a b\r\n"),
        hosts("Host as a list", "Host: a, b\r\n"),
        hosts("Host with a bad port", "Host: a:b\r\n"),
        hosts("Host with a negative port", "Host: a:-1\r\n"),
        hosts("Host with a large port", "Host: a:65536\r\n"),
        hosts("Host with two ports", "Host: a:80:80\r\n"),
        hosts("Host with only a port", "Host: :80\r\n"),
        hosts("Host with an open bracket", "Host: [::1\r\n"),
        hosts("Host with an empty bracket", "Host: []\r\n"),
        hosts("Host with a comma", "Host: a,b\r\n"),
        hosts("Host with obs-text", "Host: \u00e9\r\n"),
        // RFC 9112 section 3.2, RFC 3986 section 3.2
        hosts("an empty Host and another", "Host: \r\nHost: a\r\n"),
        hosts("Host with a fragment", "Host: a#b\r\n"),
        hosts("Host with a backslash", "Host: a\\b\r\n"),
        hosts("Host as a URL", "Host: http://a\r\n"),
        hosts("Host with a tab", "Host: a\tb\r\n"),
        hosts("Host with a signed port", "Host: a:+80\r\n"),
        hosts("Host with a spaced port", "Host: a: 80\r\n"),
        hosts("Host with text behind the bracket", "Host: [::1]a\r\n"),
        hosts("Host with letters that are no digits", "Host: [::g]\r\n"),
        hosts("Host with an encoded NUL", "Host: a%00b\r\n"),
        new Row("two Hosts in HTTP/1.0", 400, "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"));
  }

  private static Stream<Row> framings() {
    String chunked = "Transfer-Encoding: chunked";
    return Stream.of(
        framing(400, "length and coding", "Content-Length: 5\r\n" + chunked),
        framing(400, "coding and length", chunked + "\r\nContent-Length: 5"),
        framing(400, "two different lengths", "Content-Length: 5\r\nContent-Length: 6"),
        framing(400, "two equal lengths", "Content-Length: 5\r\nContent-Length: 5"),
        framing(400, "listed lengths", "Content-Length: 5, 5"),
        framing(400, "signed length", "Content-Length: +5"),
        framing(400, "negative length", "Content-Length: -5"),
        framing(400, "hexadecimal length", "Content-Length: 0x5"),
        framing(400, "overflowing length", "Content-Length: 18446744073709551621"),
        framing(400, "fractional length", "Content-Length: 5.0"),
        framing(400, "empty length", "Content-Length: "),
        framing(400, "spaced length", "Content-Length: 5 5"),
        framing(400, "length with a letter", "Content-Length: 5a"),
        framing(501, "unknown coding", "Transfer-Encoding: gzip"),
        framing(501, "identity", "Transfer-Encoding: identity"),
        framing(501, "unknown coding first", "Transfer-Encoding: gzip, chunked"),
        framing(501, "unknown coding last", "Transfer-Encoding: chunked, gzip"),
        framing(400, "doubled coding", "Transfer-Encoding: chunked, chunked"),
        framing(400, "coding twice", chunked + "\r\n" + chunked),
        framing(400, "empty coding", "Transfer-Encoding: "),
        framing(400, "coding with an empty member", "Transfer-Encoding: , chunked"),
        framing(501, "misspelled coding", "Transfer-Encoding: xchunked"),
        framing(400, "quoted coding", "Transfer-Encoding: \"chunked\""),
        framing(400, "coding with a parameter", "Transfer-Encoding: chunked;a=b"),
        framing(400, "coding behind a vertical tab", "Transfer-Encoding: \u000bchunked"),
        framing(400, "coding with NUL", "Transfer-Encoding: chunked\u0000"),
        framing(400, "coding with a spaced colon", "Transfer-Encoding : chunked"),
        new Row(
            "coding in HTTP/1.0",
            400,
            "POST / HTTP/1.0\r\nHost: a\r\n" + chunked + "\r\n\r\n0\r\n\r\n"));
  }

  // RFC 9110 section 8.6: digits, and nothing else; RFC 9112 sections 5.2, 6.1 and 6.3
  private static Stream<Row> lengths() {
    return Stream.of(
        framing(400, "length with an underscore", "Content-Length: 1_0"),
        framing(400, "octal length", "Content-Length: 0o5"),
        framing(400, "length of minus zero", "Content-Length: -0"),
        framing(400, "length with an exponent", "Content-Length: 5e0"),
        framing(400, "quoted length", "Content-Length: \"5\""),
        framing(400, "length before a comma", "Content-Length: 5,"),
        framing(400, "length behind a comma", "Content-Length: , 5"),
        framing(400, "length behind a vertical tab", "Content-Length: \u000b5"),
        framing(400, "length behind a no-break space", "Content-Length: \u00a05"),
        framing(400, "length of 2^63", "Content-Length: 9223372036854775808"),
        framing(400, "lengths of other case", "content-length: 5\r\nCONTENT-LENGTH: 6"),
        framing(400, "folded length", "Content-Length:\r\n 5"),
        framing(400, "folded coding", "Transfer-Encoding:\r\n chunked"),
        framing(400, "coding behind a form feed", "Transfer-Encoding: \u000cchunked"),
        framing(400, "coding before a comma", "Transfer-Encoding: chunked,"),
        framing(
            400,
            "coding, and identity in another field",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\nContent-Length: 5"));
  }

  private static Stream<Row> chunkRows() {
    return Stream.of(
        chunks("signed size", "+5\r\nhello\r\n0\r\n\r\n"),
        chunks("negative size", "-5\r\nhello\r\n0\r\n\r\n"),
        chunks("0x size", "0x5\r\nhello\r\n0\r\n\r\n"),
        chunks("space before the size", " 5\r\nhello\r\n0\r\n\r\n"),
        chunks("space after the size", "5 \r\nhello\r\n0\r\n\r\n"),
        chunks("tab after the size", "5\t\r\nhello\r\n0\r\n\r\n"),
        chunks("space before the extension", "5 ;a\r\nhello\r\n0\r\n\r\n"),
        chunks("no size", "\r\nhello\r\n0\r\n\r\n"),
        chunks("no digit", "g\r\nhello\r\n0\r\n\r\n"),
        chunks("bare semicolon", "5;\r\nhello\r\n0\r\n\r\n"),
        chunks("extension without a value", "5;a=\r\nhello\r\n0\r\n\r\n"),
        chunks("extension without a name", "5;=b\r\nhello\r\n0\r\n\r\n"),
        chunks("overflowing size", "10000000000000005\r\nhello\r\n0\r\n\r\n"),
        chunks("bare LF after the size", "5\nhello\r\n0\r\n\r\n"),
        chunks("bare CR after the size", "5\rhello\r\n0\r\n\r\n"),
        chunks("bare LF after the data", "5\r\nhello\n0\r\n\r\n"),
        chunks("longer than its size", "5\r\nhello!\r\n0\r\n\r\n"),
        chunks("shorter than its size", "6\r\nhello\r\n0\r\n\r\n"),
        chunks("line break in a quoted extension", "5;a=\"b\r\nc\"\r\nhello\r\n0\r\n\r\n"),
        chunks("bare LF in an extension", "5;a\nhello\r\n0\r\n\r\n"),
        chunks("control character in an extension", "5;a=\u0001\r\nhello\r\n0\r\n\r\n"),
        chunks("endless extension", "5;a=" + "b".repeat(2000) + "\r\nhello\r\n0\r\n\r\n"),
        chunks("bare LF at the end", "5\r\nhello\r\n0\r\n\n"),
        chunks("trailer without a colon", "0\r\na\r\n\r\n"),
        chunks("folded trailer", "0\r\na: b\r\n c\r\n\r\n"),
        chunks("Content-Length as a trailer", "0\r\nContent-Length: 5\r\n\r\n"),
        chunks("Host as a trailer", "0\r\nHost: b\r\n\r\n"),
        chunks("trailer with NUL", "0\r\na: \u0000\r\n\r\n"));
  }

  // RFC 9112 sections 7.1, 7.1.1 and 7.1.2, RFC 9110 section 6.5.1
  private static Stream<Row> moreChunkRows() {
    return Stream.of(
        chunks("size with an underscore", "0_5\r\nhello\r\n0\r\n\r\n"),
        chunks("NUL after the size", "5\u0000\r\nhello\r\n0\r\n\r\n"),
        chunks("no-break space after the size", "5\u00a0\r\nhello\r\n0\r\n\r\n"),
        chunks("h after the size", "5h\r\nhello\r\n0\r\n\r\n"),
        chunks("size of 2^63", "8000000000000000\r\nhello\r\n0\r\n\r\n"),
        chunks("size of 2^64 - 1", "ffffffffffffffff\r\nhello\r\n0\r\n\r\n"),
        chunks("extension name with a bracket", "5;a[=b\r\nhello\r\n0\r\n\r\n"),
        chunks("NUL in an extension", "5;\u0000a\r\nhello\r\n0\r\n\r\n"),
        chunks("bare CR in an extension", "5;a\rb\r\nhello\r\n0\r\n\r\n"),
        chunks("bare LF after a semicolon", "5;\nhello\r\n0\r\n\r\n"),
        chunks("semicolon behind an extension", "5;a;\r\nhello\r\n0\r\n\r\n"),
        chunks("open quote in an extension", "5;a=\"b\r\nhello\r\n0\r\n\r\n"),
        chunks("text behind a quoted extension", "5;a=\"b\"c\r\nhello\r\n0\r\n\r\n"),
        chunks("no line end after the data", "5\r\nhello0\r\n\r\n"),
        chunks("CR CR LF after the data", "5\r\nhello\r\r\n0\r\n\r\n"),
        chunks("LF CR after the data", "5\r\nhello\n\r0\r\n\r\n"),
        chunks("last chunk of minus zero", "5\r\nhello\r\n-0\r\n\r\n"),
        chunks("last chunk with a bare semicolon", "5\r\nhello\r\n0;\r\n\r\n"),
        chunks("Transfer-Encoding as a trailer", "0\r\nTransfer-Encoding: chunked\r\n\r\n"),
        chunks("trailer without a name", "0\r\n: b\r\n\r\n"),
        chunks("trailer with a spaced colon", "0\r\na : b\r\n\r\n"),
        chunks("trailer with a bare CR", "0\r\na: b\rc\r\n\r\n"),
        chunks("trailer with a bare LF", "0\r\na: b\nc: d\r\n\r\n"));
  }

  private static Stream<Row> sizes() {
    return Stream.of(
        line(414, "long request line", "GET /" + "a".repeat(9000) + " HTTP/1.1"),
        line(414, "long method", "G".repeat(9000) + " / HTTP/1.1"),
        header(431, "large header block", "A: " + "b".repeat(33 * 1024)),
        header(431, "many header fields", "A: b\r\n".repeat(100) + "A: b"),
        framing(413, "large body", "Content-Length: 1073741825"),
        new Row(
            "large trailers",
            431,
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: "
                + "b".repeat(33 * 1024)
                + "\r\n\r\n"));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void refusesAndCloses(Row row) throws IOException {
    try (RawClient client = new RawClient(balancer.port())) {
      sendAsFarAsTaken(client, row.bytes());
      Response response = client.read();
      assertThat(response.status()).isEqualTo(row.status());
      assertThat(response.header("Connection")).isEqualTo("close");
      assertThat(response.body()).endsWith("\n").hasLineCount(1);
      assertThat(client.rest()).isEmpty();
    }
    boolean wasStreamed = row.bytes().length() > 30_000;
    if (!wasStreamed) {
      assertThat(app.heads).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void refusesTheSameInFragments(Row row) throws IOException {
    Random random = new Random(SEED + row.name().hashCode());
    try (RawClient client = new RawClient(balancer.port())) {
      int largest = 1 + row.bytes().length() / 8;
      for (int at = 0; at < row.bytes().length(); ) {
        int end = Math.min(row.bytes().length(), at + 1 + random.nextInt(largest));
        sendAsFarAsTaken(client, row.bytes().substring(at, end));
        at = end;
        Thread.yield();
      }
      Response response = client.read();
      assertThat(response.status()).as("seed %d", SEED).isEqualTo(row.status());
      assertThat(client.rest()).isEmpty();
    }
  }

  // The balancer may have answered and hung up in the middle.
  private static void sendAsFarAsTaken(RawClient client, String bytes) {
    try {
      client.send(bytes);
    } catch (IOException e) {
      assertThat(e).hasMessageMatching(".*(reset|pipe|aborted).*");
    }
  }
}
