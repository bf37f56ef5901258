package dev.muster.agent;

import dev.muster.agent.config.AgentConfig;
import dev.muster.http.Handler;
import dev.muster.http.Request;
import dev.muster.http.Response;
import java.util.Map;
import java.util.Set;

/// What the configuration asks of the HTTP API as a whole: who may write, what is not served, how
/// long bodies may be, which headers answers have. Thread-safe.
final class ApiFront implements Handler {
  private static final Set<String> WRITING = Set.of("PUT", "POST", "DELETE", "PATCH");

  private final Handler api;
  private volatile AgentConfig.Api settings;

  ApiFront(Handler api, AgentConfig.Api settings) {
    this.api = api;
    this.settings = settings;
  }

  /// Holds from the next request on.
  void set(AgentConfig.Api changed) {
    settings = changed;
  }

  @Override
  public Response handle(Request request) throws InterruptedException {
    AgentConfig.Api current = settings;
    return withHeaders(answer(request, current), current);
  }

  private Response answer(Request request, AgentConfig.Api current) throws InterruptedException {
    if (current.blocked().stream().anyMatch(request.path()::startsWith)) {
      return Response.text(403, "Endpoint is blocked by agent configuration");
    }
    boolean mayWrite =
        current.writers().isEmpty()
            || current.writers().stream().anyMatch(it -> it.contains(request.client()));
    if (WRITING.contains(request.method()) && !mayWrite) {
      return Response.text(403, "Access is restricted");
    }
    return api.handle(request);
  }

  private static Response withHeaders(Response answer, AgentConfig.Api current) {
    Response all = answer;
    for (Map.Entry<String, String> header : current.responseHeaders().entrySet()) {
      all = all.with(header.getKey(), header.getValue());
    }
    return all;
  }

  @Override
  public int bodyBytesMax(String method, String path, int usual) {
    if (path.startsWith("/v1/kv/")) {
      return settings.valueBytesMax();
    }
    return path.equals("/v1/txn")
        ? settings.transactionBytesMax()
        : api.bodyBytesMax(method, path, usual);
  }

  @Override
  public void closing() {
    api.closing();
  }

  @Override
  public Response bodyTooLarge(String path, long bytes, int bytesMax) {
    return withHeaders(api.bodyTooLarge(path, bytes, bytesMax), settings);
  }
}
