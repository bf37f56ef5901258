package dev.muster.agent.balancing;

import dev.muster.balancer.Balancer;
import dev.muster.balancer.insight.Description;
import dev.muster.balancer.insight.Explained;
import dev.muster.balancer.insight.Question;
import dev.muster.consul.agent.Metrics;
import dev.muster.consul.agent.PrometheusText;
import dev.muster.consul.form.Json;
import dev.muster.consul.form.Refusal;
import dev.muster.consul.serving.Answers;
import dev.muster.consul.serving.Routes;
import dev.muster.http.Request;
import dev.muster.http.Response;
import dev.muster.registry.Registry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/// `/v1/balancer/`: what the balancer does, with whom, and why. Changes nothing.
public final class BalancerEndpoints {
  private static final String OWN = "our own";

  private final Balancer balancer;
  private final Registry registry;
  private final Metrics metrics;
  private final Answers answers;

  /// @param registry knows why its instances are as they are
  /// @param metrics of the balancer
  /// @param isDevelopment answers are indented
  public BalancerEndpoints(
      Balancer balancer, Registry registry, Metrics metrics, boolean isDevelopment) {
    this.balancer = balancer;
    this.registry = registry;
    this.metrics = metrics;
    this.answers = new Answers(isDevelopment);
  }

  /// Adds all of them.
  public void addTo(Routes routes) {
    routes.add("GET", "/v1/balancer/table", this::table, OWN);
    routes.add("GET", "/v1/balancer/instances", this::instances, OWN);
    routes.add("GET", "/v1/balancer/counters", this::counters, OWN);
    routes.add("GET", "/v1/balancer/metrics", this::metrics, OWN);
    routes.add("GET", "/v1/balancer/explain", this::explain, OWN);
    routes.add("POST", "/v1/balancer/explain", this::explain, OWN);
  }

  private Response table(Request request, String rest) {
    Description now = balancer.insight().describe();
    return answers.json(
        request,
        json -> {
          json.writeStartObject();
          array(json, "Listeners", now.listeners(), BalancerEndpoints::listener);
          array(json, "Servers", now.servers(), BalancerEndpoints::server);
          array(json, "Routes", now.routes(), BalancerEndpoints::route);
          array(json, "Upstreams", now.upstreams(), BalancerEndpoints::upstream);
          json.writeEndObject();
        });
  }

  private Response instances(Request request, String rest) {
    Description now = balancer.insight().describe();
    Map<String, String> causes = CheckOutputs.of(registry.localView().catalog());
    return answers.json(
        request,
        json -> {
          json.writeStartArray();
          for (Description.Upstream upstream : now.upstreams()) {
            for (Description.Member member : upstream.members()) {
              json.writeStartObject();
              json.writeStringProperty("Upstream", upstream.name());
              member(json, member, causes.getOrDefault(member.instance(), ""));
              json.writeEndObject();
            }
          }
          json.writeEndArray();
        });
  }

  private Response counters(Request request, String rest) {
    return answers.json(
        request,
        json -> {
          json.writeStartObject();
          array(
              json,
              "Counters",
              metrics.counters(),
              (to, it) -> {
                to.writeStringProperty("Name", it.name());
                to.writeNumberProperty("Count", it.count());
                Json.map(to, "Labels", it.labels());
              });
          array(
              json,
              "Gauges",
              metrics.gauges(),
              (to, it) -> {
                to.writeStringProperty("Name", it.name());
                to.writeNumberProperty("Value", it.value());
                Json.map(to, "Labels", it.labels());
              });
          json.writeEndObject();
        });
  }

  private Response metrics(Request request, String rest) {
    String text = PrometheusText.of(metrics.counters(), metrics.gauges(), metrics.histograms());
    return Response.of(
        200, "text/plain; version=0.0.4; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  private Response explain(Request request, String rest) {
    Question question;
    Explained said;
    try {
      question =
          new Question(
              request.parameter("method").orElse("GET"),
              request.parameter("host").orElse("localhost"),
              request.parameter("path").orElse("/"),
              request.query().getOrDefault("header", List.of()),
              request.parameter("client").orElse("127.0.0.1"),
              port(request));
      said = balancer.insight().explain(question);
    } catch (IllegalArgumentException e) {
      throw new Refusal(400, "Bad request: " + e.getMessage());
    }
    Map<String, String> causes = CheckOutputs.of(registry.localView().catalog());
    return answers.json(
        request,
        json -> {
          json.writeStartObject();
          json.writeStringProperty("Listener", said.listener());
          json.writeStringProperty("Server", said.server());
          json.writeStringProperty("Location", said.location());
          json.writeStringProperty("Upstream", said.upstream());
          json.writeStringProperty("Instance", said.instance());
          json.writeNumberProperty("Status", said.status());
          Json.strings(json, "Steps", said.steps());
          array(
              json,
              "Instances",
              said.members(),
              (to, it) -> member(to, it, causes.getOrDefault(it.instance(), "")));
          json.writeEndObject();
        });
  }

  private static int port(Request request) {
    String text = request.parameter("port").orElse("0");
    if (!text.matches("[0-9]{1,5}")) {
      throw new IllegalArgumentException("the port '" + text + "' is not a number");
    }
    return Integer.parseInt(text);
  }

  /// Writes the members of an object.
  @FunctionalInterface
  private interface Form<T> {
    void write(JsonGenerator json, T element);
  }

  private static <T> void array(JsonGenerator json, String name, List<T> elements, Form<T> form) {
    json.writeArrayPropertyStart(name);
    for (T element : elements) {
      json.writeStartObject();
      form.write(json, element);
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void listener(JsonGenerator json, Description.Listener listener) {
    json.writeStringProperty("Address", listener.address());
    json.writeBooleanProperty("FollowsTags", listener.followsTags());
    json.writeNumberProperty("Requests", listener.requests());
    json.writeNumberProperty("Active", listener.active());
  }

  private static void server(JsonGenerator json, Description.Server server) {
    json.writeStringProperty("Name", server.name());
    Json.strings(json, "Names", server.names());
    Json.strings(json, "Listens", server.listens());
    json.writeStringProperty("Where", server.where());
    array(
        json,
        "Locations",
        server.locations(),
        (to, it) -> {
          to.writeStringProperty("Name", it.name());
          to.writeStringProperty("Answer", it.answer());
          to.writeNumberProperty("Requests", it.requests());
        });
  }

  private static void route(JsonGenerator json, Description.Route route) {
    json.writeStringProperty("Host", route.host());
    json.writeStringProperty("Path", route.path());
    json.writeStringProperty("Upstream", route.upstream());
    json.writeNumberProperty("Requests", route.requests());
  }

  private static void upstream(JsonGenerator json, Description.Upstream upstream) {
    json.writeStringProperty("Name", upstream.name());
    json.writeStringProperty("Algorithm", upstream.algorithm());
    json.writeStringProperty("State", upstream.state());
    json.writeStringProperty("Reason", upstream.reason());
    json.writeNumberProperty("Waiting", upstream.waiting());
    json.writeNumberProperty("Tries", upstream.tries());
    json.writeNumberProperty("Retries", upstream.retries());
    json.writeNumberProperty("Failures", upstream.failures());
    Json.strings(
        json, "Instances", upstream.members().stream().map(Description.Member::instance).toList());
  }

  private static void member(JsonGenerator json, Description.Member member, String cause) {
    json.writeStringProperty("Instance", member.instance());
    json.writeStringProperty("Address", member.address());
    json.writeStringProperty("State", member.state());
    json.writeStringProperty(
        "Reason", cause.isEmpty() ? member.reason() : member.reason() + "; " + cause);
    json.writeStringProperty("Registry", member.registry());
    json.writeNumberProperty("Weight", member.weight());
    json.writeNumberProperty("Priority", member.priority());
    json.writeStringProperty("Zone", member.zone());
    json.writeNumberProperty("Active", member.active());
    json.writeNumberProperty("Tries", member.tries());
    json.writeNumberProperty("Failures", member.failures());
  }
}
