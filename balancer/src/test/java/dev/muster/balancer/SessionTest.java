package dev.muster.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.balancer.RawClient.Response;
import dev.muster.balancer.config.BalancerConfig;
import dev.muster.balancer.config.SessionKey;
import dev.muster.balancer.config.UpstreamConfig.Sticky;
import dev.muster.balancer.config.UpstreamConfig.UpstreamServer;
import dev.muster.balancer.upstream.Endpoint;
import dev.muster.balancer.variable.Template;
import dev.muster.balancer.variable.UnknownVariable;
import dev.muster.balancer.variable.Variables;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Clients that come back to the instance they were at.
class SessionTest {
  private static final SessionKey KEY = SessionKey.random(new SplittableRandom(1));

  private final Variables variables = new Variables();
  private final List<RawUpstream> started = new ArrayList<>();
  private Balancer balancer = start(KEY, 1);
  private RawUpstream a = instance("a");
  private RawUpstream b = instance("b");

  private static Balancer start(SessionKey key, int threads) {
    return Balancer.start(
        BalancerConfig.defaults()
            .withListen("127.0.0.1", 0)
            .withThreads(threads)
            .withSessionKey(key));
  }

  private RawUpstream instance(String name) {
    try {
      RawUpstream instance = RawUpstream.answering(name);
      started.add(instance);
      return instance;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void declare() {
    // Read by the sessions themselves, whoever else knows them.
    variables.declare("upstream_cookie_sid", _ -> null);
    variables.declare("cookie_sid", _ -> null);
  }

  @AfterEach
  void close() throws IOException {
    balancer.close();
    for (RawUpstream each : started) {
      each.close();
    }
  }

  private Template text(String source) throws UnknownVariable {
    return Template.compile(source, variables);
  }

  private static UpstreamServer at(RawUpstream instance) {
    return StickyServers.at(instance, 0, false, "");
  }

  private static UpstreamServer named(RawUpstream instance, String route) {
    return StickyServers.at(instance, 0, false, route);
  }

  private static UpstreamServer draining(RawUpstream instance) {
    return StickyServers.at(instance, 0, true, "");
  }

  private void serve(Sticky sticky, UpstreamServer... servers) throws UnknownVariable {
    balancer.apply(StickyServers.configuration(balancer.port(), sticky, servers));
  }

  /// Asks on a connection of its own.
  private Response ask(String... headers) throws IOException {
    try (RawClient client = new RawClient(balancer.port())) {
      String lines = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
      return client.send("GET / HTTP/1.1\r\nHost: test\r\n" + lines + "\r\n").read();
    }
  }

  private static String cookie(Response response) {
    String set = response.header("Set-Cookie");
    return set.contains(";") ? set.substring(0, set.indexOf(';')) : set;
  }

  @Test
  void newClientsTakeTurnsAndStayWhereTheyAre() throws Exception {
    serve(Sticky.Cookie.DEFAULT, at(a), at(b));
    List<String> cookies = new ArrayList<>();
    StringBuilder order = new StringBuilder();
    for (int i = 0; i < 10; i++) {
      Response first = ask();
      order.append(first.body());
      cookies.add(cookie(first));
      assertThat(first.header("Set-Cookie"))
          .startsWith("muster=")
          .endsWith("; Path=/; HttpOnly; SameSite=Lax");
    }
    assertThat(order.toString()).isIn("ababababab", "bababababa");
    for (int i = 0; i < 30; i++) {
      Response again = ask("Cookie: x=y; " + cookies.get(i % 10) + "; z=1");
      assertThat(again.body()).isEqualTo(order.substring(i % 10, i % 10 + 1));
      assertThat(again.head()).doesNotContain("Set-Cookie");
    }
  }

  @Test
  void whatWasNotGivenOutIsIgnored() throws Exception {
    serve(Sticky.Cookie.DEFAULT, named(a, "a"), named(b, "b"));
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i < 2; i++) {
      Response response = ask();
      given.put(response.body(), cookie(response));
    }
    assertThat(given.get("a")).startsWith("muster=a.");
    String signed = given.get("a");
    char last = signed.charAt(signed.length() - 1);
    List<String> forged =
        List.of(
            signed.substring(0, signed.length() - 1) + (last == 'A' ? 'B' : 'A'),
            signed.replace("=a.", "=b."),
            signed.substring(0, signed.indexOf('.')),
            signed + "A",
            "muster=",
            "muster",
            "other" + signed);
    for (String each : forged) {
      StringBuilder got = new StringBuilder();
      for (int i = 0; i < 2; i++) {
        Response response = ask("Cookie: " + each);
        got.append(response.body());
        assertThat(cookie(response)).as(each).isEqualTo(given.get(response.body()));
      }
      assertThat(got.toString()).as(each).isIn("ab", "ba");
    }
    // One that was, among others of its name, in lines of their own.
    Response found = ask("Cookie: " + forged.getFirst() + ";" + given.get("b"));
    assertThat(found.body()).isEqualTo("b");
    assertThat(ask("Cookie: q", "COOKIE: MUSTER" + signed.substring(6)).body()).isEqualTo("a");
  }

  @Test
  void aKeyThatIsKeptKeepsTheSessions() throws Exception {
    serve(Sticky.Cookie.DEFAULT, at(a), at(b));
    Response first = ask();
    String cookie = cookie(first);
    balancer.close();
    balancer = start(KEY, 2);
    serve(Sticky.Cookie.DEFAULT, at(b), at(a), at(instance("c")));
    for (int i = 0; i < 4; i++) {
      Response again = ask("Cookie: " + cookie);
      assertThat(again.body()).isEqualTo(first.body());
      assertThat(again.head()).doesNotContain("Set-Cookie");
    }
    balancer.close();
    balancer = start(SessionKey.random(new SplittableRandom(2)), 1);
    serve(Sticky.Cookie.DEFAULT, at(a), at(b));
    assertThat(ask("Cookie: " + cookie).header("Set-Cookie")).isNotEmpty();
  }

  @Test
  void theCookieIsAsConfigured() throws Exception {
    serve(
        new Sticky.Cookie(
            "srv_id",
            Optional.of(Duration.ofHours(1)),
            Optional.of(text(".$host")),
            "/app",
            List.of("Secure", "SameSite=None")),
        at(a),
        at(b));
    Response first = ask();
    assertThat(first.header("Set-Cookie"))
        .matches(
            "srv_id=[A-Za-z0-9_-]{12}\\.[A-Za-z0-9_-]{22}; Domain=.test; Max-Age=3600; Path=/app;"
                + " Secure; SameSite=None");
    Response again = ask("Cookie: " + cookie(first));
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(again.header("Set-Cookie")).isEqualTo(first.header("Set-Cookie"));
  }

  @Test
  void aDrainingServerGetsItsSessionsOnly() throws Exception {
    serve(Sticky.Cookie.DEFAULT, at(a), at(b));
    Map<String, String> bound = new HashMap<>();
    while (bound.size() < 2) {
      Response response = ask();
      bound.put(response.body(), cookie(response));
    }
    serve(Sticky.Cookie.DEFAULT, draining(a), at(b));
    for (int i = 0; i < 4; i++) {
      assertThat(ask().body()).isEqualTo("b");
      assertThat(ask("Cookie: " + bound.get("a")).body()).isEqualTo("a");
    }
    serve(Sticky.Cookie.DEFAULT, at(b));
    Response moved = ask("Cookie: " + bound.get("a"));
    assertThat(moved.body()).isEqualTo("b");
    assertThat(cookie(moved)).isEqualTo(bound.get("b"));
  }

  @Test
  void theSessionsOfAServerThatDiedMoveOnce() throws Exception {
    RawUpstream c = instance("c");
    serve(Sticky.Cookie.DEFAULT, at(a), at(b), at(c));
    Map<String, String> bound = new HashMap<>();
    while (bound.size() < 3) {
      Response response = ask();
      bound.put(response.body(), cookie(response));
    }
    a.kill();
    Response moved = ask("Cookie: " + bound.get("a"));
    assertThat(moved.body()).isIn("b", "c");
    assertThat(cookie(moved)).isEqualTo(bound.get(moved.body()));
    for (int i = 0; i < 4; i++) {
      assertThat(ask("Cookie: " + cookie(moved)).body()).isEqualTo(moved.body());
      assertThat(ask("Cookie: " + bound.get("b")).body()).isEqualTo("b");
      assertThat(ask("Cookie: " + bound.get("c")).body()).isEqualTo("c");
    }
  }

  @Test
  void whoeverIsFullIsHelpedOut() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    Semaphore arrived = new Semaphore(0);
    AtomicBoolean isHolding = new AtomicBoolean();
    try (RawUpstream slow =
        new RawUpstream(
            connection -> {
              while (connection.readRequest()) {
                if (isHolding.get()) {
                  arrived.release();
                  await(release);
                }
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nslow");
              }
            })) {
      UpstreamServer narrow = StickyServers.at(slow, 1, false, "");
      serve(Sticky.Cookie.DEFAULT, narrow, at(b));
      Response first = ask();
      while (!first.body().equals("slow")) {
        first = ask();
      }
      String cookie = "Cookie: " + cookie(first);
      isHolding.set(true);
      try (RawClient held = new RawClient(balancer.port())) {
        held.send("GET / HTTP/1.1\r\nHost: test\r\n" + cookie + "\r\n\r\n");
        arrived.acquire();
        Response moved = ask(cookie);
        assertThat(moved.body()).isEqualTo("b");
        assertThat(cookie(moved)).startsWith("muster=");
        serve(new Sticky.Loyal(Sticky.Cookie.DEFAULT), narrow, at(b));
        Response helped = ask(cookie);
        assertThat(helped.body()).isEqualTo("b");
        assertThat(cookie(helped)).isEmpty();
        isHolding.set(false);
        release.countDown();
        assertThat(held.read().body()).isEqualTo("slow");
      }
      assertThat(ask(cookie).body()).isEqualTo("slow");
    }
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void theSessionOfTheApplicationIsLearned() throws Exception {
    balancer.close();
    balancer = start(KEY, 2);
    AtomicInteger ids = new AtomicInteger();
    List<RawUpstream> apps = new ArrayList<>();
    for (String name : List.of("a", "b", "c")) {
      RawUpstream app =
          new RawUpstream(
              connection -> {
                while (connection.readRequest()) {
                  String set =
                      connection.head.contains("sid=")
                          ? ""
                          : "Set-Cookie: x=1\r\nSet-Cookie: sid=s%d; Path=/\r\n"
                              .formatted(ids.incrementAndGet());
                  connection.send("HTTP/1.1 200 OK\r\n" + set + "Content-Length: 1\r\n\r\n" + name);
                }
              });
      apps.add(app);
      started.add(app);
    }
    Sticky learn =
        new Sticky.Learned(
            List.of(text("$upstream_cookie_sid")),
            List.of(text("$cookie_sid")),
            Duration.ofMinutes(10));
    serve(learn, at(apps.get(0)), at(apps.get(1)), at(apps.get(2)));
    Map<String, String> bound = new HashMap<>();
    for (int i = 1; i <= 12; i++) {
      bound.put("s" + i, ask().body());
    }
    assertThat(bound.values()).contains("a", "b", "c");
    // Another configuration does not forget them.
    serve(learn, at(apps.get(1)), at(apps.get(0)), at(apps.get(2)), at(b));
    for (int i = 0; i < 3; i++) {
      for (Map.Entry<String, String> each : bound.entrySet()) {
        assertThat(ask("Cookie: a=b; sid=" + each.getKey()).body()).isEqualTo(each.getValue());
      }
    }
    apps.get(0).kill();
    for (Map.Entry<String, String> each : bound.entrySet()) {
      String first = ask("Cookie: sid=" + each.getKey()).body();
      if (each.getValue().equals("a")) {
        assertThat(first).isIn("b", "c");
      } else {
        assertThat(first).isEqualTo(each.getValue());
      }
      for (int i = 0; i < 3; i++) {
        assertThat(ask("Cookie: sid=" + each.getKey()).body()).isEqualTo(first);
      }
    }
  }

  @Test
  void theRequestMayNameItsServer() throws Exception {
    serve(
        new Sticky.Route(List.of(text("$http_x_first"), text("$http_x_second"))),
        named(a, "one"),
        named(b, "two"));
    for (int i = 0; i < 4; i++) {
      assertThat(ask("X-First: one", "X-Second: two").body()).isEqualTo("a");
      assertThat(ask("X-Second: two").body()).isEqualTo("b");
    }
    assertThat(List.of(ask("X-First: three").body(), ask().body())).contains("a", "b");
  }

  @Test
  void webSocketsAreOfTheirSession() throws Exception {
    RawUpstream one = webSocket("one");
    RawUpstream two = webSocket("two");
    serve(Sticky.Cookie.DEFAULT, at(one), at(two));
    String[] first = handshake("");
    assertThat(first[1]).startsWith("muster=");
    for (int i = 0; i < 3; i++) {
      String[] again = handshake("Cookie: " + first[1] + "\r\n");
      assertThat(again[0]).isEqualTo(first[0]);
      assertThat(again[1]).isEmpty();
    }
  }

  private RawUpstream webSocket(String name) throws IOException {
    RawUpstream instance =
        new RawUpstream(
            connection -> {
              while (connection.readRequest()) {
                connection.send(
                    "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n"
                        + "Upgrade: websocket\r\nX-Name: "
                        + name
                        + "\r\n\r\n");
              }
            });
    started.add(instance);
    return instance;
  }

  /// Who answered, and the cookie that was set.
  private String[] handshake(String lines) throws IOException {
    try (RawClient client = new RawClient(balancer.port())) {
      Response response =
          client
              .send(
                  "GET / HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                      + lines
                      + "\r\n")
              .read();
      assertThat(response.status()).isEqualTo(101);
      return new String[] {response.header("X-Name"), cookie(response)};
    }
  }

  private static Endpoint endpoint(String id, RawUpstream at, String tag) {
    return new Endpoint(id, "app", "127.0.0.1", at.port(), 1, Endpoint.State.PASSING, List.of(tag));
  }

  @Test
  void aTagAsksForSessions() throws Exception {
    RawUpstream c = instance("c");
    for (String how : List.of("cookie", "ip", "header:X-User")) {
      String tag = "urlprefix-/ sticky=" + how;
      balancer.endpoints().replace("app", List.of(endpoint("1", a, tag), endpoint("2", b, tag)));
      Response first = ask("X-User: u");
      if (how.equals("cookie")) {
        assertThat(first.header("Set-Cookie")).startsWith("muster=");
      } else {
        assertThat(first.head()).doesNotContain("Set-Cookie");
      }
      balancer
          .endpoints()
          .replace(
              "app", List.of(endpoint("0", c, tag), endpoint("1", a, tag), endpoint("2", b, tag)));
      for (int i = 0; i < 4; i++) {
        assertThat(ask("X-User: u", "Cookie: " + cookie(first)).body())
            .as(how)
            .isEqualTo(first.body());
      }
    }
    balancer.endpoints().replace("app", List.of(endpoint("1", a, "urlprefix-/")));
    assertThat(ask().head()).doesNotContain("Set-Cookie");
  }
}
