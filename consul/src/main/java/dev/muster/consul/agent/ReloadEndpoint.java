package dev.muster.consul.agent;

import dev.muster.consul.form.Refusal;
import dev.muster.consul.serving.Routes;
import dev.muster.http.Request;
import dev.muster.http.Response;
import java.util.List;
import java.util.function.Supplier;

/// `/v1/agent/reload`: the server reads its configuration again.
public final class ReloadEndpoint {
  private volatile Supplier<List<String>> configuration =
      () -> List.of("this server has no configuration to read again");

  /// Sets what is read again.
  ///
  /// @param configuration blocks until it is read again; returns every problem, a sentence each
  public void setConfiguration(Supplier<List<String>> configuration) {
    this.configuration = configuration;
  }

  public void addTo(Routes routes) {
    routes.add("PUT", "/v1/agent/reload", this::reload);
  }

  private Response reload(Request request, String rest) {
    List<String> problems = configuration.get();
    if (!problems.isEmpty()) {
      throw new Refusal(500, String.join("\n", problems));
    }
    return Response.empty(200);
  }
}
