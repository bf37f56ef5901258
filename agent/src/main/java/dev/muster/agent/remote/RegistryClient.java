package dev.muster.agent.remote;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Questions to a registry's API that may wait for a change. Thread-safe; blocks.
final class RegistryClient {
  private static final Duration WAIT = Duration.ofMinutes(5);
  private static final Duration GRACE = Duration.ofSeconds(30);
  private static final int ANSWER_BYTES_MAX = 64 << 20;

  private final HttpClient client;
  private final URI base;
  private final String token;

  /// An answer.
  ///
  /// @param index to wait after
  record Answer(JsonNode json, long index) {}

  /// @param base such as `http://127.0.0.1:8500`
  /// @param token empty for none
  RegistryClient(URI base, String token) {
    this.base = base;
    this.token = token;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
  }

  /// Asks once, waiting for a change after an index; with 0 for nothing.
  ///
  /// @throws IOException if there is no answer of any use
  Answer get(String path, long index) throws IOException, InterruptedException {
    String query = index > 0 ? "?index=" + index + "&wait=" + WAIT.toSeconds() + "s" : "";
    HttpRequest.Builder request =
        HttpRequest.newBuilder(base.resolve("/v1/" + path + query))
            .timeout(index > 0 ? WAIT.plus(WAIT.dividedBy(16)).plus(GRACE) : GRACE);
    if (!token.isEmpty()) {
      request.header("X-Consul-Token", token);
    }
    HttpResponse<InputStream> response = client.send(request.build(), BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      byte[] bytes = body.readNBytes(ANSWER_BYTES_MAX);
      if (response.statusCode() != 200) {
        throw new IOException(path + " is answered with status " + response.statusCode());
      }
      JsonNode json = JsonMapper.shared().readTree(bytes);
      long next = response.headers().firstValueAsLong("X-Consul-Index").orElse(0);
      return new Answer(json, Math.max(1, next));
    } catch (JacksonException | NumberFormatException e) {
      throw new IOException(path + " is not answered in JSON", e);
    }
  }

  /// A name as a part of a path.
  static String encoded(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  void close() {
    client.shutdownNow();
  }
}
