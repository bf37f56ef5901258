package dev.muster.nginx.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckTest {
  private static final Path FILE = Path.of("/etc/nginx/nginx.conf");

  // Cap lifted: a table, one mistake a line.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          http { upstream a { server b; proxy_stickyness on; } } | unknown directive "proxy_stickyness" in FILE:1 (did you mean "proxy_stickiness"?)
          lisen 80;                               | unknown directive "lisen" in FILE:1 (did you mean "listen"?)
          frobnicate;                             | unknown directive "frobnicate" in FILE:1
          http { location / { } }                 | "location" directive is not allowed here in FILE:1
          http { server { proxy_pass http://a; } } | "proxy_pass" directive is not allowed here in FILE:1
          events { } location / { }               | "location" directive is not allowed here in FILE:1
          http { server { server_name; } }        | invalid number of arguments in "server_name" directive in FILE:1
          http { server 1.2.3.4 { } }             | invalid number of arguments in "server" directive in FILE:1
          http { server { if ($a) { root /b; } } } | "root" directive is not allowed here in FILE:1
          events;                                 | directive "events" has no opening "{" in FILE:1
          user { }                                | directive "user" is not terminated by ";" in FILE:1
          http { tcp_nopush maybe; }              | invalid value "maybe" in "tcp_nopush" directive, it must be "on" or "off" in FILE:1
          http { proxy_read_timeout 5x; }         | "proxy_read_timeout" directive invalid value in FILE:1
          client_max_body_size -1;                | "client_max_body_size" directive invalid value in FILE:1
          keepalive_requests many;                | "keepalive_requests" directive invalid number in FILE:1
          satisfy some;                           | invalid value "some" in FILE:1
          http { sendfile on; sendfile on; }      | "sendfile" directive is duplicate in FILE:1
          http { map $a $b { c { } } }            | unexpected "{" in FILE:1
          http { server { location / { fastcgi_pass a; } } } | "fastcgi_pass" directive is not supported in FILE:1 (FastCGI is not spoken: put a server that speaks HTTP there)
          stream { server { listen 1; } }         | "stream" directive is not supported in FILE:1 (TCP and UDP are not served yet)
          """)
  void anErrorIsSaidInNginxsWords(String text, String expected) {
    assertThat(Check.of(Parser.text(text, FILE)).errors().stream().map(Problem::text))
        .containsExactly(expected.replace("FILE", FILE.toString()));
  }

  @Test
  void allErrorsAreSaidTogetherInTheirOrder() {
    Check.Result result =
        Check.of(
            Parser.text(
                """
                events { }
                http {
                  gzipp on;
                  server { listen; location / { proxy_pass a b; } }
                  sendfile on
                }
                """,
                FILE));
    assertThat(result.errors().stream().map(error -> error.at().line()))
        .containsExactly(3, 4, 4, 6);
    assertThat(result.errors().getLast().message()).isEqualTo("unexpected \"}\"");
  }

  @Test
  void whatHasNoEffectIsOneWarningPerName() {
    Check.Result result =
        Check.of(
            Parser.text(
                """
                user www-data;
                events { }
                http {
                  server { tcp_nodelay on; }
                  server { tcp_nodelay off; }
                  proxy_cache_path /a keys_zone=a:10m;
                }
                """,
                FILE));
    assertThat(result.errors()).isEmpty();
    assertThat(result.warnings().stream().map(Problem::text))
        .containsExactly(
            "\"user\" directive has no effect here in /etc/nginx/nginx.conf:1 (the process keeps"
                + " the user that started it)",
            "\"tcp_nodelay\" directive has no effect here in /etc/nginx/nginx.conf:4",
            "\"proxy_cache_path\" directive is not done here in /etc/nginx/nginx.conf:6 (there is"
                + " no cache yet)");
  }

  @Test
  void turningOffWhatIsNotThereIsFine() {
    Check.Result result =
        Check.of(
            Parser.text("server { autoindex off; proxy_cache off; http2 off; ssi off; }", FILE));
    assertThat(result.errors()).isEmpty();
    assertThat(result.warnings()).isEmpty();
    assertThat(errors("server { autoindex on; proxy_pass_request_headers off; }")).hasSize(2);
  }

  @Test
  void aFileWithoutHttpIsTheInsideOfIt() {
    assertThat(
            Check.of(
                    Parser.text(
                        "worker_processes 2; upstream a { server b; } server { listen 80; }", FILE))
                .errors())
        .isEmpty();
    assertThat(errors("server { listen 80; } events { }"))
        .containsExactly("\"server\" directive is not allowed here");
  }

  @Test
  void entriesOfAMapAreNoDirectives() {
    assertThat(
            errors(
                """
                map $a $b { hostnames; default 0; frobnicate 1; ~*x "y"; }
                geo $c { 10.0.0.0/8 1; ranges; }
                types { text/html html htm; }
                split_clients $d $e { 10% a; * b; }
                """))
        .isEmpty();
  }

  private static List<String> errors(String text) {
    return Check.of(Parser.text(text, FILE)).errors().stream().map(Problem::message).toList();
  }
}
