package dev.muster.services.user;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.services.starter.Databases;
import dev.muster.services.starter.RunningService;
import dev.muster.services.starter.RunningService.Answer;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// A PostgreSQL that hangs.
class HangingDatabaseTest {
  @Test
  void gives503WithinSecondsAndIsFoundAgain() throws Exception {
    String url = Databases.postgres();
    try (var proxy = new FreezingProxy(Databases.postgresPort());
        var service =
            RunningService.start(
                UserService.class,
                url.replace(":" + Databases.postgresPort() + "/", ":" + proxy.port() + "/"))) {
      assertThat(service.put("/users/a", "{\"user_info\":1}").status()).isEqualTo(200);
      proxy.freeze();
      for (int i = 0; i < 2; i++) {
        Instant start = Instant.now();
        Answer answer = service.put("/users/a", "{\"user_info\":2}");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.type()).isEqualTo("application/problem+json");
        assertThat(answer.header("Retry-After")).isEqualTo("1");
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(8));
      }
      Answer ready = service.get("/healthz/ready");
      assertThat(ready.status()).isEqualTo(503);
      assertThat(ready.body()).contains("The store does not answer");
      proxy.thaw();
      Instant patience = Instant.now().plusSeconds(10);
      while (service.get("/healthz/ready").status() != 200) {
        assertThat(Instant.now()).isBefore(patience);
      }
      assertThat(service.put("/users/a", "{\"user_info\":3}").status()).isEqualTo(200);
      assertThat(service.get("/users/a").body()).isEqualTo("{\"user_info\":3}");
    }
  }
}
