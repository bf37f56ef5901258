package dev.muster.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.balancer.RawClient.Response;
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
import dev.muster.balancer.config.ProxyConfig.Header;
import dev.muster.balancer.config.RequestConfig;
import dev.muster.balancer.config.RequestConfig.RealIp;
import dev.muster.balancer.config.RequestConfig.Source;
import dev.muster.balancer.config.ResponseConfig;
import dev.muster.balancer.config.ResponseConfig.AddedHeader;
import dev.muster.balancer.config.ServerConfig;
import dev.muster.balancer.config.ServerName;
import dev.muster.balancer.config.UpstreamConfig;
import dev.muster.balancer.config.UpstreamConfig.UpstreamServer;
import dev.muster.balancer.variable.AddressTable;
import dev.muster.balancer.variable.ForwardedFor;
import dev.muster.balancer.variable.Template;
import dev.muster.balancer.variable.UnknownVariable;
import dev.muster.balancer.variable.Variables;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Paths, rewrites, variables and the client's address of virtual servers, from outside.
class RequestRulesTest {
  private final Variables variables = new Variables();
  private RawUpstream app;
  private Balancer balancer;

  @BeforeEach
  void start() throws IOException {
    app =
        RawUpstream.sending(
            "HTTP/1.1 203 Fine\r\nX-App: one\r\nSet-Cookie: s=1\r\nContent-Length: 2\r\n\r\nok");
    balancer = Balancer.start(BalancerConfig.defaults().withListen("127.0.0.1", 0).withThreads(1));
  }

  @AfterEach
  void stop() throws IOException {
    balancer.close();
    app.close();
  }

  private Template text(String source) throws UnknownVariable {
    return Template.compile(source, variables);
  }

  private void serve(RequestConfig requests, LocationConfig... locations) {
    ServerConfig server =
        new ServerConfig(
            List.of(ListenConfig.of("127.0.0.1", balancer.port())),
            List.of(new ServerName.Exact("a.test"), new ServerName.Exact("")),
            LocationConfig.of(new Match.Prefix("/", false)),
            List.of(locations),
            requests,
            "test");
    UpstreamServer instance = UpstreamServer.of("127.0.0.1", app.port());
    balancer.apply(
        new Configuration(
            List.of(server), Map.of("up", UpstreamConfig.of("up", List.of(instance)))));
  }

  private LocationConfig passing(String path, Optional<String> uri, String... headers)
      throws UnknownVariable {
    ProxyConfig plain = ProxyConfig.to("up");
    List<Header> set = new ArrayList<>();
    for (int i = 0; i < headers.length; i += 2) {
      set.add(new Header(headers[i], text(headers[i + 1])));
    }
    Optional<Template> to = uri.isEmpty() ? Optional.empty() : Optional.of(text(uri.get()));
    return LocationConfig.of(new Match.Prefix(path, false))
        .with(
            new Content.Proxy(
                new ProxyConfig(plain.to(), to, set, plain.timeouts(), plain.retry())));
  }

  private Response ask(String head) throws IOException {
    try (RawClient client = new RawClient(balancer.port())) {
      return client.send(head + "\r\n\r\n").read();
    }
  }

  private Response get(String target) throws IOException {
    return ask("GET " + target + " HTTP/1.1\r\nHost: a.test");
  }

  private String line() {
    String head = app.heads.getLast();
    return head.substring(0, head.indexOf("\r\n"));
  }

  @Test
  void pathsAreResolvedAndPassedOnAsTheyWereSent() throws Exception {
    serve(
        RequestConfig.defaults(),
        passing("/", Optional.empty()),
        passing("/in/", Optional.of("/out/")));
    assertThat(get("/x/../a%20b/./c?q=%2F").status()).isEqualTo(203);
    assertThat(line()).isEqualTo("GET /x/../a%20b/./c?q=%2F HTTP/1.1");
    assertThat(get("/x/%2e./in/a%20b?q=%2F").status()).isEqualTo(203);
    assertThat(line()).isEqualTo("GET /out/a%20b?q=%2F HTTP/1.1");
    assertThat(get("//in//%3Fc%2fd").status()).isEqualTo(203);
    assertThat(line()).isEqualTo("GET /out/%3Fc/d HTTP/1.1");
    assertThat(get("/in/%25%22%7B%0d%0aX:").status()).isEqualTo(203);
    assertThat(line()).isEqualTo("GET /out/%25%22%7B%0D%0AX: HTTP/1.1");
    int before = app.heads.size();
    for (String target :
        List.of("/..", "/in/..%2fx", "/in/..;/x", "/in//../x", "/in\\..\\x", "/in/%2e%2e/%2e%2e")) {
      assertThat(get(target).status()).as(target).isEqualTo(400);
    }
    assertThat(app.heads).hasSize(before);
  }

  @Test
  void aFolderWithoutItsSlashIsRedirected() throws Exception {
    serve(RequestConfig.defaults(), passing("/in/", Optional.of("/")));
    Response moved = get("/in?x=1");
    assertThat(moved.status()).isEqualTo(301);
    assertThat(moved.header("Location")).isEqualTo("http://a.test:" + balancer.port() + "/in/?x=1");
  }

  @Test
  void rewritesSearchAgainUntilTheyGoRoundInCircles() throws Exception {
    LocationConfig circle =
        LocationConfig.of(new Match.Prefix("/circle", false))
            .with(
                List.of(
                    new Instruction.Rewrite(
                        Pattern.compile("^"), Groups.NONE, text("/circle"), Flag.LAST)));
    LocationConfig broken =
        passing("/in/", Optional.of("/never/"))
            .with(
                List.of(
                    new Instruction.Rewrite(
                        Pattern.compile("^/in/(.*)"),
                        Groups.NONE,
                        text("/x $1?y=$1"),
                        Flag.BREAK)));
    LocationConfig plain =
        LocationConfig.of(new Match.Prefix("/old", false))
            .with(
                List.of(
                    new Instruction.Rewrite(
                        Pattern.compile("^/old(.*)"), Groups.NONE, text("/new$1"), Flag.NONE)));
    LocationConfig slow =
        LocationConfig.of(new Match.Regex(Pattern.compile("^/slowa*a*a*a*a*a*b$"), Groups.NONE));
    serve(RequestConfig.defaults(), circle, broken, plain, passing("/new", Optional.empty()), slow);
    assertThat(get("/circle").status()).isEqualTo(500);
    assertThat(get("/in/a%20b?z").status()).isEqualTo(203);
    assertThat(line()).isEqualTo("GET /x%20a%20b?y=a%20b&z HTTP/1.1");
    assertThat(get("/old/1").status()).isEqualTo(203);
    assertThat(line()).isEqualTo("GET /new/1 HTTP/1.1");
    assertThat(get("/slow" + "a".repeat(200) + "!").status()).isEqualTo(500);
  }

  @Test
  void variablesReachTheInstanceAndTheClient() throws Exception {
    AddedHeader seen =
        new AddedHeader("X-Seen", text("$upstream_http_x_app $upstream_cookie_s $status"), true);
    AddedHeader sent = new AddedHeader("X-Sent", text("$sent_http_content_length"), true);
    AddedHeader split = new AddedHeader("X-Split", text("a$uri"), true);
    serve(
        RequestConfig.defaults(),
        passing(
                "/",
                Optional.empty(),
                "Host",
                "$proxy_host",
                "X-Path",
                "$uri!",
                "X-For",
                "$proxy_add_x_forwarded_for",
                "X-Who",
                "$host $remote_addr $server_name $connection_requests")
            .with(new ResponseConfig(List.of(seen, sent, split))));
    Response response = ask("GET /a%0d%0ab HTTP/1.1\r\nHost: A.test.\r\nX-Forwarded-For: 1.1.1.1");
    assertThat(app.heads.getLast())
        .contains(
            "Host: up\r\n",
            "X-Path: /a  b!\r\n",
            "X-For: 1.1.1.1, 127.0.0.1\r\n",
            "X-Who: a.test 127.0.0.1 a.test 1\r\n");
    assertThat(response.header("X-Seen")).isEqualTo("one 1 203");
    assertThat(response.header("X-Sent")).isEqualTo("2");
    assertThat(response.header("X-Split")).isEqualTo("a/a  b");
  }

  @Test
  void whoIsTrustedSaysWhoAsks() throws Exception {
    AddressTable.Builder<Boolean> trusted = new AddressTable.Builder<>();
    assertThat(trusted.network("127.0.0.0/8", true)).isTrue();
    RealIp realIp =
        new RealIp(new Source.Header("X-Forwarded-For"), new ForwardedFor(trusted.build(), true));
    serve(
        RequestConfig.defaults().with(realIp),
        passing("/", Optional.empty(), "X-Who", "$remote_addr $realip_remote_addr"));
    ask("GET / HTTP/1.1\r\nHost: a\r\nx-forwarded-for: 6.6.6.6, 203.0.113.5, 127.0.0.9");
    assertThat(app.heads.getLast()).contains("X-Who: 203.0.113.5 127.0.0.1\r\n");
    ask("GET / HTTP/1.1\r\nHost: a");
    assertThat(app.heads.getLast()).contains("X-Who: 127.0.0.1 127.0.0.1\r\n");
  }

  @Test
  void aRequestWithoutHostGoesToTheServerWithoutName() throws Exception {
    serve(
        RequestConfig.defaults(),
        LocationConfig.of(new Match.Prefix("/", false))
            .with(List.of(new Instruction.Return(200, Optional.of(text("$host"))))));
    assertThat(ask("GET / HTTP/1.0").body()).isEqualTo("a.test");
    assertThat(ask("GET / HTTP/1.1\r\nHost: [::1]:81").body()).isEqualTo("[::1]");
    assertThat(ask("GET / HTTP/1.1\r\nHost: my_host.").body()).isEqualTo("my_host");
  }
}
