package dev.muster.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.balancer.RawClient.Response;
import dev.muster.balancer.config.BalancerConfig;
import dev.muster.balancer.config.ChainConfig;
import dev.muster.balancer.config.ChainConfig.Binding;
import dev.muster.balancer.config.ChainConfig.Destination;
import dev.muster.balancer.config.ChainConfig.HeaderMatch;
import dev.muster.balancer.config.ChainConfig.HeaderRules;
import dev.muster.balancer.config.ChainConfig.Line;
import dev.muster.balancer.config.ChainConfig.Match;
import dev.muster.balancer.config.ChainConfig.ParameterMatch;
import dev.muster.balancer.config.ChainConfig.Path;
import dev.muster.balancer.config.ChainConfig.Route;
import dev.muster.balancer.config.ChainConfig.Split;
import dev.muster.balancer.config.ChainConfig.Wanted;
import dev.muster.balancer.config.Configuration;
import dev.muster.balancer.config.ProxyConfig.Retry;
import dev.muster.balancer.config.ProxyConfig.Timeouts;
import dev.muster.balancer.config.UpstreamConfig;
import dev.muster.balancer.config.UpstreamConfig.UpstreamServer;
import dev.muster.balancer.upstream.Endpoint;
import dev.muster.balancer.upstream.Endpoint.Facts;
import dev.muster.balancer.upstream.Endpoint.State;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Requests to a service with rules of its own, over the route that its tag asks for.
class ChainTest {
  private final Balancer balancer =
      Balancer.start(BalancerConfig.defaults().withListen("127.0.0.1", 0).withThreads(1));
  private RawUpstream old;
  private RawUpstream young;

  @BeforeEach
  void start() throws IOException {
    old = RawUpstream.answering("old");
    young = RawUpstream.answering("young");
    know(State.PASSING, State.PASSING);
  }

  private void know(State ofOld, State ofYoung) {
    balancer
        .endpoints()
        .replace("web", List.of(endpoint(old, "v1", ofOld), endpoint(young, "v2", ofYoung)));
  }

  private static Endpoint endpoint(RawUpstream at, String group, State state) {
    var facts = new Facts("", Map.of(), Set.of(group), "", false);
    List<String> tags = List.of("urlprefix-/web strip=/web");
    return new Endpoint(group, "web", "127.0.0.1", at.port(), 1, state, tags, facts);
  }

  @AfterEach
  void close() throws IOException {
    balancer.close();
    old.close();
    young.close();
  }

  private void rule(Route... routes) {
    Map<String, UpstreamConfig> upstreams = new HashMap<>();
    for (String host : List.of("web", "web#v1", "web#v2")) {
      upstreams.put(host, UpstreamConfig.of(host, List.of(UpstreamServer.of(host, 0))));
    }
    balancer.apply(
        new Configuration(
            List.of(),
            upstreams,
            Map.of(),
            Map.of("web", new ChainConfig("web", List.of(routes)))));
  }

  private static Route all(String... upstreams) {
    return route(Match.all(), Destination.of(upstreams));
  }

  private static Route route(Match match, Destination to) {
    return new Route(match, List.of(new Split(10_000, to)), Binding.NONE);
  }

  private String body(String head) throws IOException {
    return answer(head).body();
  }

  private Response answer(String head) throws IOException {
    try (RawClient client = new RawClient(balancer.port())) {
      return client.send(head + "Host: test\r\n\r\n").read();
    }
  }

  @Test
  void theFirstRouteThatMatchesCounts() throws Exception {
    Match beta =
        new Match(
            new Path.Prefix("/WEB/a", true),
            List.of(new HeaderMatch("x-group", new Wanted.Prefix("beta", true), false)),
            List.of(new ParameterMatch("v", new Wanted.Exact("2", false))),
            List.of("GET", "POST"));
    rule(route(beta, Destination.of("web#v2")), all("web#v1"));
    assertThat(body("GET /web/ab?x&v=2 HTTP/1.1\r\nX-Group: BETA-7\r\n")).isEqualTo("young");
    assertThat(body("GET /web/ab?x&v=2 HTTP/1.1\r\nX-Group: gamma\r\n")).isEqualTo("old");
    assertThat(body("GET /web/ab?x&v=22 HTTP/1.1\r\nX-Group: beta\r\n")).isEqualTo("old");
    assertThat(body("GET /web/b?v=2 HTTP/1.1\r\nX-Group: beta\r\n")).isEqualTo("old");
    assertThat(body("PUT /web/a?v=2 HTTP/1.1\r\nX-Group: beta\r\n")).isEqualTo("old");
    assertThat(old.heads.getFirst()).startsWith("GET /ab?x&v=2 HTTP/1.1\r\n");
  }

  @Test
  void pathAndHeadersAreRewritten() throws Exception {
    Destination to =
        new Destination(
            List.of("web#v1"),
            "/internal/",
            new HeaderRules(List.of("X-Secret", "X-Set"), List.of(new Line("X-Set", "ours"))),
            new HeaderRules(List.of(), List.of(new Line("X-Via", "muster"))),
            List.of(),
            Timeouts.defaults(),
            Retry.defaults());
    Match match = new Match(new Path.Prefix("/web/", false), List.of(), List.of(), List.of());
    rule(route(match, to));
    Response answer =
        answer("GET /web/a%20b?q=1 HTTP/1.1\r\nX-Secret: s\r\nX-Set: theirs\r\nX-Kept: k\r\n");
    assertThat(answer.header("X-Via")).isEqualTo("muster");
    assertThat(old.heads.getFirst())
        .startsWith("GET /internal/a%20b?q=1 HTTP/1.1\r\n")
        .contains("X-Set: ours\r\n", "X-Kept: k\r\n")
        .doesNotContain("theirs", "X-Secret");
  }

  @Test
  void aCanaryGetsItsShareAndKeepsItsClients() throws Exception {
    rule(
        new Route(
            Match.all(),
            List.of(
                new Split(1_000, Destination.of("web#v2")),
                new Split(9_000, Destination.of("web#v1"))),
            Binding.COOKIE));
    int canaries = 0;
    List<String> cookies = new ArrayList<>();
    List<String> firsts = new ArrayList<>();
    try (RawClient client = new RawClient(balancer.port())) {
      for (int i = 0; i < 2_000; i++) {
        Response first = client.get("/web/");
        canaries += first.body().equals("young") ? 1 : 0;
        String cookie = first.header("Set-Cookie");
        cookies.add(cookie.substring(0, cookie.indexOf(';')));
        firsts.add(first.body());
      }
      assertThat(canaries).isBetween(120, 280);
      for (int i = 0; i < cookies.size(); i += 10) {
        client.send(
            "GET /web/ HTTP/1.1\r\nHost: a\r\nCookie: a=b; %s\r\n\r\n".formatted(cookies.get(i)));
        Response again = client.read();
        assertThat(again.body()).isEqualTo(firsts.get(i));
        assertThat(again.header("Set-Cookie")).isEmpty();
      }
    }
  }

  @Test
  void anotherUpstreamStandsInWhileTheFirstHasNobody() throws Exception {
    rule(all("web#v1", "web#v2"));
    assertThat(body("GET /web/ HTTP/1.1\r\n")).isEqualTo("old");
    know(State.CRITICAL, State.PASSING);
    assertThat(body("GET /web/ HTTP/1.1\r\n")).isEqualTo("young");
    know(State.PASSING, State.PASSING);
    assertThat(body("GET /web/ HTTP/1.1\r\n")).isEqualTo("old");
    know(State.CRITICAL, State.DRAINING);
    assertThat(answer("GET /web/ HTTP/1.1\r\n").status()).isEqualTo(503);
  }

  @Test
  void withoutItsRulesTheServiceIsAskedAsBefore() throws Exception {
    rule(all("web#v2"));
    assertThat(body("GET /web/ HTTP/1.1\r\n")).isEqualTo("young");
    balancer.apply(Configuration.empty());
    List<String> bodies = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      bodies.add(body("GET /web/ HTTP/1.1\r\n"));
    }
    assertThat(bodies).contains("old", "young");
  }

  @Test
  void anInstanceWithAWarningIsAskedIfItsFactsSaySo() throws Exception {
    Endpoint plain = endpoint(old, "v1", State.WARNING);
    balancer.endpoints().replace("web", List.of(plain));
    assertThat(answer("GET /web/ HTTP/1.1\r\n").status()).isEqualTo(503);
    var facts = new Facts("", Map.of(), Set.of(), "", true);
    balancer
        .endpoints()
        .replace(
            "web",
            List.of(
                new Endpoint(
                    "v1",
                    "web",
                    "127.0.0.1",
                    old.port(),
                    1,
                    State.WARNING,
                    List.of("urlprefix-/web"),
                    facts)));
    assertThat(body("GET /web/ HTTP/1.1\r\n")).isEqualTo("old");
  }
}
