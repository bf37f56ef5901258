package dev.muster.consul.agent;

import dev.muster.consul.form.Json;
import dev.muster.consul.form.Refusal;
import dev.muster.consul.serving.Answers;
import dev.muster.consul.serving.Routes;
import dev.muster.consul.serving.Server;
import dev.muster.consul.serving.Shapes;
import dev.muster.http.Request;
import dev.muster.http.Response;
import dev.muster.registry.Registry;
import dev.muster.registry.View;
import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.Service;
import dev.muster.registry.catalog.ServiceCheck;
import dev.muster.registry.tree.WatchSet;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/// `/v1/agent/health/service/…`: the health of an instance as a status that load balancers
/// understand.
public final class AgentHealthEndpoints {
  private final Registry registry;
  private final Server server;
  private final Shapes shapes;
  private final Answers answers;

  public AgentHealthEndpoints(Registry registry, Server server, Shapes shapes, Answers answers) {
    this.registry = registry;
    this.server = server;
    this.shapes = shapes;
    this.answers = answers;
  }

  /// The health of an instance, or of several, from good to bad.
  private enum Verdict {
    PASSING("passing", 200),
    WARNING("warning", 429),
    CRITICAL("critical", 503),
    MAINTENANCE("maintenance", 503);

    private final String word;
    private final int status;

    Verdict(String word, int status) {
      this.word = word;
      this.status = status;
    }

    static Verdict of(Check check) {
      if (check.isMaintenance()) {
        return MAINTENANCE;
      }
      return switch (check.status()) {
        case PASSING -> PASSING;
        case WARNING -> WARNING;
        case CRITICAL -> CRITICAL;
      };
    }

    Verdict orWorse(Verdict other) {
      return compareTo(other) < 0 ? other : this;
    }
  }

  /// An instance with the checks that bear on it.
  private record Judged(Service service, List<ServiceCheck> checks) {
    Verdict verdict() {
      return checks.stream()
          .map(check -> Verdict.of(check.check()))
          .reduce(Verdict.PASSING, Verdict::orWorse);
    }
  }

  public void addTo(Routes routes) {
    routes.add(
        "GET",
        "/v1/agent/health/service/id/",
        this::byId,
        "an instance on another node is found, too, if only one has the id");
    routes.add("GET", "/v1/agent/health/service/name/", this::byName);
  }

  private Response byId(Request request, String id) {
    if (id.isEmpty()) {
      throw new Refusal(400, "Missing serviceID");
    }
    View view = registry.view();
    Optional<Judged> found =
        Owned.service(view, server.nodeName(), id).map(service -> judged(view, service));
    if (found.isEmpty()) {
      String reason = "ServiceId " + id + " not found";
      return answer(request, 404, reason, reason, AgentHealthEndpoints::nobody);
    }
    Verdict verdict = found.get().verdict();
    return answer(
        request, verdict.status, verdict.word, verdict.word, json -> judged(json, found.get()));
  }

  private Response byName(Request request, String name) {
    if (name.isEmpty()) {
      throw new Refusal(400, "Missing service Name");
    }
    View view = registry.view();
    List<Judged> found =
        view.catalog().servicesOn(server.nodeName(), new WatchSet()).value().stream()
            .filter(service -> service.name().equals(name) && !Owned.isServer(service))
            .map(service -> judged(view, service))
            .toList();
    if (found.isEmpty()) {
      String reason = "ServiceName " + name + " Not Found";
      return answer(request, 404, reason, reason, json -> list(json, found));
    }
    Verdict verdict = found.stream().map(Judged::verdict).reduce(Verdict.PASSING, Verdict::orWorse);
    return answer(request, verdict.status, verdict.word, verdict.word, json -> list(json, found));
  }

  private static Judged judged(View view, Service service) {
    List<ServiceCheck> checks =
        view.catalog().checksOn(service.node(), new WatchSet()).value().stream()
            .filter(check -> !Owned.isServers(check.check()))
            .filter(check -> bearsOn(check.check(), service))
            .toList();
    return new Judged(service, checks);
  }

  private static boolean bearsOn(Check check, Service service) {
    return check.serviceId().isEmpty() || check.serviceId().equals(service.id());
  }

  private Response answer(
      Request request, int status, String reason, String text, Consumer<JsonGenerator> content) {
    boolean wantsText =
        request.parameter("format").filter("text"::equals).isPresent()
            || request.headers().getOrDefault("accept", "").startsWith("text/plain");
    Response whole =
        wantsText
            ? Response.of(status, "text/plain", text.getBytes(StandardCharsets.UTF_8))
            : answers.json(request, content);
    return new Response(status, whole.headers(), whole.body()).with("X-Consul-Reason", reason);
  }

  private static void nobody(JsonGenerator json) {
    json.writeStartObject();
    json.writeStringProperty("AggregatedStatus", Verdict.CRITICAL.word);
    json.writeNullProperty("Service");
    json.writeNullProperty("Checks");
    json.writeEndObject();
  }

  private void list(JsonGenerator json, List<Judged> instances) {
    json.writeStartArray();
    instances.forEach(instance -> judged(json, instance));
    json.writeEndArray();
  }

  private void judged(JsonGenerator json, Judged instance) {
    json.writeStartObject();
    json.writeStringProperty("AggregatedStatus", instance.verdict().word);
    json.writeName("Service");
    shapes.agentService(json, instance.service(), "");
    json.writeArrayPropertyStart("Checks");
    instance.checks().forEach(check -> check(json, check));
    json.writeEndArray();
    json.writeEndObject();
  }

  /// Here, and only here, Consul tells no kind and no index of a check, null for no tags, and an
  /// empty definition in full.
  private static void check(JsonGenerator json, ServiceCheck serviceCheck) {
    Check check = serviceCheck.check();
    json.writeStartObject();
    json.writeStringProperty("Node", check.node());
    json.writeStringProperty("CheckID", check.id());
    json.writeStringProperty("Name", check.name());
    json.writeStringProperty("Status", check.status().word());
    json.writeStringProperty("Notes", check.notes());
    json.writeStringProperty("Output", check.output());
    json.writeStringProperty("ServiceID", check.serviceId());
    json.writeStringProperty("ServiceName", serviceCheck.service().map(Service::name).orElse(""));
    List<String> tags = serviceCheck.service().map(it -> it.definition().tags()).orElse(List.of());
    if (tags.isEmpty()) {
      json.writeNullProperty("ServiceTags");
    } else {
      Json.strings(json, "ServiceTags", tags);
    }
    json.writeStringProperty("Type", "");
    json.writeObjectPropertyStart("Definition");
    json.writeStringProperty("Interval", "0s");
    json.writeStringProperty("Timeout", "0s");
    json.writeStringProperty("DeregisterCriticalServiceAfter", "0s");
    json.writeStringProperty("HTTP", "");
    json.writeNullProperty("Header");
    json.writeStringProperty("Method", "");
    json.writeStringProperty("Body", "");
    json.writeBooleanProperty("TLSSkipVerify", false);
    json.writeStringProperty("TCP", "");
    json.writeEndObject();
    json.writeNumberProperty("CreateIndex", 0);
    json.writeNumberProperty("ModifyIndex", 0);
    json.writeEndObject();
  }
}
