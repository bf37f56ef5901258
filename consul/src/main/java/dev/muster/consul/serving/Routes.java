package dev.muster.consul.serving;

import dev.muster.http.Request;
import dev.muster.http.Response;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Which endpoint answers which method and path.
public final class Routes {
  private final Map<String, Map<String, Endpoint>> exact = new HashMap<>();

  /// By prefix, each ending in `/`.
  private final TreeMap<String, Map<String, Endpoint>> prefixes = new TreeMap<>();

  private final List<Served> served = new ArrayList<>();

  /// Answers one kind of request; `rest` is the path behind the prefix of the route.
  @FunctionalInterface
  public interface Endpoint {
    Response answer(Request request, String rest) throws InterruptedException;
  }

  /// What is served, for docs/compatibility.md.
  ///
  /// @param deviation how and why it differs from Consul's; empty if it does not
  public record Served(String method, String path, String deviation) {}

  /// A path that ends in `/` also takes whatever follows. Methods are listed to clients in the
  /// order in which they were added.
  public void add(String method, String path, Endpoint endpoint) {
    add(method, path, endpoint, "");
  }

  /// As [#add(String, String, Endpoint)], for one that differs from Consul's.
  ///
  /// @param deviation how, and why
  public void add(String method, String path, Endpoint endpoint, String deviation) {
    boolean isPrefix = path.length() > 1 && path.endsWith("/");
    Map<String, Map<String, Endpoint>> table = isPrefix ? prefixes : exact;
    table.computeIfAbsent(path, _ -> new LinkedHashMap<>()).put(method, endpoint);
    served.add(new Served(method, path, deviation));
  }

  public List<Served> served() {
    return List.copyOf(served);
  }

  public Response answer(Request request) throws InterruptedException {
    String path = request.path();
    Map<String, Endpoint> methods = exact.get(path);
    String prefix = path;
    if (methods == null) {
      prefix = longestPrefix(path);
      methods = prefixes.get(prefix);
    }
    if (methods == null) {
      return unknown(path);
    }
    String allowed = "OPTIONS," + String.join(",", methods.keySet());
    if (request.method().equals("OPTIONS")) {
      return Response.empty(200).with("Allow", allowed);
    }
    Endpoint endpoint = methods.get(request.method());
    if (endpoint == null) {
      return Response.text(405, "method " + request.method() + " not allowed")
          .with("Allow", allowed);
    }
    return endpoint.answer(request, path.substring(prefix.length()));
  }

  private String longestPrefix(String path) {
    for (int slash = path.lastIndexOf('/'); slash >= 0; slash = path.lastIndexOf('/', slash - 1)) {
      String prefix = path.substring(0, slash + 1);
      if (prefixes.containsKey(prefix)) {
        return prefix;
      }
    }
    return "";
  }

  private static Response unknown(String path) {
    return Response.text(
        404,
        path.startsWith("/v1/")
            ? "Invalid URL path: not a recognized HTTP API endpoint\n"
            : "Invalid URL path: if attempting to use the HTTP API, ensure the path starts with"
                + " '/v1/'\n");
  }
}
