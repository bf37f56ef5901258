package dev.muster.cli.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;
import org.jspecify.annotations.Nullable;

/// Asks an agent, over Consul's API. Any number of threads may use one; a virtual thread that waits
/// for an answer stops waiting when it is interrupted.
public final class ApiClient {
  static final String SOCKET_FILE = "unix://";

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /// Whatever a command reads whole fits in this; what does not is read as a stream.
  private static final int BODY_BYTES_MAX = 512 << 20;

  private final String base;
  private final Map<String, String> headers;
  private final Map<String, String> parameters;
  private final Optional<Tls> tls;

  /// @param base the URL without a path, or `unix://` and the path of a socket file
  /// @param headers sent with every request
  /// @param parameters added to every query; one without a value is added to reads only
  ApiClient(
      String base, Map<String, String> headers, Map<String, String> parameters, Optional<Tls> tls) {
    this.base = base;
    this.headers = Map.copyOf(headers);
    this.parameters = Map.copyOf(parameters);
    this.tls = tls;
  }

  /// Reads a stream that may have no end.
  @FunctionalInterface
  public interface Reading<T> {
    /// Reads as much as it wants.
    T read(InputStream body, long index) throws IOException;
  }

  /// Sends the body of a request.
  private interface Writing {
    void write(OutputStream out) throws IOException;
  }

  /// The URL that is asked, for what a person reads.
  public String address() {
    return base;
  }

  /// Asks, and waits as long as a short answer may take.
  ///
  /// @throws CommandFailed if there is no answer, as all of these
  public Answer get(Endpoint endpoint) {
    return get(endpoint, TIMEOUT);
  }

  /// Asks what may take long to answer.
  ///
  /// @param within give up when nothing was heard for so long
  public Answer get(Endpoint endpoint, Duration within) {
    return read(open("GET", endpoint, within));
  }

  public Answer put(Endpoint endpoint, byte... body) {
    return send("PUT", endpoint, body);
  }

  public Answer post(Endpoint endpoint, byte... body) {
    return send("POST", endpoint, body);
  }

  public Answer delete(Endpoint endpoint) {
    return read(open("DELETE", endpoint, TIMEOUT));
  }

  /// Sends a file; the agent may take minutes over it.
  ///
  /// @throws IOException if the file cannot be read
  public Answer put(Endpoint endpoint, Path file) throws IOException {
    HttpURLConnection connection = open("PUT", endpoint, Duration.ofMinutes(10));
    return send(connection, Files.size(file), out -> Files.copy(file, out));
  }

  /// Hands a successful answer's body over as it comes.
  ///
  /// @param what is tried, for the sentence when it fails
  /// @param within give up when nothing was heard for so long; zero for never
  /// @throws CommandFailed if there is no answer or no success
  public <T> T stream(Endpoint endpoint, String what, Duration within, Reading<T> reading) {
    HttpURLConnection connection = open("GET", endpoint, within);
    try {
      if (connection.getResponseCode() >= 400) {
        read(connection).orFail(what);
      }
      try (InputStream in = connection.getInputStream()) {
        return reading.read(in, index(connection));
      }
    } catch (IOException e) {
      throw unreachable(e);
    } finally {
      connection.disconnect();
    }
  }

  private Answer send(String method, Endpoint endpoint, byte[] body) {
    return send(open(method, endpoint, TIMEOUT), body.length, out -> out.write(body));
  }

  private Answer send(HttpURLConnection connection, long length, Writing body) {
    connection.setDoOutput(true);
    connection.setFixedLengthStreamingMode(length);
    try (OutputStream out = connection.getOutputStream()) {
      body.write(out);
    } catch (IOException e) {
      return answerDespite(connection, e);
    }
    return read(connection);
  }

  /// An agent that refuses a long body says so, and hangs up before it has all of it.
  private Answer answerDespite(HttpURLConnection connection, IOException failure) {
    try {
      if (connection.getResponseCode() >= 400) {
        return read(connection);
      }
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
    throw unreachable(failure);
  }

  private HttpURLConnection open(String method, Endpoint endpoint, Duration within) {
    Endpoint whole = endpoint.copy();
    for (Map.Entry<String, String> parameter : parameters.entrySet()) {
      if (!parameter.getValue().isEmpty()) {
        whole.with(parameter.getKey(), parameter.getValue());
      } else if (method.equals("GET")) {
        whole.with(parameter.getKey());
      }
    }
    try {
      HttpURLConnection connection = to(whole);
      connection.setRequestMethod(method);
      connection.setConnectTimeout((int) TIMEOUT.toMillis());
      connection.setReadTimeout((int) within.toMillis());
      headers.forEach(connection::setRequestProperty);
      if (connection instanceof HttpsURLConnection secure) {
        tls.ifPresent(settings -> settings.applyTo(secure));
      }
      return connection;
    } catch (IOException | IllegalArgumentException e) {
      throw unreachable(e);
    }
  }

  private HttpURLConnection to(Endpoint endpoint) throws IOException {
    if (base.startsWith(SOCKET_FILE)) {
      Path file = Path.of(base.substring(SOCKET_FILE.length()));
      return new SocketFileConnection(file, URI.create("http://localhost" + endpoint).toURL());
    }
    return (HttpURLConnection) URI.create(base + endpoint).toURL().openConnection();
  }

  private Answer read(HttpURLConnection connection) {
    try {
      int status = connection.getResponseCode();
      InputStream in = status >= 400 ? connection.getErrorStream() : connection.getInputStream();
      try (in) {
        return new Answer(status, all(in), index(connection));
      }
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  private byte[] all(@Nullable InputStream in) throws IOException {
    if (in == null) {
      return new byte[0];
    }
    byte[] body = in.readNBytes(BODY_BYTES_MAX);
    if (in.read() >= 0) {
      throw new CommandFailed(
          "Error asking the agent at %s: the answer is longer than %d bytes. Ask for less."
              .formatted(base, BODY_BYTES_MAX));
    }
    return body;
  }

  private static long index(HttpURLConnection connection) {
    String index = connection.getHeaderField("X-Consul-Index");
    if (index == null || !index.matches("[0-9]{1,20}")) {
      return 0;
    }
    return Long.parseUnsignedLong(index);
  }

  private CommandFailed unreachable(Exception cause) {
    return new CommandFailed(
        ("Error asking the agent at %s: %s. Start one with 'muster agent -dev', or name another"
                + " with -http-addr.")
            .formatted(base, cause.getMessage()));
  }
}
