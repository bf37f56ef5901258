package dev.muster.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// How soon a change of the catalog is a change of the traffic: from the API's answer, and from the
/// sending of the change, to the first answer through the balancer that obeys it.
@Timeout(180)
class RoutingLatencyTest {
  private static final int CYCLES = 30;

  /// Generous: other programs may keep the machine busy. The aim is 50 ms.
  private static final double P99_MILLIS_MAX = 1000;

  /// How long one change is waited for.
  private static final long OBEYED_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(20);

  private static final String ROUTE = "\"Tags\": [\"urlprefix-/routed\"]";
  private static final String CHECK =
      ROUTE + ", \"Check\": {\"CheckID\": \"beat\", \"TTL\": \"10m\", \"Status\": \"passing\"}";

  private final List<Double> sinceAnswer = new ArrayList<>();
  private final List<Double> sinceSending = new ArrayList<>();
  private final Map<String, List<Double>> byKind = new TreeMap<>();

  @Test
  void aChangeIsObeyedAtOnce() throws Exception {
    try (RunningAgent agent = RunningAgent.dev();
        Client api = agent.api();
        Client traffic = agent.balancer();
        Upstream one = Upstream.named("one");
        Upstream two = Upstream.named("two")) {
      String register = "agent/service/register";
      String maintenance = "agent/service/maintenance/instance?reason=test&enable=";
      for (int i = 0; i < CYCLES; i++) {
        change("register", api, register, one.registration("routed", "instance", CHECK));
        obeyed("register", traffic, "one");
        change("maintenance on", api, maintenance + "true", "");
        obeyed("maintenance on", traffic, "503");
        change("maintenance off", api, maintenance + "false", "");
        obeyed("maintenance off", traffic, "one");
        change("critical", api, "agent/check/fail/beat", "");
        obeyed("critical", traffic, "503");
        change("passing", api, "agent/check/pass/beat", "");
        obeyed("passing", traffic, "one");
        change("moved", api, register, two.registration("routed", "instance", CHECK));
        obeyed("moved", traffic, "two");
        change("deregister", api, "agent/service/deregister/instance", "");
        obeyed("deregister", traffic, "404");
      }
    }
    report();
    assertThat(percentile(sinceAnswer, 99)).as("p99 in ms").isLessThan(P99_MILLIS_MAX);
  }

  private long sentAt;
  private long answeredAt;

  private void change(String kind, Client api, String path, String body) throws IOException {
    sentAt = System.nanoTime();
    Client.Answer answer = api.put(path, body);
    answeredAt = System.nanoTime();
    assertThat(answer.status()).as("%s: %s", kind, answer.body()).isEqualTo(200);
  }

  /// Sends requests, one after another, until one is treated as it should be.
  private void obeyed(String kind, Client traffic, String wanted) throws IOException {
    String treated;
    do {
      Client.Answer answer = traffic.get("/routed");
      treated = answer.isOk() ? answer.body() : Integer.toString(answer.status());
      if (System.nanoTime() - answeredAt > OBEYED_WITHIN_NANOS) {
        throw new AssertionError("%s: still %s, want %s".formatted(kind, treated, wanted));
      }
    } while (!treated.equals(wanted));
    long now = System.nanoTime();
    sinceAnswer.add((now - answeredAt) / 1e6);
    sinceSending.add((now - sentAt) / 1e6);
    byKind.computeIfAbsent(kind, _ -> new ArrayList<>()).add((now - answeredAt) / 1e6);
  }

  private void report() {
    System.out.printf(
        "routing: %d changes; from the API's answer p50 %.2f ms, p99 %.2f ms, max %.2f ms; from"
            + " sending p50 %.2f ms, p99 %.2f ms%n",
        sinceAnswer.size(),
        percentile(sinceAnswer, 50),
        percentile(sinceAnswer, 99),
        percentile(sinceAnswer, 100),
        percentile(sinceSending, 50),
        percentile(sinceSending, 99));
    byKind.forEach(
        (kind, millis) ->
            System.out.printf(
                "routing:   %s: p50 %.2f ms, max %.2f ms%n",
                kind, percentile(millis, 50), percentile(millis, 100)));
  }

  private static double percentile(List<Double> values, int percent) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(Math.ceilDiv(sorted.size() * percent, 100) - 1);
  }
}
