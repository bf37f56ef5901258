package dev.muster.balancer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.muster.balancer.config.BalancerConfig;
import dev.muster.balancer.config.Configuration;
import dev.muster.balancer.config.Content;
import dev.muster.balancer.config.Groups;
import dev.muster.balancer.config.Instruction;
import dev.muster.balancer.config.Instruction.Flag;
import dev.muster.balancer.config.ListenConfig;
import dev.muster.balancer.config.LocationConfig;
import dev.muster.balancer.config.LocationConfig.Match;
import dev.muster.balancer.config.ProxyConfig;
import dev.muster.balancer.config.ResponseConfig;
import dev.muster.balancer.config.ResponseConfig.AddedHeader;
import dev.muster.balancer.config.ServerConfig;
import dev.muster.balancer.config.ServerName;
import dev.muster.balancer.config.UpstreamConfig;
import dev.muster.balancer.config.UpstreamConfig.UpstreamServer;
import dev.muster.balancer.insight.Description;
import dev.muster.balancer.insight.Explained;
import dev.muster.balancer.insight.Question;
import dev.muster.balancer.upstream.Endpoint;
import dev.muster.balancer.upstream.Endpoint.State;
import dev.muster.balancer.variable.Template;
import dev.muster.balancer.variable.Variables;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What is said of a request is what happens to it.
class ExplainTest {
  private static final long SEED = 4;
  private static final int REQUESTS = 200;
  private static final List<String> HOSTS = List.of("a.test", "b.test", "x.b.test", "c.test");
  private static final List<String> PATHS =
      List.of("/", "/app", "/app/x", "/app/x.png", "/old/1", "/tag", "/tag/2", "/never", "/loop");

  private final Balancer balancer =
      Balancer.start(BalancerConfig.defaults().withListen("127.0.0.1", 0).withThreads(1));
  private final Variables variables = new Variables();

  @AfterEach
  void close() {
    balancer.close();
  }

  private Template text(String source) throws Exception {
    return Template.compile(source, variables);
  }

  private LocationConfig marked(Match match) throws Exception {
    return LocationConfig.of(match)
        .with(
            new ResponseConfig(
                List.of(new AddedHeader("X-At", Template.literal(match.words()), true))));
  }

  private LocationConfig saying(Match match, int status) throws Exception {
    return marked(match).with(List.of(new Instruction.Return(status, Optional.of(text("said")))));
  }

  private LocationConfig proxying(Match match) throws Exception {
    return marked(match).with(new Content.Proxy(ProxyConfig.to("up")));
  }

  private static Instruction rewrite(String pattern, String to) {
    return new Instruction.Rewrite(
        Pattern.compile(pattern), Groups.NONE, Template.literal(to), Flag.LAST);
  }

  private ServerConfig server(ServerName name, LocationConfig... locations) throws Exception {
    return new ServerConfig(
        List.of(ListenConfig.of("127.0.0.1", balancer.port())),
        List.of(name),
        marked(new Match.Prefix("the server", false)),
        List.of(locations),
        "test:1");
  }

  private void configure(int port) throws Exception {
    balancer.apply(
        new Configuration(
            List.of(
                server(
                    new ServerName.Exact("a.test"),
                    saying(new Match.Exact("/"), 204),
                    proxying(new Match.Prefix("/app", false)),
                    saying(new Match.Regex(Pattern.compile("\\.png$"), Groups.NONE), 403),
                    marked(new Match.Prefix("/old", true))
                        .with(List.of(rewrite("^/old/(.*)", "/app/new"))),
                    marked(new Match.Prefix("/loop", true))
                        .with(List.of(rewrite("^/loop", "/loop")))),
                server(
                    new ServerName.Below(".b.test"), proxying(new Match.Prefix("/app/", false)))),
            Map.of("up", UpstreamConfig.of("up", List.of(UpstreamServer.of("127.0.0.1", port))))));
  }

  private void register(State state, int port) {
    balancer
        .endpoints()
        .replace(
            "tagged",
            List.of(
                new Endpoint(
                    "t", "tagged", "127.0.0.1", port, 1, state, List.of("urlprefix-c.test/tag"))));
  }

  private Explained explain(String host, String path) {
    return balancer
        .insight()
        .explain(new Question("GET", host, path, List.of("Accept: */*"), "192.0.2.1", 0));
  }

  @Test
  void theLocationThatIsNamedIsTheOneThatAnswers() throws Exception {
    RandomGenerator random = new Random(SEED);
    try (RawUpstream app = RawUpstream.answering("up");
        RawUpstream tagged = RawUpstream.answering("tagged")) {
      configure(app.port());
      register(State.PASSING, tagged.port());
      for (int i = 0; i < REQUESTS; i++) {
        String host = HOSTS.get(random.nextInt(HOSTS.size()));
        String path = PATHS.get(random.nextInt(PATHS.size()));
        Explained said = explain(host, path);
        try (RawClient client = new RawClient(balancer.port())) {
          RawClient.Response got =
              client.send("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n").read();
          String what = "seed " + SEED + ": " + host + path + ": " + said;
          if (said.location().startsWith("route ")) {
            assertThat(got.body()).as(what).isEqualTo("tagged");
          } else {
            String at = said.location().isEmpty() ? "location the server" : said.location();
            assertThat(got.header("X-At")).as(what).isEqualTo(at);
          }
          assertThat(got.status()).as(what).isEqualTo(said.status() == 0 ? 200 : said.status());
          assertThat(got.body().equals("up"))
              .as(what)
              .isEqualTo(said.upstream().equals("upstream up"));
        }
      }
    }
  }

  @Test
  void everyStepIsToldAndNothingIsCounted() throws Exception {
    try (RawUpstream app = RawUpstream.answering("up")) {
      configure(app.port());
      Explained said = explain("a.test", "/old/1");
      assertThat(said.steps())
          .containsExactly(
              "it comes in by 127.0.0.1:" + balancer.port(),
              "virtual server a.test answers for host a.test",
              "location ^~ /old is for this path",
              "rewritten to /app/new",
              "location /app is for this path",
              "upstream up answers, by ROUND_ROBIN",
              "it goes to upstream up/127.0.0.1:%1$d at 127.0.0.1:%1$d: %2$s"
                  .formatted(
                      app.port(),
                      said.steps()
                          .getLast()
                          .substring(said.steps().getLast().lastIndexOf(": ") + 2)));
      assertThat(said.instance()).isEqualTo("upstream up/127.0.0.1:" + app.port());
      assertThat(balancer.statistics().requests()).isZero();
      assertThat(app.connections.get()).isZero();
    }
  }

  @Test
  void anInstanceThatGetsNothingHasAReason() throws Exception {
    try (RawUpstream app = RawUpstream.answering("x")) {
      register(State.CRITICAL, app.port());
      Explained said = explain("c.test", "/tag");
      assertThat(said.status()).isEqualTo(503);
      assertThat(said.members())
          .singleElement()
          .satisfies(
              it -> {
                assertThat(it.state()).isEqualTo("unhealthy");
                assertThat(it.reason()).isEqualTo("the registry has it as critical");
              });
    }
  }

  @Test
  void whoDoesNotAcceptConnectionsIsShownAsEjected() throws Exception {
    try (RawUpstream dead = RawUpstream.answering("x");
        RawUpstream app = RawUpstream.answering("x")) {
      dead.kill();
      balancer
          .endpoints()
          .replace(
              "tagged",
              List.of(
                  new Endpoint(
                      "dead",
                      "tagged",
                      "127.0.0.1",
                      dead.port(),
                      1,
                      State.PASSING,
                      List.of("urlprefix-/tag")),
                  new Endpoint(
                      "good",
                      "tagged",
                      "127.0.0.1",
                      app.port(),
                      1,
                      State.PASSING,
                      List.of("urlprefix-/tag"))));
      try (RawClient client = new RawClient(balancer.port())) {
        assertThat(client.get("/tag").status()).isEqualTo(200);
        assertThat(client.get("/tag").status()).isEqualTo(200);
      }
      Description now = balancer.insight().describe();
      assertThat(now.routes()).singleElement().extracting("path").isEqualTo("/tag");
      assertThat(now.upstreams().getFirst().members())
          .extracting(Description.Member::instance, Description.Member::state)
          .containsExactlyInAnyOrder(tuple("dead", "ejected"), tuple("good", "up"));
    }
  }

  @Test
  void whatIsRefusedIsToldWithItsReason() {
    assertThat(explain("two words", "/").status()).isEqualTo(400);
    assertThat(explain("a.test", "/../x").steps()).last().asString().contains("400", "dot segment");
    assertThatThrownBy(() -> explain("a.test", "/\r\nX: y"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
