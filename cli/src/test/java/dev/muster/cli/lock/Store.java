package dev.muster.cli.lock;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// A small server with the keys and sessions of Consul's API, as far as the protocols of locks ask
/// for them: acquire, release, compare and set, blocking reads, an index that grows with each
/// change, lock-delay as a switch.
final class Store implements AutoCloseable {
  private final HttpServer server;
  private final TreeMap<String, Key> keys = new TreeMap<>();
  private final Map<String, String> behaviors = new HashMap<>();
  private long index = 10;
  private boolean isClosed;

  /// While true every acquire is refused.
  private boolean isDelayed;

  /// So many of the next questions are answered with 500.
  private int failures;

  /// Bodies of `session/create`.
  final List<String> created = new CopyOnWriteArrayList<>();

  /// Method and path of each request.
  final List<String> asked = new CopyOnWriteArrayList<>();

  /// A key as it is kept.
  record Key(String value, long flags, @Nullable String session, long created, long modified) {}

  Store() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/v1/kv/", this::key);
    server.createContext("/v1/session/", this::session);
    server.start();
  }

  String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  synchronized @Nullable Key get(String key) {
    return keys.get(key);
  }

  synchronized void put(String key, String value, long flags, @Nullable String session) {
    set(key, value, flags, session);
  }

  synchronized void delay(boolean isOn) {
    isDelayed = isOn;
  }

  synchronized void fail(int times) {
    failures = times;
    notifyAll(); // parked questions fail, too
  }

  /// A session of somebody else.
  synchronized String foreignSession() {
    String id = "f0000000-0000-0000-0000-%012d".formatted(behaviors.size());
    behaviors.put(id, "release");
    return id;
  }

  /// Ends a session as its time does: its keys are released or deleted.
  synchronized void end(String session) {
    String behavior = behaviors.remove(session);
    for (Map.Entry<String, Key> each : Map.copyOf(keys).entrySet()) {
      Key key = each.getValue();
      if (session.equals(key.session())) {
        if ("delete".equals(behavior)) {
          keys.remove(each.getKey());
          changed();
        } else {
          set(each.getKey(), key.value(), key.flags(), null);
        }
      }
    }
  }

  synchronized List<String> sessions() {
    return List.copyOf(behaviors.keySet());
  }

  /// Waits until something is so.
  synchronized void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (!condition.getAsBoolean()) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new AssertionError("never came to be; keys: " + keys + ", asked: " + asked);
      }
      wait(Math.min(left, 50));
    }
  }

  private void key(HttpExchange exchange) throws IOException {
    String name = exchange.getRequestURI().getPath().substring("/v1/kv/".length());
    Map<String, String> query = query(exchange);
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    try (exchange) {
      switch (exchange.getRequestMethod()) {
        case "GET" -> read(exchange, name, query);
        case "PUT" -> answer(exchange, 200, Boolean.toString(write(name, query, body)));
        default -> answer(exchange, 200, Boolean.toString(delete(name, query)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void read(HttpExchange exchange, String name, Map<String, String> query)
      throws IOException, InterruptedException {
    asked.add("GET " + exchange.getRequestURI());
    String found;
    int status;
    synchronized (this) {
      long before = Long.parseLong(query.getOrDefault("index", "0"));
      long deadline = System.nanoTime() + millis(query.getOrDefault("wait", "0ms")) * 1_000_000;
      long left = deadline - System.nanoTime();
      while (before > 0 && index <= before && left > 0 && failures == 0 && !isClosed) {
        wait(left / 1_000_000 + 1);
        left = deadline - System.nanoTime();
      }
      found = failures > 0 ? "No cluster leader" : json(name, query.containsKey("recurse"));
      status = failures > 0 ? 500 : found.equals("[]") ? 404 : 200;
      failures = Math.max(0, failures - 1);
      exchange.getResponseHeaders().add("X-Consul-Index", Long.toString(index));
    }
    answer(exchange, status, found);
  }

  private static long millis(String duration) {
    return duration.endsWith("ms")
        ? Long.parseLong(duration.replace("ms", ""))
        : Long.parseLong(duration.replace("s", "")) * 1000;
  }

  private synchronized boolean write(String name, Map<String, String> query, String body) {
    asked.add("PUT " + name + " " + query);
    long flags = Long.parseUnsignedLong(query.getOrDefault("flags", "0"));
    Key before = keys.get(name);
    String holder = before == null ? null : before.session();
    if (query.containsKey("acquire")) {
      String session = query.get("acquire");
      boolean isFree = holder == null || holder.equals(session);
      if (isDelayed || !isFree || !behaviors.containsKey(session)) {
        return false;
      }
      set(name, body, flags, session);
      return true;
    }
    if (query.containsKey("release")) {
      if (holder == null || !holder.equals(query.get("release"))) {
        return false;
      }
      set(name, body, flags, null);
      return true;
    }
    long modified = before == null ? 0 : before.modified();
    if (query.containsKey("cas") && Long.parseLong(query.getOrDefault("cas", "")) != modified) {
      return false;
    }
    set(name, body, flags, holder);
    return true;
  }

  private synchronized boolean delete(String name, Map<String, String> query) {
    asked.add("DELETE " + name + " " + query);
    Key before = keys.get(name);
    String cas = query.get("cas");
    if (before == null || (cas != null && before.modified() != Long.parseLong(cas))) {
      return cas == null;
    }
    keys.remove(name);
    changed();
    return true;
  }

  private void set(String name, String value, long flags, @Nullable String session) {
    Key before = keys.get(name);
    changed();
    keys.put(
        name, new Key(value, flags, session, before == null ? index : before.created(), index));
  }

  private synchronized void changed() {
    index++;
    notifyAll();
  }

  private String json(String name, boolean isPrefix) {
    List<Map<String, Object>> found =
        keys.entrySet().stream()
            .filter(each -> isPrefix ? each.getKey().startsWith(name) : each.getKey().equals(name))
            .map(
                each -> {
                  Key key = each.getValue();
                  Map<String, Object> json = new LinkedHashMap<>();
                  json.put("Key", each.getKey());
                  json.put("Flags", new BigInteger(Long.toUnsignedString(key.flags())));
                  json.put(
                      "Value", Base64.getEncoder().encodeToString(key.value().getBytes(UTF_8)));
                  if (key.session() != null) {
                    json.put("Session", Objects.requireNonNull(key.session()));
                  }
                  json.put("CreateIndex", key.created());
                  json.put("ModifyIndex", key.modified());
                  return json;
                })
            .toList();
    return JsonMapper.shared().writeValueAsString(found);
  }

  private void session(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    String[] words = exchange.getRequestURI().getPath().split("/");
    asked.add(words[3]);
    try (exchange) {
      switch (words[3]) {
        case "create" -> answer(exchange, 200, "{\"ID\":\"" + create(body) + "\"}");
        case "renew" -> {
          boolean isThere = sessions().contains(words[4]);
          answer(exchange, isThere ? 200 : 404, isThere ? "[]" : "Session id not found");
        }
        default -> {
          end(words[4]);
          answer(exchange, 200, "true");
        }
      }
    }
  }

  private synchronized String create(String body) {
    created.add(body);
    String id = "50000000-0000-0000-0000-%012d".formatted(created.size());
    behaviors.put(id, body.contains("\"Behavior\":\"delete\"") ? "delete" : "release");
    return id;
  }

  private static Map<String, String> query(HttpExchange exchange) {
    Map<String, String> query = new TreeMap<>();
    String text = exchange.getRequestURI().getQuery();
    if (text != null) {
      for (String each : text.split("&")) {
        int equals = each.indexOf('=');
        query.put(
            equals < 0 ? each : each.substring(0, equals),
            equals < 0 ? "" : each.substring(equals + 1));
      }
    }
    return query;
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    synchronized (this) {
      isClosed = true;
      notifyAll();
    }
    server.stop(0);
  }
}
