package dev.muster.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.nginx.compile.Place;
import dev.muster.nginx.language.Problem;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is wrong is said as nginx 1.22 says it; we add the line where it does not.
class MistakesTest {
  private static final Path FILE = Path.of("/etc/nginx/nginx.conf");
  private static final Place PLACE = Place.of(Path.of("/var/lib/muster"), "Host-1");

  // Cap lifted: a table, one mistake a line.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          location / {} location / {}                     | duplicate location "/"
          location / {} location ^~ / {}                  | duplicate location "/"
          location /a { location /b {} }                  | location "/b" is outside location "/a"
          location = /a { location /a/b {} }              | location "/a/b" cannot be inside the exact location "/a"
          location @a { location /b {} }                  | location "/b" cannot be inside the named location "@a"
          location /a { location @b {} }                  | named location "@b" can be on the server level only
          location x /a {}                                | invalid location modifier "x"
          location ~x { location /y {} }                  | location "/y" is outside location "x"
          location / { proxy_pass 127.0.0.1; }            | invalid URL prefix
          location / { proxy_pass http://; }              | no host in upstream ""
          location / { proxy_pass http:///x; }            | no host in upstream "/x"
          location / { proxy_pass http://a:99999; }       | invalid port in upstream "a:99999"
          location / { proxy_pass http://many:81; }       | upstream "many" may not have port 81
          location / { proxy_pass https://a; }            | https protocol requires SSL support
          location / { proxy_pass http://$nope; }         | unknown "nope" variable
          listen x y;                                     | invalid parameter "y"
          listen nosuch;                                  | host not found in "nosuch" of the "listen" directive
          listen 0;                                       | invalid port in "0" of the "listen" directive
          listen [::1;                                    | invalid host in "[::1" of the "listen" directive
          listen :80;                                     | no host in ":80" of the "listen" directive
          listen *:8080-8079;                             | invalid port range in "*:8080-8079" of the "listen" directive
          listen 81; listen 81;                           | a duplicate listen 0.0.0.0:81
          listen 81 backlog=x;                            | invalid backlog "backlog=x"
          server_name *a.b;                               | server name "*a.b" is invalid
          server_name .;                                  | server name "." is invalid
          server_name ~;                                  | empty regex in server name "~"
          if $host { }                                    | invalid condition "$host"
          if () { }                                       | invalid condition ")"
          if ($host =a) { }                               | invalid condition "$host"
          if ($host == a) { }                             | unexpected "==" in condition
          if (host = a) { }                               | invalid condition "host"
          if (-q $host) { }                               | invalid condition "-q"
          return 1000;                                    | invalid return code "1000"
          return /x;                                      | invalid return code "/x"
          return 200 "$";                                 | invalid variable name
          return 200 ${host;                              | the closing bracket in "host" variable is missing
          rewrite ^/a$ /b foo;                            | invalid parameter "foo"
          rewrite a "";                                   | empty replacement
          set a b;                                        | invalid variable name "a"
          set $host b;                                    | the duplicate "host" variable
          add_header X y foo;                             | invalid parameter "foo"
          error_page 299 /x;                              | value "299" must be between 300 and 599
          error_page x /x;                                | invalid value "x"
          error_page 404 =x /x;                           | invalid value "=x"
          error_page 404 /a /b;                           | invalid value "/a"
          error_page 499 /x;                              | invalid value "499"
          expires x;                                      | "expires" directive invalid value
          expires modified off;                           | "expires" directive invalid value
          access_log off x;                               | invalid parameter "x"
          access_log /l foo;                              | unknown log format "foo"
          access_log /l combined foo;                     | invalid parameter "foo"
          access_log /l combined buffer=x;                | invalid buffer size "x"
          access_log /l combined flush=1s;                | no buffer is defined for access_log "/l"
          access_log /l combined buffer=1k flush=x;       | invalid flush time "x"
          allow x;                                        | invalid parameter "x"
          allow 10.0.0.0/33;                              | invalid parameter "10.0.0.0/33"
          try_files $uri =x;                              | invalid code "=x"
          limit_conn x 1;                                 | zero size shared memory zone "x"
          limit_req burst=5;                              | "limit_req" must have "zone" parameter
          limit_req zone=x burst=x;                       | invalid burst value "burst=x"
          limit_req zone=x foo;                           | invalid parameter "foo"
          limit_conn x 0;                                 | invalid number of connections "0"
          limit_conn x 70000;                             | connection limit must be less 65536
          limit_req_status 700;                           | value must be between 400 and 599
          keepalive_timeout 10 x;                         | "keepalive_timeout" directive invalid value
          large_client_header_buffers 4 x;                | "large_client_header_buffers" directive invalid value
          limit_rate x;                                   | "limit_rate" directive invalid value
          proxy_redirect a;                               | invalid parameter "a"
          proxy_cookie_path a;                            | invalid parameter "a"
          proxy_cookie_flags a b;                         | invalid parameter "b"
          proxy_ignore_headers x;                         | invalid value "x"
          gzip on; gzip_proxied x;                        | invalid value "x"
          gzip on; gzip_comp_level 12;                    | value must be between 1 and 9
          auth_request /a;                                | "auth_request" directive is not supported
          auth_basic x;                                   | no "auth_basic_user_file" is defined for "auth_basic"
          location / { limit_except FETCH { } }           | invalid method "FETCH"
          proxy_next_upstream foo; location / { proxy_pass http://many; } | invalid value "foo"
          """)
  void inAServer(String inside, String expected) {
    assertThat(first("server { " + inside + " }")).startsWith(expected + " in " + FILE + ":2");
  }

  // Cap lifted: a table, one mistake a line.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          upstream a { }                                  | no servers are inside upstream
          upstream many { server b; }                     | duplicate upstream "many"
          upstream a { server b weight=x; }               | invalid parameter "weight=x"
          upstream a { server b weight=0; }               | invalid parameter "weight=0"
          upstream a { server b foo; }                    | invalid parameter "foo"
          upstream a { server b:99999; }                  | invalid port in upstream "b:99999"
          upstream a { server http://b; }                 | invalid host in upstream "http://b"
          upstream a { server b/x; }                      | invalid host in upstream "b/x"
          upstream a { server ""; }                       | no host in upstream ""
          upstream a { server b backup; }                 | no servers in upstream "a"
          upstream a { ip_hash; server b; server c backup; } | balancing method does not support parameter "backup"
          upstream a { server b; hash $host foo; }        | invalid parameter "foo"
          upstream a { server b; random x; }              | invalid parameter "x"
          upstream a { server b; keepalive 0; }           | invalid value "0" in "keepalive" directive
          server { listen 81 default_server; } server { listen 81 default_server; } | a duplicate default server for 0.0.0.0:81
          server { listen 81 backlog=1; } server { listen 81 backlog=2; } | duplicate listen options for 0.0.0.0:81
          limit_req_zone $host zone=a rate=1r/s;          | invalid zone size "zone=a"
          limit_req_zone $host zone=a:10m rate=x;         | invalid rate "rate=x"
          limit_req_zone $host zone=a:1k rate=1r/s;       | zone "zone=a:1k" is too small
          limit_req_zone $host zone=a:1m foo;             | invalid parameter "foo"
          limit_conn_zone $host zone=x;                   | invalid zone size "zone=x"
          limit_conn_zone $host zone=a:1m; limit_conn_zone $uri zone=a:1m; | limit_conn_zone "a" is already bound to key "$host"
          limit_conn_zone $host zone=a:1m; limit_req_zone $host zone=a:1m rate=1r/s; | the shared memory zone "a" is already declared for a different use
          log_format combined x;                          | duplicate "log_format" name "combined"
          log_format a escape=foo x;                      | unknown log format escaping "foo"
          upstream a { server b; queue 0; }               | invalid value "0" in "queue" directive
          upstream a { server b; sticky cookie r foo; }   | invalid parameter "foo"
          upstream a { server b; sticky ip x; }           | invalid number of arguments in "sticky" directive
          upstream a { server b; sticky learn create=$uri lookup=$uri zone=s:8k; } | zone "zone=s:8k" is too small
          upstream a { server b; sticky learn create=$uri lookup=$uri; } | "sticky learn" needs a "zone=name:size" parameter
          server { listen 81 ssl; }                       | the "ssl" parameter is not supported
          """)
  void inHttp(String inside, String expected) {
    assertThat(first(inside)).startsWith(expected + " in " + FILE + ":2");
  }

  @Test
  void serversWithTheSameNameAreAWarning() {
    NginxFile file =
        NginxFile.text(
            "server { listen 81; server_name a; } server { listen 81; server_name a b; }",
            FILE,
            PLACE);
    assertThat(file.errors()).isEmpty();
    assertThat(file.warnings().stream().map(Problem::text))
        .containsExactly("conflicting server name \"a\" on 0.0.0.0:81, ignored");
  }

  @Test
  void theErrorsOfAllStepsAreInTheOrderOfTheFile() {
    NginxFile file =
        NginxFile.text(
            "server {\n listen 99999;\n frobnicate;\n return 1000;\n gzip maybe;\n } }",
            FILE,
            PLACE);
    assertThat(file.errors().stream().map(error -> error.at().line()))
        .containsExactly(2, 3, 4, 5, 6);
    assertThat(file.configuration().servers()).isEmpty();
  }

  private static String first(String inside) {
    return NginxFile.text("upstream many { server m; }\n" + inside, FILE, PLACE)
        .errors()
        .getFirst()
        .text();
  }
}
