package dev.muster.consul.operator;

import dev.muster.consul.serving.Answers;
import dev.muster.consul.serving.Routes;
import dev.muster.http.Request;
import dev.muster.http.Response;
import dev.muster.registry.Registry;

/// `/v1/status/…`: who leads and who takes part.
public final class StatusEndpoints {
  private final Registry registry;
  private final Answers answers;

  public StatusEndpoints(Registry registry, Answers answers) {
    this.registry = registry;
    this.answers = answers;
  }

  public void addTo(Routes routes) {
    routes.add("GET", "/v1/status/leader", this::leader);
    routes.add("GET", "/v1/status/peers", this::peers);
  }

  private Response leader(Request request, String rest) {
    String address = registry.standing().leaderAddress().orElse("");
    return answers.json(request, json -> json.writeString(address));
  }

  private Response peers(Request request, String rest) {
    return answers.json(
        request,
        json -> {
          json.writeStartArray();
          registry.standing().serverAddresses().forEach(json::writeString);
          json.writeEndArray();
        });
  }
}
