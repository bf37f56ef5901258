package dev.muster.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.balancer.config.Configuration;
import dev.muster.balancer.config.Content;
import dev.muster.balancer.config.Instruction;
import dev.muster.balancer.config.Instruction.Condition;
import dev.muster.balancer.config.Instruction.Flag;
import dev.muster.balancer.config.ListenConfig;
import dev.muster.balancer.config.LocationConfig;
import dev.muster.balancer.config.LocationConfig.Match;
import dev.muster.balancer.config.ProxyConfig;
import dev.muster.balancer.config.ProxyConfig.Target;
import dev.muster.balancer.config.ServerConfig;
import dev.muster.balancer.config.ServerName;
import dev.muster.balancer.config.UpstreamConfig.Balancing;
import dev.muster.balancer.config.UpstreamConfig.Sticky;
import dev.muster.balancer.config.UpstreamConfig.UpstreamServer;
import dev.muster.balancer.variable.Template;
import dev.muster.balancer.variable.UnknownVariable;
import dev.muster.balancer.variable.Variables;
import dev.muster.nginx.compile.Place;
import dev.muster.nginx.language.Problem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class NginxFileTest {
  private static final Path FILE = Path.of("/etc/nginx/nginx.conf");
  private static final Place PLACE = Place.of(Path.of("/var/lib/muster"), "Host-1");

  @Test
  void listensAndNames() {
    ServerConfig server =
        configuration(
                """
                server {
                  listen 80 default_server backlog=100;
                  listen 127.0.0.1:8080 proxy_protocol;
                  listen [::]:80;
                  listen localhost:81;
                  listen 9000-9001;
                  server_name A.example *.b.example www.c.* .d.example
                      ~^(?<user_id>.+)\\.e$ $hostname "" _;
                }
                """)
            .servers()
            .getFirst();
    assertThat(server.listens())
        .containsExactly(
            new ListenConfig("0.0.0.0", 80, true, false, 100),
            new ListenConfig("127.0.0.1", 8080, false, true, 511),
            ListenConfig.of("::", 80),
            ListenConfig.of("127.0.0.1", 81),
            ListenConfig.of("0.0.0.0", 9000),
            ListenConfig.of("0.0.0.0", 9001));
    assertThat(server.names()).hasSize(9);
    assertThat(server.names().subList(0, 5))
        .containsExactly(
            new ServerName.Exact("a.example"),
            new ServerName.Below(".b.example"),
            new ServerName.Starting("www.c."),
            new ServerName.Exact("d.example"),
            new ServerName.Below(".d.example"));
    assertThat(server.names().subList(6, 9))
        .containsExactly(
            new ServerName.Exact("host-1"), new ServerName.Exact(""), new ServerName.Exact("_"));
    ServerName.Matching matching = (ServerName.Matching) server.names().get(5);
    assertThat(matching.pattern().matcher("x.e").find()).isTrue();
    assertThat(matching.groups().slots()).hasSize(1);
    assertThat(server.where()).isEqualTo("/etc/nginx/nginx.conf:1");
  }

  @Test
  void aServerThatSaysNothingListensOnPort80ForRequestsWithoutHost() {
    ServerConfig server = configuration("server { }").servers().getFirst();
    assertThat(server.listens()).containsExactly(ListenConfig.of("0.0.0.0", 80));
    assertThat(server.names()).containsExactly(new ServerName.Exact(""));
  }

  @Test
  void upstreams() {
    var upstream =
        configuration(
                """
                upstream a {
                  hash $request_uri consistent;
                  keepalive 16;
                  server b:81 weight=3 max_conns=7 max_fails=2 fail_timeout=1m30s slow_start=30s;
                  server 10.0.0.1 down;
                  server [::1]:82 drain route=x;
                }
                upstream l { least_conn; server b backup; server c; }
                """)
            .upstreams()
            .get("a");
    assertThat(upstream.servers())
        .containsExactly(
            new UpstreamServer(
                "b",
                81,
                3,
                7,
                2,
                Duration.ofSeconds(90),
                false,
                false,
                false,
                Duration.ofSeconds(30),
                ""),
            new UpstreamServer(
                "10.0.0.1",
                80,
                1,
                0,
                1,
                Duration.ofSeconds(10),
                false,
                true,
                false,
                Duration.ZERO,
                ""),
            new UpstreamServer(
                "::1",
                82,
                1,
                0,
                1,
                Duration.ofSeconds(10),
                false,
                false,
                true,
                Duration.ZERO,
                "x"));
    assertThat(upstream.idlePerWorker()).isEqualTo(16);
    assertThat(upstream.balancing())
        .isInstanceOfSatisfying(
            Balancing.Hash.class, hash -> assertThat(hash.isConsistent()).isTrue());
  }

  @Test
  void locationsOfEveryKind() {
    List<LocationConfig> locations =
        server(
                """
                location / { }
                location = /exact { }
                location ^~ /static/ { location /static/a { } }
                location ~ \\.php$ { }
                location ~* ^/(?<name>[[:alpha:]]+)$ { internal; }
                location =/b { }
                location @c { }
                location ~ "^/\\p{Lu}{2}\\x{2d}$" { }
                """)
            .locations();
    assertThat(((Match.Regex) locations.get(7).match()).pattern().matcher("/AB-").find()).isTrue();
    assertThat(locations.get(0).match()).isEqualTo(new Match.Prefix("/", false));
    assertThat(locations.get(1).match()).isEqualTo(new Match.Exact("/exact"));
    assertThat(locations.get(2).match()).isEqualTo(new Match.Prefix("/static/", true));
    assertThat(locations.get(2).nested().getFirst().match())
        .isEqualTo(new Match.Prefix("/static/a", false));
    assertThat(((Match.Regex) locations.get(3).match()).pattern().matcher("/A.PHP").find())
        .isFalse();
    Match.Regex named = (Match.Regex) locations.get(4).match();
    assertThat(named.pattern().matcher("/ABC").find()).isTrue();
    assertThat(named.groups().slots()).hasSize(1);
    assertThat(locations.get(4).isInternal()).isTrue();
    assertThat(locations.get(5).match()).isEqualTo(new Match.Exact("/b"));
    assertThat(locations.get(6).match()).isEqualTo(new Match.Named("@c"));
  }

  @Test
  void passing() {
    Map<String, ProxyConfig> proxies =
        server(
                """
                proxy_set_header X-Outer outer;
                location /plain { proxy_pass http://b:81; }
                location /uri/ { proxy_pass http://b/api/; proxy_set_header Host $host; }
                location ~ regex { proxy_pass http://b; }
                location /var { proxy_pass http://$http_to/x; }
                location /many { proxy_pass http://many; proxy_read_timeout 5s;
                                 proxy_next_upstream error http_503 non_idempotent;
                                 proxy_next_upstream_tries 3; }
                """)
            .locations()
            .stream()
            .collect(
                Collectors.toMap(
                    each ->
                        switch (each.match()) {
                          case Match.Prefix(String path, _) -> path;
                          default -> "other";
                        },
                    each -> each.proxy().orElseThrow()));
    assertThat(proxies.get("/plain").to()).isEqualTo(new Target.Named("b:81"));
    assertThat(proxies.get("/plain").uri()).isEmpty();
    assertThat(headers(proxies.get("/plain")))
        .containsExactly(Map.entry("Host", "b:81"), Map.entry("X-Outer", "outer"));
    assertThat(proxies.get("/uri/").uri().orElseThrow().source()).isEqualTo("/api/");
    assertThat(headers(proxies.get("/uri/"))).containsExactly(Map.entry("Host", "$host"));
    assertThat(proxies.get("/var").to())
        .isInstanceOfSatisfying(
            Target.Computed.class,
            computed -> assertThat(computed.url().source()).isEqualTo("$http_to/x"));
    assertThat(proxies.get("/many").timeouts().read()).isEqualTo(Duration.ofSeconds(5));
    assertThat(proxies.get("/many").retry())
        .isEqualTo(
            new ProxyConfig.Retry(3, Duration.ZERO, List.of(503), true, false, Duration.ZERO));
  }

  private static List<Map.Entry<String, String>> headers(ProxyConfig proxy) {
    return proxy.headers().stream()
        .map(header -> Map.entry(header.name(), header.value().source()))
        .toList();
  }

  @Test
  void rewriting() {
    List<Instruction> instructions =
        server(
                """
                location / {
                  set $a "x$host";
                  if ($request_method = POST) { return 405; }
                  if ($http_cookie ~* "id=([^;]+)") { set $id $1; add_header X-Id $id; }
                  if ($a) { rewrite ^/(.*)$ /b/$1 last; }
                  rewrite ^/c https://c.example/ permanent;
                  rewrite ^/d$ $scheme://d/;
                  return 200 "hello $a";
                }
                """)
            .locations()
            .getFirst()
            .instructions();
    assertThat(instructions).hasSize(7);
    Instruction.If method = (Instruction.If) instructions.get(1);
    assertThat(method.condition())
        .isInstanceOfSatisfying(
            Condition.Equals.class,
            equals -> assertThat(equals.wanted().source()).isEqualTo("POST"));
    assertThat(method.then()).containsExactly(new Instruction.Return(405, Optional.empty()));
    assertThat(method.location()).isEmpty();
    Instruction.If cookie = (Instruction.If) instructions.get(2);
    assertThat(cookie.location().orElseThrow().response().added().getFirst().name())
        .isEqualTo("X-Id");
    assertThat(flags(instructions)).containsExactly(Flag.PERMANENT, Flag.REDIRECT);
    assertThat(((Instruction.Return) instructions.getLast()).text().orElseThrow().source())
        .isEqualTo("hello $a");
  }

  private static List<Flag> flags(List<Instruction> instructions) {
    return instructions.stream()
        .filter(Instruction.Rewrite.class::isInstance)
        .map(each -> ((Instruction.Rewrite) each).flag())
        .toList();
  }

  @Test
  void headersOfTheInnermostLevelTakeThePlaceOfAllOthers() {
    Configuration configuration =
        configuration(
            """
            add_header A 1;
            server { add_header B 2 always; add_header C 3;
              location /inherits { }
              location /own { add_header D 4; }
            }
            """);
    Function<Integer, List<String>> names =
        index ->
            configuration.servers().getFirst().locations().get(index).response().added().stream()
                .map(header -> header.name() + (header.isAlways() ? "!" : ""))
                .toList();
    assertThat(names.apply(0)).containsExactly("B!", "C");
    assertThat(names.apply(1)).containsExactly("D");
  }

  @Test
  void anIfKeepsTheContentOfItsLocation() {
    Instruction.If conditional =
        (Instruction.If)
            server("location / { proxy_pass http://b; if ($http_x) { add_header X y; } }")
                .locations()
                .getFirst()
                .instructions()
                .getFirst();
    assertThat(conditional.location().orElseThrow().proxy().orElseThrow().to())
        .isEqualTo(new Target.Named("b"));
    conditional =
        (Instruction.If)
            server("location / { if ($http_x) { proxy_pass http://c; } }")
                .locations()
                .getFirst()
                .instructions()
                .getFirst();
    assertThat(conditional.location().orElseThrow().content()).isInstanceOf(Content.Proxy.class);
  }

  @Test
  void theArticlesOwnFile() {
    NginxFile file =
        NginxFile.text(
            """
            upstream microservices {
              server user-service:5000 weight=1;
              server order-service:5000 weight=1;
            }
            server {
              listen 80;
              location / {
                proxy_pass http://microservices;
                proxy_stickiness on;
              }
            }
            """,
            FILE,
            PLACE);
    assertThat(file.errors()).isEmpty();
    assertThat(file.warnings().stream().map(Problem::text))
        .containsExactly(
            "\"proxy_stickiness\" is not nginx's own: taken as \"sticky cookie"
                + " muster_microservices\" in /etc/nginx/nginx.conf:9");
    var upstream = file.configuration().upstreams().get("microservices");
    assertThat(upstream.sticky()).contains(Sticky.Cookie.of("microservices"));
    assertThat(upstream.servers())
        .containsExactly(
            UpstreamServer.of("user-service", 5000), UpstreamServer.of("order-service", 5000));
    assertThat(upstream.balancing()).isEqualTo(new Balancing.RoundRobin());
  }

  private static Template text(String source) throws UnknownVariable {
    return Template.compile(source, new Variables());
  }

  @Test
  void sessionsAndQueues() throws Exception {
    var upstreams =
        configuration(
                """
                upstream a { server b; queue 7 timeout=3s;
                  sticky cookie id expires=1h domain=.example.org path=/x
                      httponly secure samesite=lax; }
                upstream c { server b; proxy_stickiness off; }
                upstream d { server b route=one; server c drain; sticky route $http_a $http_b; }
                upstream e { server b;
                  sticky learn create=$http_a lookup=$http_b zone=s:1m timeout=1h header; }
                upstream f { server b; sticky header X-User; }
                upstream g { server b; sticky ip; }
                upstream h { server b; sticky cookie plain; }
                """)
            .upstreams();
    assertThat(upstreams.get("a").sticky())
        .contains(
            new Sticky.Cookie(
                "id",
                Optional.of(Duration.ofHours(1)),
                Optional.of(Template.literal(".example.org")),
                "/x",
                List.of("HttpOnly", "Secure", "SameSite=Lax")));
    assertThat(upstreams.get("d").sticky())
        .contains(new Sticky.Route(List.of(text("$http_a"), text("$http_b"))));
    assertThat(upstreams.get("d").servers().getFirst().route()).isEqualTo("one");
    assertThat(upstreams.get("d").servers().getLast().isDraining()).isTrue();
    assertThat(upstreams.get("e").sticky())
        .contains(
            new Sticky.Learned(
                List.of(text("$http_a")), List.of(text("$http_b")), Duration.ofHours(1), 8192));
    assertThat(upstreams.get("f").sticky())
        .contains(Sticky.Learned.byRequest(text("$http_X_User")));
    assertThat(upstreams.get("g").sticky())
        .contains(Sticky.Learned.byRequest(text("$remote_addr")));
    assertThat(upstreams.get("h").sticky())
        .contains(new Sticky.Cookie("plain", Optional.empty(), Optional.empty(), "", List.of()));
    assertThat(upstreams.get("a").guards().queueSize()).isEqualTo(7);
    assertThat(upstreams.get("a").guards().queueTimeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(upstreams.get("c").sticky()).isEmpty();
  }

  @Test
  void settingsOfTheProgram() {
    NginxFile file =
        NginxFile.text(
            "daemon off; pid /run/a.pid; worker_processes 3; error_log /tmp/a warn;"
                + " events { worker_connections 512; } http { }",
            FILE,
            PLACE);
    assertThat(file.errors()).isEmpty();
    assertThat(file.settings().pidFile()).contains("/run/a.pid");
    assertThat(file.settings().workers()).hasValue(3);
    assertThat(file.settings().connections()).hasValue(512);
    assertThat(file.settings().errorLogs())
        .containsExactly(new Settings.ErrorLog("/tmp/a", "warn"));
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
