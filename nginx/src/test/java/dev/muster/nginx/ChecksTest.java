package dev.muster.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.balancer.config.HealthCheck;
import dev.muster.nginx.compile.Place;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// `health_check` and `match`.
class ChecksTest {
  private static NginxFile read(String location, String match) {
    return NginxFile.text(
        match
            + " upstream u { server a.test:80; } server { listen 80; location / {"
            + " proxy_pass http://u; "
            + location
            + " } }",
        Path.of("/etc/nginx/nginx.conf"),
        Place.of(Path.of("/var/lib/muster"), "host-1"));
  }

  private static HealthCheck check(NginxFile file) {
    assertThat(file.errors()).isEmpty();
    return file.configuration().upstreams().get("u").check().orElseThrow();
  }

  @Test
  void defaultsAreNginxs() {
    HealthCheck check = check(read("health_check;", ""));
    assertThat(check.uri()).isEqualTo("/");
    assertThat(check.interval()).isEqualTo(Duration.ofSeconds(5));
    assertThat(check.fails()).isEqualTo(1);
    assertThat(check.passes()).isEqualTo(1);
    assertThat(check.expected().statuses()).containsExactly(new HealthCheck.Statuses(200, 399));
  }

  @Test
  void everythingCanBeSaid() {
    HealthCheck check =
        check(
            read(
                "health_check interval=2s fails=3 passes=2 uri=/up port=81 mandatory match=m;",
                "match m { status 200-299 304; header Server ~ \"^a\"; header ! X; body !~ down;"
                    + " }"));
    assertThat(check.interval()).isEqualTo(Duration.ofSeconds(2));
    assertThat(check.fails()).isEqualTo(3);
    assertThat(check.passes()).isEqualTo(2);
    assertThat(check.uri()).isEqualTo("/up");
    assertThat(check.port()).isEqualTo(81);
    assertThat(check.isMandatory()).isTrue();
    assertThat(check.expected().statuses())
        .containsExactly(new HealthCheck.Statuses(200, 299), new HealthCheck.Statuses(304, 304));
    assertThat(check.expected().headers()).hasSize(2);
    assertThat(check.expected().body().orElseThrow().isNegated()).isTrue();
  }

  @Test
  void whatIsWrongIsTold() {
    assertThat(read("health_check fails=0;", "").errors()).hasSize(1);
    assertThat(read("health_check match=m;", "").errors().getFirst().message())
        .isEqualTo("match \"m\" is not found");
    assertThat(read("health_check colour=red;", "").errors().getFirst().message())
        .isEqualTo("invalid parameter \"colour=red\"");
    assertThat(read("health_check match=m;", "match m { status soon; }").errors()).hasSize(1);
  }
}
