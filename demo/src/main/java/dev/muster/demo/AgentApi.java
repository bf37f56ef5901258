package dev.muster.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the demo asks the agent, over Consul's API like anybody else.
final class AgentApi {
  private final HttpClient http;
  private final String base;

  AgentApi(HttpClient http, int port) {
    this.http = http;
    this.base = "http://127.0.0.1:" + port;
  }

  /// The passing instances of a service, and the index to wait for the next change with.
  record Passing(long index, List<Instance> instances) {}

  record Instance(String id, int port) {}

  /// Answers once the state is later than the index, or after the wait.
  Passing passing(String service, long index, Duration wait)
      throws IOException, InterruptedException {
    String path =
        "/v1/health/service/%s?passing&index=%d&wait=%dms"
            .formatted(service, index, Math.max(1, wait.toMillis()));
    HttpResponse<String> response = get(path, wait.plusSeconds(30));
    List<Instance> instances = new ArrayList<>();
    for (JsonNode entry : JsonMapper.shared().readTree(response.body())) {
      JsonNode one = entry.path("Service");
      instances.add(new Instance(one.path("ID").asString(), one.path("Port").asInt()));
    }
    long later = response.headers().firstValueAsLong("X-Consul-Index").orElse(1);
    return new Passing(later, instances);
  }

  /// The balancer's count of requests that it sent once more.
  long balancerRetries() throws IOException, InterruptedException {
    JsonNode metrics =
        JsonMapper.shared().readTree(get("/v1/agent/metrics", Duration.ofSeconds(30)).body());
    for (JsonNode counter : metrics.path("Counters")) {
      if (counter.path("Name").asString().equals("muster.balancer.retry")) {
        return counter.path("Count").asLong();
      }
    }
    return 0;
  }

  private HttpResponse<String> get(String path, Duration timeout)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(base + path)).timeout(timeout).GET().build();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(
          "the agent answered %d to %s: %s"
              .formatted(response.statusCode(), path, response.body()));
    }
    return response;
  }
}
