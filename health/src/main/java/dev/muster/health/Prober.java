package dev.muster.health;

import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.Probe;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import javax.net.ssl.HttpsURLConnection;
import org.jspecify.annotations.Nullable;

/// Runs one probe, on the calling thread, within the probe's timeout. Connections are not kept: a
/// server that no longer accepts any must be noticed.
final class Prober {
  private static final int OUTPUT_BYTES_MAX = 4096;

  private Prober() {}

  /// @param nanoTime ends the reading of a body that comes in drips
  static Result run(Probe.Http probe, LongSupplier nanoTime) {
    long deadline = nanoTime.getAsLong() + probe.rhythm().timeout().toNanos();
    String what = "HTTP " + probe.method() + " " + probe.url();
    HttpURLConnection connection = null;
    try {
      connection = (HttpURLConnection) URI.create(probe.url()).toURL().openConnection();
      prepare(connection, probe);
      int code = connection.getResponseCode();
      String reason =
          connection.getResponseMessage() == null ? "" : connection.getResponseMessage();
      String body = body(connection, code, () -> nanoTime.getAsLong() - deadline > 0);
      String output = "%s: %d %s Output: %s".formatted(what, code, reason, body);
      return new Result(status(code), output);
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      // RuntimeException: the JDK has no list of what a definition can get it to throw.
      return new Result(Check.Status.CRITICAL, what + ": " + reason(e));
    } finally {
      if (connection != null) {
        connection.disconnect();
      }
    }
  }

  private static void prepare(HttpURLConnection connection, Probe.Http probe)
      throws IOException, GeneralSecurityException {
    int timeoutMillis = (int) Math.min(Integer.MAX_VALUE, probe.rhythm().timeout().toMillis());
    connection.setConnectTimeout(Math.max(1, timeoutMillis));
    connection.setReadTimeout(Math.max(1, timeoutMillis));
    connection.setRequestMethod(probe.method());
    connection.setUseCaches(false);
    connection.setRequestProperty("Connection", "close");
    connection.setRequestProperty("User-Agent", "Consul Health Check");
    connection.setRequestProperty("Accept", "text/plain, text/*, */*");
    probe
        .headers()
        .forEach(
            (name, values) -> {
              for (int i = 0; i < values.size(); i++) {
                if (i == 0) {
                  connection.setRequestProperty(name, values.get(i)); // not beside our own
                } else {
                  connection.addRequestProperty(name, values.get(i));
                }
              }
            });
    if (probe.skipsTlsVerification() && connection instanceof HttpsURLConnection https) {
      https.setSSLSocketFactory(Unverified.socketFactory());
      https.setHostnameVerifier((_, _) -> true);
    }
    if (!probe.body().isEmpty()) {
      connection.setDoOutput(true);
      connection.getOutputStream().write(probe.body().getBytes(StandardCharsets.UTF_8));
    }
  }

  private static String body(HttpURLConnection connection, int code, BooleanSupplier isOver)
      throws IOException {
    @Nullable InputStream in =
        code >= 400 ? connection.getErrorStream() : connection.getInputStream();
    if (in == null) {
      return "";
    }
    byte[] bytes = new byte[OUTPUT_BYTES_MAX];
    int length = 0;
    try (in) {
      while (length < bytes.length) {
        int read = in.read(bytes, length, bytes.length - length);
        if (read < 0) {
          break;
        }
        length += read;
        if (isOver.getAsBoolean()) {
          throw new SocketTimeoutException("Read timed out");
        }
      }
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  private static Check.Status status(int code) {
    if (code >= 200 && code < 300) {
      return Check.Status.PASSING;
    }
    return code == 429 ? Check.Status.WARNING : Check.Status.CRITICAL;
  }

  static Result run(Probe.Tcp probe) {
    String target = probe.target();
    int colon = target.lastIndexOf(':');
    String host = target.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    try (Socket socket = new Socket()) {
      int port = Integer.parseInt(target.substring(colon + 1));
      int timeoutMillis = (int) Math.min(Integer.MAX_VALUE, probe.rhythm().timeout().toMillis());
      socket.connect(new InetSocketAddress(host, port), Math.max(1, timeoutMillis));
      return new Result(Check.Status.PASSING, "TCP connect " + target + ": Success");
    } catch (IOException | RuntimeException e) {
      return new Result(Check.Status.CRITICAL, "TCP connect " + target + ": " + reason(e));
    }
  }

  private static String reason(Exception e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }
}
