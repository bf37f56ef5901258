package dev.muster.services.user;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.services.starter.Databases;
import dev.muster.services.starter.RunningService;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class RegistrationTest {
  private static RunningService start(int agentPort, String... arguments) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "--spring.cloud.consul.port=" + agentPort,
                "--service.registration-interval=100ms",
                "--service.drain=300ms"));
    all.addAll(List.of(arguments));
    return RunningService.start(UserService.class, Databases.h2(), all.toArray(String[]::new));
  }

  @Test
  void registersItselfWithACheckAndLeaves() throws Exception {
    try (var consul = new ConsulStub(0)) {
      String id;
      try (var service =
          start(
              consul.port(),
              "--spring.cloud.consul.discovery.health-check-interval=1s",
              "--spring.cloud.consul.discovery.health-check-critical-timeout=1m")) {
        JsonNode registration = consul.nextRegistration();
        id = registration.path("ID").asString();
        assertThat(id).isEqualTo(service.get("/healthz/live").header("X-Instance-Id"));
        assertThat(registration.path("Name").asString()).isEqualTo("user-service");
        assertThat(registration.path("Address").asString()).isEqualTo("127.0.0.1");
        assertThat(registration.path("Port").asInt()).isEqualTo(service.port());
        assertThat(registration.path("Tags").valueStream().map(JsonNode::asString))
            .containsExactly("http", "urlprefix-/users");
        JsonNode check = registration.path("Check");
        assertThat(check.path("HTTP").asString())
            .isEqualTo("http://127.0.0.1:" + service.port() + "/healthz/ready");
        assertThat(check.path("Interval").asString()).isEqualTo("1s");
        assertThat(check.path("DeregisterCriticalServiceAfter").asString()).isEqualTo("1m");
        assertThat(service.get("/healthz/ready").status()).isEqualTo(200);
      }
      assertThat(consul.nextDeregistration()).isEqualTo(id);
      assertThat(consul.registrationsWaiting()).isZero();
    }
  }

  @Test
  void itsIdIsRandomOrTheGivenOne() throws Exception {
    try (var consul = new ConsulStub(0);
        var _ = start(consul.port())) {
      assertThat(consul.nextRegistration().path("ID").asString())
          .matches("user-service-[0-9a-f]{32}");
      try (var given = start(consul.port(), "--spring.cloud.consul.discovery.instance-id=user-7")) {
        assertThat(consul.nextRegistration().path("ID").asString()).isEqualTo("user-7");
        assertThat(given.get("/healthz/live").header("X-Instance-Id")).isEqualTo("user-7");
      }
    }
  }

  @Test
  void registersAgainWhenTheAgentForgotIt() throws Exception {
    try (var consul = new ConsulStub(0);
        var _ = start(consul.port())) {
      JsonNode first = consul.nextRegistration();
      consul.forgetEverything();
      assertThat(consul.nextRegistration()).isEqualTo(first);
    }
  }

  @Test
  void replacesTheEntryOfAPredecessorThatWasKilled() throws Exception {
    try (var consul = new ConsulStub(0)) {
      consul.pretend("user-service", "user-7", 1);
      try (var service =
          start(consul.port(), "--spring.cloud.consul.discovery.instance-id=user-7")) {
        assertThat(consul.nextRegistration().path("Port").asInt()).isEqualTo(service.port());
      }
    }
  }

  @Test
  void servesWithoutAnAgentAndRegistersOnceThereIsOne() throws Exception {
    int port;
    try (var consul = new ConsulStub(0)) {
      port = consul.port();
    }
    try (var service = start(port)) {
      assertThat(service.get("/healthz/ready").status()).isEqualTo(200);
      try (var consul = new ConsulStub(port)) {
        assertThat(consul.nextRegistration().path("Port").asInt()).isEqualTo(service.port());
      }
    }
  }

  @Test
  void leavesFirstThenFinishesWhatIsInFlight() throws Exception {
    String body = "{\"user_id\":\"late\",\"user_info\":1}";
    String head =
        """
        POST /users HTTP/1.1\r
        Host: a\r
        Content-Type: application/json\r
        Content-Length: %d\r
        \r
        """
            .formatted(body.length());
    try (var consul = new ConsulStub(0);
        var service = start(consul.port());
        var socket = new Socket("127.0.0.1", service.port())) {
      consul.nextRegistration();
      send(socket, head + body.substring(0, 10));
      Thread stop = Thread.ofVirtual().start(service::close);
      consul.nextDeregistration();
      try (var late = new Socket("127.0.0.1", service.port())) {
        send(late, "GET /healthz/ready HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(new String(late.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
            .startsWith("HTTP/1.1 503")
            .contains("Connection: close", "shutting down");
      }
      // The port is shut after the drain; what was begun before may still end.
      assertThat(stop.join(Duration.ofMillis(1000))).isFalse();
      send(socket, body.substring(10));
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .startsWith("HTTP/1.1 201")
          .contains("{\"user_id\":\"late\"}");
      assertThat(stop.join(Duration.ofSeconds(10))).isTrue();
    }
  }

  private static void send(Socket socket, String text) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(text.getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }
}
