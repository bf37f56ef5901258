package dev.muster.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.balancer.config.AccessConfig.AddressRule;
import dev.muster.balancer.config.AccessConfig.Permission;
import dev.muster.balancer.config.AccessConfig.Whom;
import dev.muster.balancer.config.AccessLogConfig;
import dev.muster.balancer.config.Configuration;
import dev.muster.balancer.config.Content;
import dev.muster.balancer.config.LimitsConfig;
import dev.muster.balancer.config.LocationConfig;
import dev.muster.balancer.config.ResponseConfig;
import dev.muster.balancer.config.ResponseConfig.ErrorPage;
import dev.muster.balancer.config.ServerConfig;
import dev.muster.balancer.config.ZoneConfig;
import dev.muster.nginx.compile.Place;
import dev.muster.nginx.language.Problem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What holds in a location besides who answers.
class PoliciesTest {
  private static final Path FILE = Path.of("/etc/nginx/nginx.conf");
  private static final Place PLACE = Place.of(Path.of("/var/lib/muster"), "Host-1");

  @Test
  void whoMayAskAndHowOften() {
    Configuration configuration =
        configuration(
            """
            limit_req_zone $http_x zone=r:10m rate=30r/m;
            limit_conn_zone $host zone=c:1m;
            server {
              allow 10.0.0.0/8; deny all; satisfy any;
              auth_basic "members"; auth_basic_user_file users;
              location / { limit_req zone=r burst=5 nodelay; limit_conn c 3; limit_req_status 429; }
              location /open { allow all; auth_basic off;
                               limit_except GET { deny all; } }
            }
            """);
    assertThat(configuration.zones().get("r"))
        .isInstanceOfSatisfying(
            ZoneConfig.Requests.class, zone -> assertThat(zone.ratePerKilosecond()).isEqualTo(500));
    List<LocationConfig> locations = configuration.servers().getFirst().locations();
    LimitsConfig limits = locations.get(0).access().limits();
    assertThat(limits.requests())
        .containsExactly(new LimitsConfig.Requests("r", 5, Integer.MAX_VALUE));
    assertThat(limits.connections()).containsExactly(new LimitsConfig.Connections("c", 3));
    assertThat(limits.requestReply().status()).isEqualTo(429);
    Permission members = locations.get(0).access().permission();
    assertThat(members.satisfiesAny()).isTrue();
    assertThat(members.addresses().stream().map(AddressRule::allows)).containsExactly(true, false);
    assertThat(members.basic().orElseThrow().userFile().source()).isEqualTo("/etc/nginx/users");
    Permission open = locations.get(1).access().permission();
    assertThat(open.basic()).isEmpty();
    assertThat(open.except().orElseThrow().methods()).containsExactlyInAnyOrder("GET", "HEAD");
    assertThat(open.except().orElseThrow().permission().addresses())
        .containsExactly(new AddressRule(false, new Whom.All()));
  }

  @Test
  void answersAreChangedAsTheNearestLevelSays() {
    ResponseConfig response =
        server(
                """
                error_page 404 /404.html; error_page 500 502 =200 @down; error_page 401 = /login;
                proxy_intercept_errors on; expires 30d; gzip on; gzip_types text/css;
                gzip_min_length 1k; limit_rate 10k;
                location / { proxy_pass http://many; proxy_hide_header X-Secret;
                             proxy_redirect off; proxy_cookie_path / "/a/"; add_trailer T 1; }
                """)
            .locations()
            .getFirst()
            .response();
    assertThat(response.errors().intercepts()).isTrue();
    assertThat(response.errors().pages().stream().map(ErrorPage::answer))
        .containsExactly(ErrorPage.KEPT, 200, ErrorPage.OF_THE_PAGE);
    assertThat(response.errors().pages().get(1).statuses()).containsExactlyInAnyOrder(500, 502);
    assertThat(response.expires().orElseThrow().value().source()).isEqualTo("30d");
    assertThat(response.gzip().orElseThrow().minLength()).isEqualTo(1024);
    assertThat(response.rate().limit().orElseThrow().source()).isEqualTo("10k");
    assertThat(response.proxied().hidden()).contains("x-secret", "date");
    assertThat(response.proxied().redirects()).isEmpty();
    assertThat(response.proxied().cookies().paths()).hasSize(1);
    assertThat(response.trailers()).hasSize(1);
  }

  @Test
  void filesAreServedFromRootAndAlias() {
    List<LocationConfig> locations =
        server(
                """
                root html; index a.html b.html; types { text/x x X; }
                location / { try_files $uri $uri/ /index.html; }
                location /i/ { alias /srv/images/; }
                location /p { proxy_pass http://many; }
                location /s { stub_status; }
                """)
            .locations();
    assertThat(locations.get(0).content())
        .isInstanceOfSatisfying(
            Content.Tried.class,
            tried -> {
              assertThat(tried.tries().files()).hasSize(2);
              assertThat(tried.files().directory().path().source())
                  .isEqualTo("/var/lib/muster/html");
              assertThat(tried.files().types()).isEqualTo(Map.of("x", "text/x"));
              assertThat(tried.then()).isInstanceOf(Content.Files.class);
            });
    assertThat(((Content.Files) locations.get(1).content()).files().directory().isAlias()).isTrue();
    assertThat(locations.get(2).proxy()).isPresent();
    assertThat(locations.get(3).content()).isEqualTo(new Content.StubStatus());
  }

  @Test
  void logsAndClients() {
    List<LocationConfig> locations =
        server(
                """
                access_log logs/a.log; client_max_body_size 0; keepalive_timeout 5 4;
                location / { }
                location /q { access_log off; client_max_body_size 2m; }
                location /c { access_log /l combined buffer=4k flush=1m if=$http_x; }
                """)
            .locations();
    assertThat(locations.get(0).logs())
        .containsExactly(
            AccessLogConfig.of(
                "/var/lib/muster/logs/a.log", new AccessLogConfig.Format.Combined()));
    assertThat(locations.get(0).client().body().bytesMax()).isZero();
    assertThat(locations.get(0).client().keepAlive().timeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(locations.get(1).logs()).isEmpty();
    assertThat(locations.get(1).client().body().bytesMax()).isEqualTo(2 << 20);
    AccessLogConfig log = locations.get(2).logs().getFirst();
    assertThat(log.bufferBytes()).isEqualTo(4096);
    assertThat(log.flush()).isEqualTo(Duration.ofMinutes(1));
    assertThat(log.condition()).isPresent();
  }

  private static ServerConfig server(String inside) {
    return configuration(
            "upstream many { server m1; server m2; } server { listen 80; " + inside + " }")
        .servers()
        .getFirst();
  }

  private static Configuration configuration(String text) {
    NginxFile file = NginxFile.text(text, FILE, PLACE);
    assertThat(file.errors().stream().map(Problem::text)).isEmpty();
    return file.configuration();
  }
}
