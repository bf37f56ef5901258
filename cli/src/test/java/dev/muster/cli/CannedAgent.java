package dev.muster.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/// Answers as an agent was recorded to answer, and remembers what it was asked.
final class CannedAgent implements AutoCloseable {
  private final HttpServer server;
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();

  /// `METHOD path?query` and, behind a space, the body, of each request in order.
  final List<String> asked = new CopyOnWriteArrayList<>();

  /// The headers of the last request.
  final Map<String, String> headers = new ConcurrentHashMap<>();

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Answer(int status, byte[] body) {}

  CannedAgent() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /// @param request `METHOD path`, as the path is on the wire, without a query
  CannedAgent answering(String request, int status, String body) {
    return answering(request, status, body.getBytes(UTF_8));
  }

  CannedAgent answering(String request, int status, byte[] body) {
    answers.put(request, new Answer(status, body));
    return this;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      String line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
      asked.add(body.isEmpty() ? line : line + " " + body);
      exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
      Answer answer =
          answers.getOrDefault(
              exchange.getRequestMethod() + " " + exchange.getRequestURI().getRawPath(),
              new Answer(404, "no such recording".getBytes(UTF_8)));
      exchange.getResponseHeaders().add("X-Consul-Index", "7");
      exchange.sendResponseHeaders(answer.status(), answer.body().length == 0 ? -1 : 0);
      if (answer.body().length > 0) {
        exchange.getResponseBody().write(answer.body());
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
