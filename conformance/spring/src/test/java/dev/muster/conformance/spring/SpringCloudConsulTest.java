package dev.muster.conformance.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.conformance.Client;
import dev.muster.conformance.Eventually;
import dev.muster.conformance.RunningAgent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.context.ConfigurableApplicationContext;

/// An application with Spring Cloud Consul and nothing else: it registers itself, finds others, and
/// follows its configuration.
@Timeout(180)
class SpringCloudConsulTest {
  private static RunningAgent agent;

  @BeforeAll
  static void start() throws IOException {
    agent = RunningAgent.dev();
  }

  @AfterAll
  static void stop() {
    agent.close();
  }

  @SpringBootConfiguration
  @EnableAutoConfiguration
  static class Application {}

  private static ConfigurableApplicationContext run(String name, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--spring.application.name=" + name,
                "--server.port=0",
                "--spring.config.import=optional:consul:" + agent.httpAddress(),
                "--spring.cloud.consul.host=127.0.0.1",
                "--spring.cloud.consul.port=" + agent.httpPort(),
                "--spring.cloud.consul.discovery.hostname=127.0.0.1",
                "--spring.cloud.consul.discovery.instance-id=${spring.application.name}-1",
                "--spring.cloud.consul.discovery.heartbeat.enabled=true",
                "--spring.cloud.consul.discovery.query-passing=true",
                // It ends only after the query that it waits in.
                "--spring.cloud.consul.config.watch.wait-time=1",
                "--spring.main.banner-mode=off",
                "--logging.level.root=warn"));
    arguments.addAll(List.of(more));
    return new SpringApplicationBuilder(Application.class).run(arguments.toArray(String[]::new));
  }

  @Test
  void anApplicationIsFoundWhileItIsHealthy() throws Exception {
    try (ConfigurableApplicationContext client = run("client");
        Client api = agent.api()) {
      DiscoveryClient discovery = client.getBean(DiscoveryClient.class);
      assertThat(discovery.getInstances("shop")).isEmpty();
      ConfigurableApplicationContext shop =
          run("shop", "--spring.cloud.consul.discovery.tags=blue");
      try {
        List<ServiceInstance> found =
            Eventually.holds("found", () -> discovery.getInstances("shop"), it -> it.size() == 1);
        String port = shop.getEnvironment().getProperty("local.server.port");
        assertThat(found.getFirst().getUri()).hasToString("http://127.0.0.1:" + port);
        assertThat(discovery.getServices()).contains("shop", "client");

        api.put("agent/service/maintenance/shop-1?enable=true", "").orFail();
        Eventually.holds("out of service", () -> discovery.getInstances("shop"), List::isEmpty);
        api.put("agent/service/maintenance/shop-1?enable=false", "").orFail();
        Eventually.holds("back", () -> discovery.getInstances("shop"), it -> it.size() == 1);
      } finally {
        shop.close();
      }
      assertThat(discovery.getInstances("shop")).as("deregistered when it ended").isEmpty();
    }
  }

  @Test
  void configurationIsReadAndFollowed() throws Exception {
    try (Client api = agent.api()) {
      api.put("kv/config/application/colour", "green").orFail();
      api.put("kv/config/painter/size", "7").orFail();
      try (ConfigurableApplicationContext painter =
          run("painter", "--spring.cloud.consul.config.watch.delay=50")) {
        assertThat(painter.getEnvironment().getProperty("colour")).isEqualTo("green");
        assertThat(painter.getEnvironment().getProperty("size")).isEqualTo("7");

        api.put("kv/config/painter/size", "8").orFail();
        Eventually.holds(
            "the new size",
            () -> painter.getEnvironment().getProperty("size"),
            size -> "8".equals(size));
        api.put("kv/config/painter/colour", "red").orFail();
        Eventually.holds(
            "the application's own colour",
            () -> painter.getEnvironment().getProperty("colour"),
            colour -> "red".equals(colour));
      }
    }
  }
}
