package dev.muster.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.nginx.compile.Place;
import java.nio.file.Path;
import java.time.Duration;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever the text, the answer is a configuration or errors, soon.
class MutationTest {
  private static final Path FILE = Path.of("/etc/nginx/nginx.conf");
  private static final Place PLACE = Place.of(Path.of("/var/lib/muster"), "host-1");
  private static final String SAMPLE =
      """
      limit_req_zone $host zone=a:1m rate=5r/s; limit_conn_zone $host zone=b:1m;
      log_format own escape=json '$host $request_uri';
      upstream u { least_conn; server b:80 weight=2 max_fails=1 fail_timeout=5s;
        server [::1]:81 backup; keepalive 8; queue 5 timeout=1s; sticky cookie c expires=1h; }
      server { listen 80 default_server backlog=9; listen [::]:81-83; access_log logs/a own;
        server_name a.b *.c d.* "~^(?<x_y>[[:alpha:]{2}]+)\\.e{1,2}$"; root html; index i.html;
        error_page 404 =200 /n; error_page 500 @f; expires 5m; gzip on; gzip_types a/b;
        location ~* "^/(a|b){2}$" { return 301 http://$host$request_uri; }
        location /p/ { proxy_pass http://u/q/; proxy_set_header A "b$host"; limit_req zone=a;
          limit_conn b 3; allow 10.0.0.0/8; deny all; auth_basic r; auth_basic_user_file f;
          proxy_redirect ~^/(x) /$1; proxy_cookie_path / /a; limit_except GET { deny all; } }
        location @f { rewrite ^/(.*)$ /z?a=$1 last; if ($host ~ (a)) { set $v $1; expires 1d; } }
        location / { try_files $uri $uri/ =404; types { a/b c; } client_max_body_size 1m; } }
      """;
  private static final String PIECES = "{};\"'\\#$ \n()~*=:/[]@%\0-";

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void everyTextIsAnswered(long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    assertThat(NginxFile.text(SAMPLE, FILE, PLACE).errors()).isEmpty();
    Assertions.assertTimeout(
        Duration.ofSeconds(60),
        () -> {
          for (int i = 0; i < 300; i++) {
            String text = mutated(random);
            NginxFile file = NginxFile.text(text, FILE, PLACE);
            assertThat(file.errors().isEmpty() || file.configuration().servers().isEmpty())
                .as(text)
                .isTrue();
          }
        });
  }

  private static String mutated(RandomGenerator random) {
    StringBuilder text = new StringBuilder(SAMPLE);
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(3)) {
        case 0 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(4)));
        case 1 -> text.insert(at, PIECES.charAt(random.nextInt(PIECES.length())));
        default -> {
          int from = random.nextInt(text.length());
          text.insert(at, text.substring(from, Math.min(text.length(), from + random.nextInt(9))));
        }
      }
    }
    return text.toString();
  }
}
