package dev.muster.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The balancer goes on following the registry, whatever is registered and however the server was
/// started.
@Timeout(120)
class FollowingTest {
  private static final long FOLLOWED_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(20);

  @Test
  void namesThatDifferByCaseAreOneService() throws Exception {
    try (RunningAgent agent = RunningAgent.dev();
        Client api = agent.api();
        Client traffic = agent.balancer();
        Upstream one = Upstream.named("one");
        Upstream two = Upstream.named("two")) {
      register(api, one.registration("Web", "a", "\"Tags\": [\"urlprefix-/web\"]"));
      register(api, two.registration("web", "b", "\"Tags\": [\"urlprefix-/web\"]"));
      register(api, two.registration("later", "c", "\"Tags\": [\"urlprefix-/later\"]"));

      await(traffic, "/later", "two");
      await(traffic, "/web", "one");
      await(traffic, "/web", "two");
    }
  }

  @Test
  void aServerUnderAnotherNameTakesItsServicesAlong(@TempDir Path folder) throws Exception {
    try (Upstream one = Upstream.named("one")) {
      try (RunningAgent agent = RunningAgent.on(folder, "-node=former");
          Client api = agent.api()) {
        register(api, one.registration("web", "a", "\"Tags\": [\"urlprefix-/web\"]"));
        agent.stop();
      }
      try (RunningAgent agent = RunningAgent.on(folder, "-node=latter");
          Client api = agent.api();
          Client traffic = agent.balancer()) {
        await(traffic, "/web", "one");
        assertThat(api.get("catalog/nodes").body()).contains("latter").doesNotContain("former");
        assertThat(api.get("agent/services").body()).contains("\"a\"");
      }
    }
  }

  @Test
  void aPortOfAnotherBalancerIsTaken() throws Exception {
    try (RunningAgent agent = RunningAgent.dev()) {
      int port = agent.balancerPort();
      Muster.Ended refused =
          Muster.run("agent", "-dev", "-http-port=0", "-server-port=0", "-balancer-port=" + port);
      assertThat(refused.exitCode()).isEqualTo(1);
      assertThat(refused.err()).contains("balancer", ":" + port, "in use");
    }
  }

  private static void register(Client api, String body) throws Exception {
    assertThat(api.put("agent/service/register", body).status()).isEqualTo(200);
  }

  /// Sends requests, one after another, until one is answered so.
  private static void await(Client traffic, String path, String wanted) throws Exception {
    long deadline = System.nanoTime() + FOLLOWED_WITHIN_NANOS;
    String answer = "";
    while (!answer.contains(wanted)) {
      assertThat(System.nanoTime()).as("%s: still %s", path, answer).isLessThan(deadline);
      answer = traffic.get(path).body();
    }
  }
}
