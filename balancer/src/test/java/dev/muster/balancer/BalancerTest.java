package dev.muster.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.balancer.RawClient.Response;
import dev.muster.balancer.config.BalancerConfig;
import dev.muster.balancer.upstream.Endpoint;
import dev.muster.balancer.upstream.Endpoint.State;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The life of plain requests: routed, forwarded, answered, kept alive.
class BalancerTest {
  private Balancer balancer;

  @BeforeEach
  void start() {
    balancer = Balancer.start(BalancerConfig.defaults().withListen("127.0.0.1", 0));
  }

  @AfterEach
  void stop() {
    balancer.close();
  }

  static Endpoint endpoint(String id, int port, String... tags) {
    return new Endpoint(id, "app", "127.0.0.1", port, 1, State.PASSING, List.of(tags));
  }

  @Test
  void forwardsWhatItWasAsked() throws Exception {
    try (RawUpstream app = RawUpstream.answering("hello");
        RawClient client = new RawClient(balancer.port())) {
      balancer.endpoints().replace("app", List.of(endpoint("a", app.port(), "urlprefix-/users")));
      Response response = client.get("/users/7?x=1");
      assertThat(response.status()).isEqualTo(200);
      assertThat(response.body()).isEqualTo("hello");
      assertThat(app.heads.getFirst())
          .isEqualTo(
              "GET /users/7?x=1 HTTP/1.1\r\nHost: test\r\nX-Forwarded-For: 127.0.0.1\r\n"
                  + "X-Forwarded-Proto: http\r\nX-Forwarded-Host: test\r\n\r\n");
      assertThat(client.get("/users").body()).isEqualTo("hello");
      assertThat(app.connections).hasValue(1);
      assertThat(client.get("/users2").status()).isEqualTo(404);
      assertThat(client.get("/users").body()).isEqualTo("hello");
    }
  }
}
