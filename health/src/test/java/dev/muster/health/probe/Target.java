package dev.muster.health.probe;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.ExtendedSSLSession;

/// A service that is probed: answers with the status it is told to, and remembers what it was sent.
public final class Target implements AutoCloseable {
  private final HttpServer server;
  public final AtomicInteger hits = new AtomicInteger();

  /// One permit for each request that came.
  public final Semaphore arrivals = new Semaphore(0);

  public volatile int status = 200;
  public volatile String body = "fine";
  volatile Map<String, List<String>> headers = Map.of();
  volatile String method = "";
  volatile String path = "";
  volatile String sent = "";

  /// Where to lead every request; none if empty. With `%d` it becomes the number of the request.
  volatile String location = "";

  /// Answer in chunks.
  volatile boolean chunks;

  /// The server names that were asked for.
  volatile List<String> serverNames = List.of();

  public Target() throws IOException {
    this(HttpServer.create());
  }

  private Target(HttpServer server) throws IOException {
    this.server = server;
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  /// With a certificate that nobody trusts who is not told to.
  static Target overTls() throws Exception {
    var https = HttpsServer.create();
    https.setHttpsConfigurator(new HttpsConfigurator(Certificate.MADE.server()));
    return new Target(https);
  }

  private void handle(HttpExchange exchange) {
    try (exchange) {
      method = exchange.getRequestMethod();
      headers = Map.copyOf(exchange.getRequestHeaders());
      sent = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      hits.incrementAndGet();
      arrivals.release();
      path = exchange.getRequestURI().toString();
      if (exchange instanceof HttpsExchange https) {
        serverNames =
            ((ExtendedSSLSession) https.getSSLSession())
                .getRequestedServerNames().stream()
                    .map(name -> new String(name.getEncoded(), StandardCharsets.UTF_8))
                    .toList();
      }
      if (!location.isEmpty()) {
        exchange.getResponseHeaders().set("Location", location.formatted(hits.get()));
      }
      boolean isLast = path.equals("/last");
      int length = chunks ? 0 : bytes.length;
      exchange.sendResponseHeaders(isLast ? 200 : status, bytes.length == 0 ? -1 : length);
      exchange.getResponseBody().write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return server.getAddress().getPort();
  }

  public String address() {
    return "127.0.0.1:" + port();
  }

  public String url() {
    return (server instanceof HttpsServer ? "https://" : "http://") + address() + "/health";
  }

  /// A port of this host that refuses connections.
  public static int closedPort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
