package dev.muster.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Configuration entries of the registry decide where requests go, the moment they are written.
@Timeout(180)
class ServiceRulesTest {
  private static final String HTTP =
      """
      {"Kind": "proxy-defaults", "Name": "global", "Config": {"protocol": "http"}}
      """;
  private static final String TAGS =
      "\"Tags\": [\"urlprefix-/web\"], \"Meta\": {\"version\": \"%s\"}";
  private static final String CHECK =
      ", \"Check\": {\"CheckID\": \"%s\", \"TTL\": \"10m\", \"Status\": \"passing\"}";

  private static void write(Client api, String entry) throws IOException {
    api.put("config", entry).orFail();
  }

  private static void register(Client api, Upstream at, String version) throws IOException {
    String more = TAGS.formatted(version) + CHECK.formatted("beat-" + version);
    api.put("agent/service/register", at.registration("web", "web-" + version, more)).orFail();
  }

  /// Waits until a request is treated as it should be.
  private static void treated(Client traffic, String path, String wanted) {
    Eventually.holds(
        path + " is answered by " + wanted,
        () -> {
          Client.Answer answer = traffic.get(path);
          return answer.isOk() ? answer.body() : Integer.toString(answer.status());
        },
        wanted::equals);
  }

  @Test
  void routersSplittersAndResolversDecide() throws Exception {
    try (RunningAgent agent = RunningAgent.dev();
        Client api = agent.api();
        Client traffic = agent.balancer();
        Upstream one = Upstream.named("one");
        Upstream two = Upstream.named("two");
        Upstream spare = Upstream.named("spare")) {
      register(api, one, "1");
      register(api, two, "2");
      api.put("agent/service/register", spare.registration("spare", "spare", "")).orFail();
      write(api, HTTP);
      write(
          api,
          """
          {"Kind": "service-resolver", "Name": "web", "DefaultSubset": "v1",
           "Subsets": {"v1": {"Filter": "Service.Meta.version == 1"},
                       "v2": {"Filter": "Service.Meta.version == 2"}},
           "Failover": {"v1": {"Service": "spare"}}}
          """);
      treated(traffic, "/web/a", "one");
      write(
          api,
          """
          {"Kind": "service-router", "Name": "web", "Routes": [
            {"Match": {"HTTP": {"PathPrefix": "/web/beta"}},
             "Destination": {"ServiceSubset": "v2"}}]}
          """);
      treated(traffic, "/web/beta", "two");
      for (int i = 0; i < 20; i++) {
        assertThat(traffic.get("/web/a").body()).isEqualTo("one");
        assertThat(traffic.get("/web/beta").body()).isEqualTo("two");
      }
      write(
          api,
          """
          {"Kind": "service-splitter", "Name": "web", "Meta": {"sticky": "none"}, "Splits": [
            {"Weight": 10, "ServiceSubset": "v2"}, {"Weight": 90, "ServiceSubset": "v1"}]}
          """);
      treated(traffic, "/web/a", "two");
      AtomicInteger canaries = new AtomicInteger();
      for (int i = 0; i < 1000; i++) {
        canaries.addAndGet(traffic.get("/web/a").body().equals("two") ? 1 : 0);
      }
      assertThat(canaries.get()).isBetween(50, 160);
      api.delete("config/service-splitter/web").orFail();
      api.put("agent/check/fail/beat-1", "").orFail();
      treated(traffic, "/web/a", "spare");
      api.put("agent/check/pass/beat-1", "").orFail();
      treated(traffic, "/web/a", "one");
      write(
          api,
          """
          {"Kind": "service-resolver", "Name": "spare",
           "Redirect": {"Service": "web", "ServiceSubset": "v2"}}
          """);
      api.put("agent/check/fail/beat-1", "").orFail();
      treated(traffic, "/web/a", "two");
    }
  }

  @Test
  void aGatewayServesItsHosts() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    try (RunningAgent agent = RunningAgent.dev();
        Client api = agent.api();
        Client gateway = new Client("http://localhost:" + port);
        Upstream one = Upstream.named("one")) {
      register(api, one, "1");
      write(api, HTTP);
      write(
          api,
          """
          {"Kind": "ingress-gateway", "Name": "front", "Listeners": [
            {"Port": %d, "Protocol": "http", "Services": [
              {"Name": "web", "Hosts": ["localhost"],
               "ResponseHeaders": {"Add": {"X-Gate": "front"}}}]}]}
          """
              .formatted(port));
      Eventually.holds(
          "the gateway is open",
          () -> {
            try {
              return gateway.get("/any").isOk();
            } catch (IOException e) {
              return false;
            }
          },
          isOpen -> isOpen);
      Client.Answer answer = gateway.get("/any");
      assertThat(answer.body()).isEqualTo("one");
      assertThat(answer.headers().firstValue("X-Gate")).contains("front");
      try (Client other = new Client("http://127.0.0.1:" + port)) {
        assertThat(other.get("/any").status()).isEqualTo(404);
      }
    }
  }

  @Test
  void aDrainLosesNothing() throws Exception {
    try (RunningAgent agent = RunningAgent.dev();
        Client api = agent.api();
        Client traffic = agent.balancer();
        Upstream one = Upstream.named("one");
        Upstream two = Upstream.named("two")) {
      register(api, one, "1");
      register(api, two, "2");
      treated(traffic, "/web", "one");
      for (int round = 0; round < 3; round++) {
        ProcessOutput drained =
            ProcessOutput.of(Muster.command("drain", "-http-addr=" + agent.httpAddress(), "web-1"));
        assertThat(drained.exitCode()).as(drained.text()).isZero();
        Eventually.holds(
            "nobody gets to it",
            () -> {
              int found = 0;
              for (int i = 0; i < 10; i++) {
                found += traffic.get("/web").orFail().body().equals("one") ? 1 : 0;
              }
              return found;
            },
            found -> found == 0);
        ProcessOutput back =
            ProcessOutput.of(
                Muster.command("drain", "-http-addr=" + agent.httpAddress(), "-undo", "web-1"));
        assertThat(back.exitCode()).as(back.text()).isZero();
        treated(traffic, "/web", "one");
      }
    }
  }

  @Test
  void aBalancerAloneFollowsARegistry() throws Exception {
    try (RunningAgent agent = RunningAgent.dev();
        Client api = agent.api();
        Upstream one = Upstream.named("one");
        Upstream two = Upstream.named("two");
        RunningAgent alone =
            RunningAgent.launch(
                Muster.command("balancer", "-http-addr=" + agent.httpAddress(), "-port=0"));
        Client traffic = alone.balancer()) {
      register(api, one, "1");
      treated(traffic, "/web", "one");
      register(api, two, "2");
      treated(traffic, "/web", "two");
      write(api, HTTP);
      write(
          api,
          """
          {"Kind": "service-resolver", "Name": "web", "DefaultSubset": "v2",
           "Subsets": {"v2": {"Filter": "Service.Meta.version == 2"}}}
          """);
      Eventually.holds(
          "only the default subset is asked",
          () -> {
            int found = 0;
            for (int i = 0; i < 10; i++) {
              found += traffic.get("/web").orFail().body().equals("one") ? 1 : 0;
            }
            return found;
          },
          found -> found == 0);
      agent.kill9();
      for (int i = 0; i < 20; i++) {
        assertThat(traffic.get("/web").orFail().body()).isEqualTo("two");
      }
    }
  }

  @Test
  void aFileIsServedBesideTheRoutes(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("nginx.conf");
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    String server = "server { listen 127.0.0.1:%d; location / { return 200 %s; } }\n";
    Files.writeString(file, server.formatted(port, "before"));
    try (RunningAgent agent = RunningAgent.dev("-balancer-config", file.toString());
        Client api = agent.api();
        Client traffic = new Client("http://127.0.0.1:" + port)) {
      assertThat(traffic.get("/").orFail().body()).isEqualTo("before");
      Files.writeString(file, "server { listen }");
      assertThat(api.put("agent/reload", "").status()).isEqualTo(500);
      assertThat(traffic.get("/").orFail().body()).isEqualTo("before");
      Files.writeString(file, server.formatted(port, "after"));
      treated(traffic, "/", "after");
    }
  }
}
