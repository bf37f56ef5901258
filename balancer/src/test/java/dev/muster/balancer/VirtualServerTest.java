package dev.muster.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.balancer.config.BalancerConfig;
import dev.muster.balancer.config.Configuration;
import dev.muster.balancer.config.Content;
import dev.muster.balancer.config.Instruction;
import dev.muster.balancer.config.ListenConfig;
import dev.muster.balancer.config.LocationConfig;
import dev.muster.balancer.config.LocationConfig.Match;
import dev.muster.balancer.config.ProxyConfig;
import dev.muster.balancer.config.ServerConfig;
import dev.muster.balancer.config.ServerName;
import dev.muster.balancer.config.UpstreamConfig;
import dev.muster.balancer.config.UpstreamConfig.UpstreamServer;
import dev.muster.balancer.upstream.Endpoint;
import dev.muster.balancer.variable.Template;
import dev.muster.balancer.variable.UnknownVariable;
import dev.muster.balancer.variable.Variables;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Virtual servers and locations of a configuration, beside the routes that services ask for.
class VirtualServerTest {
  private final Balancer balancer =
      Balancer.start(BalancerConfig.defaults().withListen("127.0.0.1", 0).withThreads(1));
  private final Variables variables = new Variables();

  @AfterEach
  void close() {
    balancer.close();
  }

  private Template text(String source) throws UnknownVariable {
    return Template.compile(source, variables);
  }

  private LocationConfig returning(Match match, int status, String body) throws UnknownVariable {
    return LocationConfig.of(match)
        .with(List.of(new Instruction.Return(status, Optional.of(text(body)))));
  }

  private ServerConfig server(String name, LocationConfig... locations) {
    return new ServerConfig(
        List.of(ListenConfig.of("127.0.0.1", balancer.port())),
        List.of(new ServerName.Exact(name)),
        LocationConfig.of(new Match.Prefix("/", false)),
        List.of(locations),
        "test");
  }

  private String get(String host, String target, String... headers) throws IOException {
    try (RawClient client = new RawClient(balancer.port())) {
      client.send("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n");
      for (String header : headers) {
        client.send(header + "\r\n");
      }
      client.send("\r\n");
      RawClient.Response response = client.read();
      return response.status() + " " + response.body();
    }
  }

  @Test
  void theLocationOfTheHostAnswers() throws Exception {
    balancer.apply(
        new Configuration(
            List.of(
                server(
                    "a.test",
                    returning(new Match.Prefix("/", false), 200, "root $uri"),
                    returning(new Match.Prefix("/x/", false), 200, "x of $host: $args"),
                    returning(new Match.Exact("/x/y"), 403, "exactly $request_method")),
                server("b.test", returning(new Match.Prefix("/", false), 200, "b"))),
            Map.of()));
    assertThat(get("a.test", "/q")).isEqualTo("200 root /q");
    assertThat(get("A.test:80", "/x/1?p=2")).isEqualTo("200 x of a.test: p=2");
    assertThat(get("a.test", "/x/y")).isEqualTo("403 exactly GET");
    assertThat(get("b.test", "/x/y")).isEqualTo("200 b");
    assertThat(get("c.test", "/")).isEqualTo("200 root /");
  }

  @Test
  void anUpstreamIsTheServiceOfThatName() throws Exception {
    try (RawUpstream app = RawUpstream.answering("ok")) {
      balancer.apply(
          new Configuration(
              List.of(
                  server(
                      "a.test",
                      LocationConfig.of(new Match.Prefix("/app/", false))
                          .with(
                              new Content.Proxy(
                                  new ProxyConfig(
                                      new ProxyConfig.Target.Named("up"),
                                      Optional.of(text("/")),
                                      List.of(
                                          new ProxyConfig.Header("Host", text("up")),
                                          new ProxyConfig.Header(
                                              "X-Real-IP", text("$remote_addr"))),
                                      ProxyConfig.Timeouts.defaults(),
                                      ProxyConfig.Retry.defaults()))))),
              Map.of("up", UpstreamConfig.of("up", List.of(UpstreamServer.of("App", 5000))))));
      assertThat(get("a.test", "/app/q")).startsWith("502 ");
      balancer
          .endpoints()
          .replace(
              "app",
              List.of(
                  new Endpoint(
                      "a", "app", "127.0.0.1", app.port(), 1, Endpoint.State.PASSING, List.of())));
      assertThat(get("a.test", "/app/q?r")).isEqualTo("200 ok");
      assertThat(app.heads.getLast())
          .startsWith("GET /q?r HTTP/1.1\r\n")
          .contains("Host: up\r\n", "X-Real-IP: 127.0.0.1\r\n");
    }
  }

  @Test
  void whoIsAskedCanBeComputed() throws Exception {
    try (RawUpstream app = RawUpstream.answering("ok")) {
      var proxy =
          new ProxyConfig(
              new ProxyConfig.Target.Computed(text("http://$http_to/x$uri")),
              Optional.empty(),
              List.of(),
              ProxyConfig.Timeouts.defaults(),
              ProxyConfig.Retry.defaults());
      balancer.apply(
          new Configuration(
              List.of(
                  server(
                      "a.test",
                      LocationConfig.of(new Match.Prefix("/", false))
                          .with(new Content.Proxy(proxy)))),
              Map.of()));
      assertThat(get("a.test", "/q", "To: 127.0.0.1:" + app.port())).isEqualTo("200 ok");
      assertThat(app.heads.getLast()).startsWith("GET /x/q HTTP/1.1\r\n");
      assertThat(get("a.test", "/q")).startsWith("500 ");
      assertThat(get("a.test", "/q", "To: nowhere.invalid")).startsWith("502 ");
    }
  }
}
