package dev.muster.balancer.variable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.balancer.http1.HeadWriter;
import dev.muster.balancer.request.Client;
import dev.muster.balancer.request.HeaderLines;
import dev.muster.balancer.request.Outcome.Try;
import dev.muster.balancer.request.Request;
import dev.muster.balancer.request.Requests;
import dev.muster.balancer.request.Site;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the variables of every configuration stand for.
class VariablesTest {
  private final Variables variables = new Variables();

  private String text(Request request, String source) throws UnknownVariable {
    Template template = Template.compile(source, variables);
    HeadWriter out = new HeadWriter();
    template.write(request, out);
    String text = template.text(request);
    assertThat(new String(out.bytes(), 0, out.length(), StandardCharsets.ISO_8859_1))
        .as("as octets")
        .isEqualTo(text);
    return text;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "$request | POST /a%20b//c?Q=1&x=&q=2 HTTP/1.1",
        "$request_method | POST",
        "$request_uri | /a%20b//c?Q=1&x=&q=2",
        "$uri $document_uri | /a b/c /a b/c",
        "$args $query_string $is_args | Q=1&x=&q=2 Q=1&x=&q=2 ?",
        "[$arg_q][$arg_x][$arg_none][$ARG_Q] | [1][][][1]",
        "$host | www.example.test",
        "$http_host $http_user_agent[$http_none] | WWW.example.test.:81 curl, wget[]",
        "$cookie_a-$cookie_B-$cookie_c-$cookie_none | 1-2=3-4-",
        "$http_cookie | a=1; b=2=3; c=4",
        "$content_type $content_length | text/plain 3",
        "$remote_user | jo",
        "$scheme $server_protocol[$https] | http HTTP/1.1[]",
        "$remote_addr:$remote_port | 192.0.2.7:4711",
        "$realip_remote_addr:$realip_remote_port | 192.0.2.7:4711",
        "$server_addr:$server_port $server_name | 10.0.0.1:8080 server.test",
        "$proxy_add_x_forwarded_for | 1.1.1.1, 2.2.2.2, 192.0.2.7",
        "$connection $connection_requests | 9 1",
        "$hostname $pid | box 42",
        "$msec $time_iso8601 | 1770091506.078 2026-02-03T06:05:06+02:00",
        "$time_local | 03/Feb/2026:06:05:06 +0200",
        "$status $bytes_sent $request_time | 000 0 1.234",
        "[$ssl_protocol$ssl_client_verify$upstream_addr$request_body$1] | []",
        "${scheme}s $limit_rate | https 0"
      })
  void standForWhatNginxSays(String source, String expected) throws Exception {
    Request request =
        Requests.read(
            "POST /a%20b//c?Q=1&x=&q=2 HTTP/1.1\r\nHost: WWW.example.test.:81\r\n"
                + "User-Agent: curl\r\nuser-agent: wget\r\nCookie: a=1; b=2=3\r\nCookie: c=4\r\n"
                + "Content-Type: text/plain\r\nContent-Length: 3\r\n"
                + "Authorization: Basic am86cHc6MQ==\r\n"
                + "X-Forwarded-For: 1.1.1.1\r\nX-Forwarded-For: 2.2.2.2");
    assertThat(request.enter(Site.named("server.test"))).isTrue();
    assertThat(text(request, source)).isEqualTo(expected);
  }

  @Test
  void aRequestWithoutHostIsForTheServersName() throws Exception {
    Request request = Requests.read("GET / HTTP/1.0");
    request.enter(Site.named("server.test"));
    assertThat(text(request, "$host $server_protocol")).isEqualTo("server.test HTTP/1.0");
  }

  @Test
  void addressesAreOctetsWhereThatIsAsked() throws Exception {
    assertThat(text(Requests.get("/"), "$binary_remote_addr"))
        .isEqualTo("\u00c0\u0000\u0002\u0007");
  }

  @Test
  void anIdentifierIsMadeOnce() throws Exception {
    Request request = Requests.get("/");
    String id = text(request, "$request_id");
    assertThat(id).matches("[0-9a-f]{32}");
    assertThat(text(request, "$request_id")).isEqualTo(id);
    assertThat(text(Requests.get("/"), "$request_id")).isNotEqualTo(id);
  }

  @Test
  void whoSpeaksForSomeoneIsStillThere() throws Exception {
    Request request = Requests.get("/");
    request
        .peer()
        .proxies(
            new Client.Proxied(
                new InetSocketAddress("198.51.100.1", 1), new InetSocketAddress("::1", 443)));
    request.speaksFor(new InetSocketAddress("203.0.113.9", 0));
    assertThat(text(request, "$remote_addr[$remote_port] $realip_remote_addr"))
        .isEqualTo("203.0.113.9[] 192.0.2.7");
    assertThat(text(request, "$proxy_protocol_addr:$proxy_protocol_port"))
        .isEqualTo("198.51.100.1:1");
    assertThat(text(request, "$proxy_protocol_server_addr $proxy_protocol_server_port"))
        .isEqualTo("::1 443");
  }

  @Test
  void triesAreListed() throws Exception {
    Request request = Requests.get("/");
    Try first = request.outcome().tried("10.0.0.2:80", 0);
    first.ended(502, 2_000_000);
    Try second = request.outcome().tried("10.0.0.3:80", 0);
    second.connected(0);
    second.responded(200, 12_345_678);
    second.ended(502, 1_500_000_000);
    assertThat(text(request, "$upstream_addr $upstream_status"))
        .isEqualTo("10.0.0.2:80, 10.0.0.3:80 502, 200");
    assertThat(
            text(request, "$upstream_connect_time|$upstream_header_time|$upstream_response_time"))
        .isEqualTo("-, 0.000|-, 0.012|0.002, 1.500");
  }

  @Test
  void headerLinesAreKeptOnlyWhereTheyAreAsked() throws Exception {
    Request request = Requests.get("/");
    byte[] lines =
        "X-A: 1\r\nx-a: 2\r\nSet-Cookie: s=a; Path=/\r\nSet-Cookie: S=b\r\n"
            .getBytes(StandardCharsets.ISO_8859_1);
    request.receives(new HeaderLines(lines, 0, lines.length));
    assertThat(text(request, "$upstream_http_x_a $upstream_cookie_s[$upstream_http_y]"))
        .isEqualTo("1, 2 b[]");
    assertThat(text(request, "[$sent_http_x_a]")).isEqualTo("[]");
    assertThat(Template.compile("$upstream_http_x", variables).asks(LateFact.RECEIVED_HEADERS))
        .isTrue();
    assertThat(Template.compile("$sent_http_x", variables).asks(LateFact.RECEIVED_HEADERS))
        .isFalse();
    assertThat(Template.compile("$http_x", variables).asks(LateFact.SENT_HEADERS)).isFalse();
  }

  @Test
  void namesHaveNoCaseAndMayComeBeforeTheirDeclaration() throws Exception {
    variables.reserve("Later");
    Template before = Template.compile("$later", variables);
    variables.declareCached("LATER", request -> request.uri());
    Request request = Requests.get("/x");
    assertThat(before.text(request)).isEqualTo("/x");
    request.rewrite("/y", "");
    assertThat(before.text(request)).isEqualTo("/x");
    int slot = variables.declareSlot("Own");
    request.assign(slot, "v");
    assertThat(text(request, "$OWN$own")).isEqualTo("vv");
    assertThatThrownBy(() -> variables.find("nothing")).isInstanceOf(UnknownVariable.class);
  }

  @Test
  void theQueryCanBeSet() throws Exception {
    Request request = Requests.get("/x?a=1");
    request.assign(variables.declareSlot("args"), "b=2");
    assertThat(text(request, "$args $arg_b")).isEqualTo("b=2 2");
    assertThat(request.isRewritten()).isTrue();
  }

  @Test
  void circlesEnd() throws Exception {
    variables.reserve("a");
    variables.declare(
        "b",
        new Mapping(
            Template.compile("$a", variables),
            List.of(),
            Template.compile("$a", variables),
            false));
    variables.declare(
        "a",
        new Mapping(Template.compile("$b", variables), List.of(), Template.literal("x"), false));
    assertThat(Template.compile("$a", variables).text(Requests.get("/"))).isEqualTo("x");
  }

  @Test
  void templatesAreReadOrRefused() {
    SplittableRandom random = new SplittableRandom(11);
    String[] pieces = {
      "$", "{", "}", "uri", "host", "1", "$uri", "${args}", "x y", "?", "\u00e9", "_"
    };
    Request request = Requests.get("/p?q");
    int read = 0;
    for (int round = 0; round < 50_000; round++) {
      StringBuilder source = new StringBuilder();
      for (int i = random.nextInt(7); i > 0; i--) {
        source.append(pieces[random.nextInt(pieces.length)]);
      }
      try {
        Template template = Template.compile(source.toString(), variables);
        String whole = text(request, source.toString());
        boolean hasMark = source.indexOf("?") >= 0;
        String parts =
            template.before('?').text(request)
                + (hasMark ? "?" : "")
                + template.after('?').text(request);
        assertThat(parts).as(source.toString()).isEqualTo(whole);
        read++;
      } catch (UnknownVariable e) {
        assertThat(e).hasMessageContaining("variable");
      }
    }
    assertThat(read).isGreaterThan(5_000);
  }

  @Test
  void aGroupOutlivesASearchThatFails() {
    Request request = Requests.get("/");
    assertThat(request.finds(Pattern.compile("(b)(c)?"), Map.of(), "abd")).isTrue();
    assertThat(request.finds(Pattern.compile("x(y)"), Map.of(), "abd")).isFalse();
    assertThat(request.group(1)).isEqualTo("b");
    assertThat(request.group(2)).isNull();
    assertThat(request.group(3)).isNull();
  }
}
