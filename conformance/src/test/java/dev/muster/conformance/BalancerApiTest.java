package dev.muster.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A whole server tells what its balancer does, and why.
@Timeout(120)
class BalancerApiTest {
  @Test
  void theBalancerIsSeenThroughTheApi() throws Exception {
    try (RunningAgent agent = RunningAgent.dev();
        Client api = agent.api();
        Client traffic = agent.balancer();
        Upstream one = Upstream.named("one");
        Upstream two = Upstream.named("two")) {
      String tag = "\"Tags\": [\"urlprefix-/web\"]";
      api.put("agent/service/register", one.registration("web", "a", tag)).orFail();
      String failing = tag + ", \"Check\": {\"Name\": \"heart\", \"TTL\": \"1h\"}";
      api.put("agent/service/register", two.registration("web", "b", failing)).orFail();
      Eventually.holds("served", () -> traffic.get("/web"), Client.Answer::isOk);

      assertThat(api.get("balancer/table").orFail().json().at("/Routes/0/Path").asString())
          .isEqualTo("/web");
      assertThat(api.get("balancer/instances").orFail().body())
          .contains("\"State\": \"up\"", "check \\\"heart\\\" is critical");
      assertThat(api.get("balancer/explain?path=/web/x").orFail().json().at("/Instance").asString())
          .isEqualTo(agent.nodeName() + "/a");
      assertThat(api.get("balancer/explain?path=/web&client=nobody").status()).isEqualTo(400);
      String prometheus = api.get("agent/metrics?format=prometheus").orFail().body();
      assertThat(prometheus)
          .contains("# TYPE muster_balancer_location_seconds histogram\n")
          .containsPattern(
              "muster_balancer_location_seconds_bucket\\{le=\"\\+Inf\",location=\"route /web\","
                  + "server=\"\"} [1-9]");
      assertThat(api.get("balancer/metrics").orFail().body()).contains("muster_balancer_request ");
      Muster.Ended shown = Muster.run("balancer", "status", "-http-addr=" + agent.httpAddress());
      assertThat(shown.out()).contains("route /web", "unhealthy", "heart");
    }
  }
}
