package dev.muster.services.user;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// As much of a Consul agent as a registration needs: it knows who registered, answers who is
/// there, and hands every registration and deregistration to the test.
final class ConsulStub implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String REGISTER = "/v1/agent/service/register";
  private static final String DEREGISTER = "/v1/agent/service/deregister/";
  private static final String HEALTH = "/v1/health/service/";

  private final HttpServer server;
  private final Map<String, JsonNode> services = new ConcurrentHashMap<>();
  private final BlockingQueue<JsonNode> registrations = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> deregistrations = new LinkedBlockingQueue<>();

  /// A stub on this port; 0 takes a free one.
  ConsulStub(int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  void forgetEverything() {
    services.clear();
  }

  /// Lists an instance which never registered.
  void pretend(String name, String id, int port) {
    services.put(
        id, JSON.valueToTree(Map.of("Name", name, "ID", id, "Address", "127.0.0.1", "Port", port)));
  }

  JsonNode nextRegistration() throws InterruptedException {
    return next(registrations);
  }

  String nextDeregistration() throws InterruptedException {
    return next(deregistrations);
  }

  int registrationsWaiting() {
    return registrations.size();
  }

  private static <T> T next(BlockingQueue<T> events) throws InterruptedException {
    T event = events.poll(10, TimeUnit.SECONDS);
    if (event == null) {
      throw new AssertionError("Nothing came within 10 s");
    }
    return event;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    byte[] body = exchange.getRequestBody().readAllBytes();
    String answer = "";
    if (path.equals(REGISTER)) {
      JsonNode service = JSON.readTree(body);
      services.put(service.path("ID").asString(), service);
      registrations.add(service);
    } else if (path.startsWith(DEREGISTER)) {
      String id = path.substring(DEREGISTER.length());
      services.remove(id);
      deregistrations.add(id);
    } else if (path.startsWith(HEALTH)) {
      String name = path.substring(HEALTH.length());
      answer =
          JSON.writeValueAsString(
              services.values().stream()
                  .filter(service -> service.path("Name").asString().equals(name))
                  .map(ConsulStub::healthOf)
                  .toList());
    }
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static Map<String, Object> healthOf(JsonNode service) {
    return Map.of(
        "Node",
        Map.of("Node", "stub", "Address", "127.0.0.1"),
        "Service",
        Map.of(
            "ID", service.path("ID").asString(),
            "Service", service.path("Name").asString(),
            "Address", service.path("Address").asString(),
            "Port", service.path("Port").asInt()),
        "Checks",
        List.of());
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
