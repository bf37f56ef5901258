package dev.muster.conformance;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A client of one server, over HTTP/1.1, with as many connections as it has requests at a time.
public final class Client implements AutoCloseable {
  private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(30);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String base;

  /// @param base what stands before every path
  public Client(String base) {
    this.base = base;
  }

  public record Answer(int status, String body, HttpHeaders headers) {
    public boolean isOk() {
      return status == 200;
    }

    public JsonNode json() {
      return JsonMapper.shared().readTree(body);
    }

    /// The index to wait after.
    public long index() {
      return headers.firstValueAsLong("X-Consul-Index").orElseThrow();
    }

    public Answer orFail() {
      if (!isOk()) {
        throw new AssertionError("answered " + status + ": " + body);
      }
      return this;
    }
  }

  public Answer get(String path) throws IOException {
    return send("GET", path, "");
  }

  public Answer put(String path, String body) throws IOException {
    return send("PUT", path, body);
  }

  public Answer delete(String path) throws IOException {
    return send("DELETE", path, "");
  }

  /// @throws IOException if there was no answer: what was asked for may be done or not
  private Answer send(String method, String path, String body) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(ANSWERS_WITHIN)
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.body(), response.headers());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
