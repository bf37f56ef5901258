package dev.muster.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.balancer.Balancer;
import dev.muster.balancer.config.BalancerConfig;
import dev.muster.nginx.compile.Place;
import dev.muster.nginx.language.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Variables that are looked up, and how servers read requests: from a file to an answer.
class LookupsTest {
  private static final Path FILE = Path.of("/etc/nginx/nginx.conf");
  private static final Place PLACE = Place.of(Path.of("/var/lib/muster"), "box");

  private final Balancer balancer =
      Balancer.start(BalancerConfig.defaults().withListen("127.0.0.1", 0).withThreads(1));

  @AfterEach
  void close() {
    balancer.close();
  }

  private void apply(String http, String server) {
    NginxFile file =
        NginxFile.text(
            "http { %s server { listen 127.0.0.1:%d; %s } }"
                .formatted(http, balancer.port(), server),
            FILE,
            PLACE);
    assertThat(file.errors().stream().map(Problem::text)).isEmpty();
    balancer.apply(file.configuration());
  }

  private String ask(String target, String... lines) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), balancer.port())) {
      socket.setSoTimeout(10_000);
      StringBuilder head = new StringBuilder("GET " + target + " HTTP/1.1\r\nHost: a.test\r\n");
      for (String line : lines) {
        head.append(line).append("\r\n");
      }
      head.append("Connection: close\r\n\r\n");
      socket.getOutputStream().write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  private String body(String target, String... lines) throws IOException {
    String answer = ask(target, lines);
    return answer.substring(answer.indexOf("\r\n\r\n") + 4);
  }

  @Test
  void mapsGeosAndSharesAreLookedUp() throws Exception {
    apply(
        """
        map $a $b { one "$uri of one"; default "b:$a"; }
        map $arg_x $a {
          hostnames;
          default other;
          x one;
          \\default two;
          .d.test dot;
          ~^(?<part>q)(.)$ "$2 of $part";
        }
        geo $here { default far; 127.0.0.0/8 near; 127.0.0.0/16 nearest; delete 127.0.0.0/16; }
        geo $arg_ip $range { ranges; default none; 10.0.0.1-10.0.0.9 few; }
        split_clients abcd$arg_k $half { 0.5% tiny; * rest; }
        """,
        "location / { return 200 \"$b|$here|$range|$half\"; }");
    assertThat(body("/p?x=x&ip=10.0.0.9")).isEqualTo("/p of one|near|few|rest");
    assertThat(body("/p?x=default&ip=10.0.0.10")).isEqualTo("b:two|near|none|rest");
    assertThat(body("/p?x=a.D.test.")).isEqualTo("b:dot|near|none|rest");
    assertThat(body("/p?x=qz")).isEqualTo("b:z of q|near|none|rest");
    assertThat(body("/p?x=")).isEqualTo("b:other|near|none|rest");
  }

  @Test
  void serversReadRequestsAsTheyAreTold() throws Exception {
    apply(
        "",
        """
        merge_slashes off; port_in_redirect off;
        set_real_ip_from 127.0.0.1; real_ip_header X-Who; real_ip_recursive on;
        set $args "$args&more=1";
        if (!-e /definitely/not/there) { set $there no; }
        location /away { return 301 /else; }
        location / { return 200 "$remote_addr $uri $arg_more $there"; }
        """);
    assertThat(body("/a//b?x", "X-Who: 203.0.113.1, 127.0.0.1"))
        .isEqualTo("203.0.113.1 /a//b 1 no");
    assertThat(ask("/away")).contains("\r\nLocation: http://a.test/else\r\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "map $uri $x { a b c; } | invalid number of the map parameters",
        "map $uri $x { default a; default b; } | duplicate default map parameter",
        "map $uri $x { a b; a c; } | conflicting parameter \"a\"",
        "map $uri x { } | invalid variable name \"x\"",
        "map $uri $x { a $nothing; } | unknown \"nothing\" variable",
        "geo $x { 10.0.0.0/40 a; } | invalid network \"10.0.0.0/40\"",
        "geo $x { ranges; 1.1.1.9-1.1.1.1 a; } | invalid range \"1.1.1.9-1.1.1.1\"",
        "split_clients $uri $x { 60% a; 50% b; } | percent total is greater than 100%",
        "split_clients $uri $x { many a; } | invalid percent value \"many\"",
        "set_real_ip_from nowhere; server { } | host not found in set_real_ip_from \"nowhere\""
      })
  void mistakesAreTold(String http, String message) {
    NginxFile file = NginxFile.text("http { " + http + " }", FILE, PLACE);
    assertThat(file.errors().stream().map(Problem::text).toList())
        .anySatisfy(error -> assertThat(error).startsWith(message));
  }
}
