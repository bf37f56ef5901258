package dev.muster.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Asks an agent, over Consul's API.
final class ApiClient {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final String base;

  /// @param address `host:port` or a URL
  ApiClient(String address) {
    base = address.contains("://") ? address.replaceAll("/+$", "") : "http://" + address;
  }

  /// What the agent answered, whatever the status.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Answer(int status, byte[] body) {
    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    boolean isOk() {
      return status >= 200 && status < 300;
    }

    /// @throws CommandFailed with the agent's words, unless it said yes
    Answer orFail(String what) {
      if (!isOk()) {
        throw new CommandFailed(
            "Error %s: Unexpected response code: %d (%s)".formatted(what, status, text().strip()));
      }
      return this;
    }

    JsonNode json() {
      try {
        return JsonMapper.shared().readTree(body);
      } catch (JacksonException e) {
        throw new CommandFailed("Error: the agent's answer is not JSON: " + text().strip());
      }
    }
  }

  Answer get(String path) {
    return send("GET", path, null);
  }

  Answer put(String path, byte[] body) {
    return send("PUT", path, body);
  }

  Answer delete(String path) {
    return send("DELETE", path, null);
  }

  /// Makes text fit for a part of a path; slashes stay.
  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20").replace("%2F", "/");
  }

  private Answer send(String method, String path, byte @Nullable [] body) {
    try {
      URI uri = URI.create(base + path);
      HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
      connection.setRequestMethod(method);
      connection.setConnectTimeout((int) TIMEOUT.toMillis());
      connection.setReadTimeout((int) TIMEOUT.toMillis());
      if (body != null) {
        connection.setDoOutput(true);
        connection.setFixedLengthStreamingMode(body.length);
        connection.getOutputStream().write(body);
      }
      int status = connection.getResponseCode();
      InputStream in = status >= 400 ? connection.getErrorStream() : connection.getInputStream();
      try (in) {
        return new Answer(status, in == null ? new byte[0] : in.readAllBytes());
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new CommandFailed(
          ("Error asking the agent at %s: %s. Start one with 'muster agent -dev', or name another"
                  + " with -http-addr.")
              .formatted(base, e.getMessage()));
    }
  }
}
