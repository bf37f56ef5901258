package dev.muster.nginx.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever the text, the answer is a document with or without problems, soon.
class FuzzTest {
  private static final Path FILE = Path.of("/etc/nginx/nginx.conf");
  private static final String SAMPLE =
      """
      user www-data; events { worker_connections 768; }
      http {
        log_format main '$remote_addr - "$request" $status'; # comment
        map $http_upgrade $connection_upgrade { default upgrade; '' close; }
        upstream a { server b:80 weight=2; server 10.0.0.1 backup; keepalive 8; }
        server {
          listen 80 default_server; server_name a.example *.b ~^www\\.(?<x>.+)$;
          location ~ "^/a{2}$" { return 301 https://$host$request_uri; }
          location / { proxy_pass http://a/b; if ($args ~* "x") { set $y "${x}z"; } }
        }
      }
      """;
  private static final String PIECES = "{};\"'\\#$ \n\t()~*=:/[]@%";

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyTextIsAnswered(long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    Assertions.assertTimeout(
        Duration.ofSeconds(30),
        () -> {
          for (int i = 0; i < 2000; i++) {
            String text = mutated(random);
            Document document = Parser.text(text, FILE);
            Check.Result result = Check.of(document);
            assertThat(document.broken().isPresent() && result.errors().isEmpty())
                .as(text)
                .isFalse();
            result.errors().forEach(error -> assertThat(error.text()).contains(" in " + FILE));
          }
        });
  }

  private static String mutated(RandomGenerator random) {
    StringBuilder text = new StringBuilder(SAMPLE);
    int changes = 1 + random.nextInt(12);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(4)) {
        case 0 -> text.deleteCharAt(at);
        case 1 -> text.insert(at, PIECES.charAt(random.nextInt(PIECES.length())));
        case 2 -> text.setCharAt(at, (char) random.nextInt(0x250));
        default -> {
          int from = random.nextInt(text.length());
          int to = Math.min(text.length(), from + random.nextInt(60));
          text.insert(at, text.substring(from, to));
        }
      }
    }
    return text.toString();
  }
}
