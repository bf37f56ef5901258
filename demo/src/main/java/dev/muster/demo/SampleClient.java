package dev.muster.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A client of one sample service, through the balancer. A write that may or may not have been done
/// is repeated with the same id, a read never: the balancer must not let one fail.
final class SampleClient {
  private static final int REPEATS_MAX = 3;
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final HttpClient http;
  private final DemoConfig.Sample sample;
  private final String base;
  private final Tally tally;

  SampleClient(HttpClient http, DemoConfig.Sample sample, int balancerPort, Tally tally) {
    this.http = http;
    this.sample = sample;
    this.base = "http://127.0.0.1:" + balancerPort + sample.path();
    this.tally = tally;
  }

  /// Whether the write was acknowledged.
  boolean create(String id, String info) throws InterruptedException {
    Map<String, String> body = Map.of(sample.idMember(), id, sample.infoMember(), info);
    return write("POST", base, body, 201);
  }

  /// Whether the write was acknowledged.
  boolean update(String id, String info) throws InterruptedException {
    return write("PUT", base + "/" + id, Map.of(sample.infoMember(), info), 200);
  }

  private boolean write(String method, String uri, Map<String, String> body, int expected)
      throws InterruptedException {
    String what = method + " " + uri;
    String answer = "";
    for (int i = 0; i <= REPEATS_MAX; i++) {
      if (i > 0) {
        tally.repeated();
      }
      try {
        HttpResponse<String> response =
            send(
                HttpRequest.newBuilder(URI.create(uri))
                    .header("Content-Type", "application/json")
                    .method(
                        method,
                        HttpRequest.BodyPublishers.ofByteArray(
                            JsonMapper.shared().writeValueAsBytes(body))));
        if (response.statusCode() == expected) {
          served(response);
          return true;
        }
        answer = response.statusCode() + " " + response.body();
        if (response.statusCode() < 500) {
          break;
        }
      } catch (IOException e) {
        answer = e.toString();
      }
    }
    tally.failed(what + ": " + answer);
    return false;
  }

  /// What is stored under the id; empty, and counted as failed, if it cannot be read.
  Optional<String> read(String id) throws InterruptedException {
    String what = "GET " + base + "/" + id;
    try {
      HttpResponse<String> response = send(HttpRequest.newBuilder(URI.create(base + "/" + id)));
      if (response.statusCode() == 200) {
        served(response);
        JsonNode answer = JsonMapper.shared().readTree(response.body());
        return Optional.of(answer.path(sample.infoMember()).asString());
      }
      tally.failed(what + ": " + response.statusCode() + " " + response.body());
    } catch (IOException | JacksonException e) {
      tally.failed(what + ": " + e);
    }
    return Optional.empty();
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.timeout(TIMEOUT).build(), HttpResponse.BodyHandlers.ofString());
  }

  private void served(HttpResponse<String> response) {
    tally.served(response.headers().firstValue("X-Instance-Id").orElse("unknown"));
  }
}
