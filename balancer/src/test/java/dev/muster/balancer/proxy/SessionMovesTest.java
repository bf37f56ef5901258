package dev.muster.balancer.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.balancer.chain.Chance;
import dev.muster.balancer.config.BalancerConfig;
import dev.muster.balancer.config.GuardConfig;
import dev.muster.balancer.config.SessionKey;
import dev.muster.balancer.config.Telemetry;
import dev.muster.balancer.config.UpstreamConfig;
import dev.muster.balancer.config.UpstreamConfig.Balancing;
import dev.muster.balancer.config.UpstreamConfig.Sticky;
import dev.muster.balancer.config.UpstreamConfig.UpstreamServer;
import dev.muster.balancer.guard.Ejection.Cause;
import dev.muster.balancer.guard.EjectionRules;
import dev.muster.balancer.http1.HeadWriter;
import dev.muster.balancer.http1.Octets;
import dev.muster.balancer.observe.Counters;
import dev.muster.balancer.observe.Watch;
import dev.muster.balancer.request.Client;
import dev.muster.balancer.request.Request;
import dev.muster.balancer.request.Surroundings;
import dev.muster.balancer.route.Routing;
import dev.muster.balancer.upstream.Catalog;
import dev.muster.balancer.upstream.Cluster;
import dev.muster.balancer.upstream.Clusters;
import dev.muster.balancer.upstream.Rules;
import dev.muster.balancer.variable.Template;
import dev.muster.balancer.variable.UnknownVariable;
import dev.muster.balancer.variable.Variables;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Ten thousand sessions while instances come, drain and die: how many of them move, and why. What
/// stands between a request's head and the choice of its instance is the real thing; only the
/// sockets are left out.
class SessionMovesTest {
  private static final int SESSIONS = 10_000;
  private static final SessionKey KEY = SessionKey.random(new SplittableRandom(1));

  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, Transport.NIO.ioHandlers());
  private final Catalog catalog =
      new Catalog(System::nanoTime, EjectionRules.nginx(1, Duration.ofSeconds(10)));
  private final Clusters clusters = new Clusters(1, "", System::nanoTime, KEY);
  private final Watch watch =
      Watch.start(Telemetry.off(), Clock.systemUTC(), System::nanoTime, new SplittableRandom(1));
  private final Worker worker =
      new Worker(
          0,
          group.next(),
          Transport.NIO,
          BalancerConfig.defaults().withThreads(1),
          Routing.of(
              catalog, 1, watch.ledgers(), KEY, Rules::plain, new Chance(new SplittableRandom(1))),
          new Counters(),
          watch,
          Runnable::run,
          new SplittableRandom(1),
          Surroundings.unnamed(new SplittableRandom(1)));
  private final StringBuilder table = new StringBuilder();

  @AfterEach
  void close() {
    group.shutdownGracefully();
  }

  /// A client and what it remembers.
  private static final class Session {
    final int number;
    String cookie = "";
    int at = -1;

    Session(int number) {
      this.number = number;
    }
  }

  private static Sticky sticky(String kind) throws UnknownVariable {
    Variables variables = new Variables();
    variables.declare("upstream_cookie_sid", _ -> null);
    variables.declare("cookie_sid", _ -> null);
    return switch (kind) {
      case "cookie" -> Sticky.Cookie.DEFAULT;
      case "learn" ->
          new Sticky.Learned(
              List.of(Template.compile("$upstream_cookie_sid", variables)),
              List.of(Template.compile("$cookie_sid", variables)),
              Duration.ofMinutes(10));
      default -> Sticky.Learned.byRequest(Template.compile("$remote_addr", variables));
    };
  }

  private static UpstreamServer server(int number, boolean isDraining) {
    return new UpstreamServer(
        "10.0.0." + number,
        80,
        1,
        0,
        1,
        Duration.ofMinutes(10),
        false,
        false,
        isDraining,
        Duration.ZERO,
        "");
  }

  private Cluster cluster(Sticky sticky, UpstreamServer... servers) {
    UpstreamConfig config =
        new UpstreamConfig(
            "up",
            List.of(servers),
            new Balancing.RoundRobin(),
            0,
            GuardConfig.defaults(),
            Optional.of(sticky));
    return clusters.replace(Map.of("up", config)).get("up");
  }

  /// One request of a session, as an exchange makes it.
  ///
  /// @param dead the number of the instance that refuses connections, or 0
  /// @return the number of the instance that answers
  private int ask(Cluster cluster, Session session, int dead) throws UnknownHostException {
    byte[] head =
        Octets.ascii(
            "GET / HTTP/1.1\r\nHost: test\r\n"
                + (session.cookie.isEmpty() ? "" : "Cookie: a=b; " + session.cookie + "\r\n")
                + "\r\n");
    worker.request.parse(head, 0, head.length);
    int n = session.number;
    var remote = InetAddress.getByAddress(new byte[] {10, 1, (byte) (n >> 8), (byte) n});
    Client client =
        new Client(
            new InetSocketAddress(remote, 1000),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 80));
    Tenure tenure = new Tenure(worker, cluster, new Request(client, worker.request, 0));
    assertThat(tenure.next()).isNotNegative();
    int at = number(tenure);
    if (at == dead) {
      tenure.failed(Cause.CONNECT, false);
      assertThat(tenure.next()).isNotNegative();
      at = number(tenure);
    }
    answer(session, tenure);
    tenure.answered(200);
    tenure.end();
    return at;
  }

  private static int number(Tenure tenure) {
    return Integer.parseInt(tenure.instance().address().substring("10.0.0.".length()));
  }

  /// The instance begins a session of its own if there is none.
  private void answer(Session session, Tenure tenure) {
    boolean isNew = !session.cookie.contains("sid=");
    String set = isNew ? "Set-Cookie: sid=s" + session.number + "; Path=/\r\n" : "";
    byte[] head = Octets.ascii("HTTP/1.1 200 OK\r\n" + set + "Content-Length: 0\r\n\r\n");
    System.arraycopy(head, 0, worker.scratch, 0, head.length);
    worker.response.parse(worker.scratch, 0, head.length);
    HeadWriter out = worker.writer.clear();
    tenure.bind(worker.response.headers(), out);
    String line = new String(out.bytes(), 0, out.length(), StandardCharsets.US_ASCII);
    if (!line.isEmpty()) {
      String own = line.substring("Set-Cookie: ".length(), line.indexOf(';'));
      session.cookie = "sid=s" + session.number + "; " + own;
    } else if (isNew) {
      session.cookie = "sid=s" + session.number;
    }
  }

  /// Everyone asks once more; those that move are exactly those that were where it says.
  private void all(
      String what, Cluster cluster, List<Session> sessions, int dead, IntPredicate moves)
      throws UnknownHostException {
    int moved = 0;
    int expected = 0;
    int wrong = 0;
    for (Session session : sessions) {
      int before = session.at;
      session.at = ask(cluster, session, dead);
      moved += session.at != before ? 1 : 0;
      expected += moves.test(before) ? 1 : 0;
      wrong += (session.at != before) == moves.test(before) ? 0 : 1;
    }
    table.append(
        "%-38s %6d of %d moved (%.1f %%)%n"
            .formatted(what, moved, sessions.size(), 100.0 * moved / sessions.size()));
    assertThat(wrong).as(what).isZero();
    assertThat(moved).as(what).isEqualTo(expected);
  }

  private List<Session> begin(Cluster cluster, int first, int count) throws UnknownHostException {
    List<Session> begun = new ArrayList<>();
    for (int i = first; i < first + count; i++) {
      Session session = new Session(i);
      session.at = ask(cluster, session, 0);
      begun.add(session);
    }
    return begun;
  }

  private static long at(List<Session> sessions, int number) {
    return sessions.stream().filter(session -> session.at == number).count();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cookie", "learn", "ip"})
  void onlyThoseMoveWhoseInstanceIsGone(String kind) throws Exception {
    Sticky sticky = sticky(kind);
    UpstreamServer one = server(1, false);
    UpstreamServer two = server(2, false);
    UpstreamServer three = server(3, false);
    UpstreamServer four = server(4, false);
    Cluster cluster = cluster(sticky, one, two, three, four);
    List<Session> sessions = begin(cluster, 0, SESSIONS);
    for (int i = 1; i <= 4; i++) {
      assertThat(at(sessions, i)).isEqualTo(SESSIONS / 4);
    }
    table.append("%nsticky %s, %d sessions on 4 instances%n".formatted(kind, SESSIONS));
    all("nothing happens", cluster, sessions, 0, _ -> false);

    UpstreamServer five = server(5, false);
    cluster = cluster(sticky, five, one, two, three, four);
    all("a fifth instance comes", cluster, sessions, 0, _ -> false);

    cluster = cluster(sticky, five, server(1, true), two, three, four);
    List<Session> late = begin(cluster, SESSIONS, 1000);
    assertThat(at(late, 1)).isZero();
    assertThat(at(late, 5)).isEqualTo(250);
    sessions.addAll(late);
    all("the first drains; 1000 new sessions", cluster, sessions, 0, _ -> false);

    cluster = cluster(sticky, five, two, three, four);
    all("its deadline: it is gone", cluster, sessions, 0, at -> at == 1);
    all("nothing happens", cluster, sessions, 0, _ -> false);

    all("the second dies", cluster, sessions, 2, at -> at == 2);
    all("nothing happens", cluster, sessions, 2, _ -> false);
    assertThat(at(sessions, 3) + at(sessions, 4) + at(sessions, 5)).isEqualTo(sessions.size());
    System.out.print(table);
  }
}
