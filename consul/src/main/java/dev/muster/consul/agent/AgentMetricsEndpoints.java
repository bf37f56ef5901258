package dev.muster.consul.agent;

import dev.muster.consul.form.Json;
import dev.muster.consul.form.Refusal;
import dev.muster.consul.serving.Answers;
import dev.muster.consul.serving.Routes;
import dev.muster.http.Request;
import dev.muster.http.Response;
import dev.muster.registry.Registry;
import dev.muster.registry.Standing;
import dev.muster.registry.catalog.Catalog;
import dev.muster.registry.tree.WatchSet;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/// `/v1/agent/metrics`: this server's numbers, in Consul's JSON or Prometheus' text.
public final class AgentMetricsEndpoints {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss '+0000 UTC'", Locale.ROOT);

  private final Registry registry;
  private final Metrics metrics;
  private final InstantSource clock;
  private final Answers answers;

  public AgentMetricsEndpoints(
      Registry registry, Metrics metrics, InstantSource clock, Answers answers) {
    this.registry = registry;
    this.metrics = metrics;
    this.clock = clock;
    this.answers = answers;
  }

  public void addTo(Routes routes) {
    routes.add(
        "GET",
        "/v1/agent/metrics",
        this::metrics,
        "numbers of our own; format=prometheus needs no setting");
  }

  private Response metrics(Request request, String rest) {
    String format = request.parameter("format").orElse("");
    return switch (format) {
      case "" -> json(request);
      case "prometheus" -> {
        String text = PrometheusText.of(metrics.counters(), gauges(), metrics.histograms());
        yield Response.of(
            200, "text/plain; version=0.0.4; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
      }
      default ->
          throw new Refusal(
              400, "Unknown format of metrics \"%s\": want prometheus or none".formatted(format));
    };
  }

  private Response json(Request request) {
    Instant now = clock.instant();
    return answers.json(
        request,
        json -> {
          json.writeStartObject();
          json.writeStringProperty("Timestamp", TIME.format(now.atOffset(ZoneOffset.UTC)));
          json.writeArrayPropertyStart("Gauges");
          gauges().forEach(gauge -> gauge(json, gauge));
          json.writeEndArray();
          json.writeArrayPropertyStart("Points");
          json.writeEndArray();
          json.writeArrayPropertyStart("Counters");
          metrics.counters().forEach(counter -> counter(json, counter));
          json.writeEndArray();
          json.writeArrayPropertyStart("Samples");
          metrics.histograms().forEach(histogram -> sample(json, histogram));
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private static void counter(JsonGenerator json, Metrics.Counter counter) {
    json.writeStartObject();
    json.writeStringProperty("Name", counter.name());
    json.writeNumberProperty("Count", counter.count());
    json.writeNumberProperty("Sum", counter.count());
    Json.map(json, "Labels", counter.labels());
    json.writeEndObject();
  }

  private static void sample(JsonGenerator json, Metrics.Histogram histogram) {
    json.writeStartObject();
    json.writeStringProperty("Name", histogram.name());
    json.writeNumberProperty("Count", histogram.count());
    json.writeNumberProperty("Sum", histogram.sum());
    Json.map(json, "Labels", histogram.labels());
    json.writeEndObject();
  }

  private static void gauge(JsonGenerator json, Metrics.Gauge gauge) {
    json.writeStartObject();
    json.writeStringProperty("Name", gauge.name());
    json.writeNumberProperty("Value", gauge.value());
    Json.map(json, "Labels", gauge.labels());
    json.writeEndObject();
  }

  /// The program's and those of the registry, under the names that Consul's dashboards look for.
  private List<Metrics.Gauge> gauges() {
    Standing standing = registry.standing();
    Catalog catalog = registry.localView().catalog();
    int services = catalog.serviceNames(new WatchSet()).value().size();
    List<Metrics.Gauge> gauges = new ArrayList<>(metrics.gauges());
    gauges.add(gauge("consul.server.isLeader", standing.leads() ? 1 : 0));
    gauges.add(gauge("consul.raft.peers", standing.serverAddresses().size()));
    gauges.add(gauge("consul.raft.commit_index", (double) standing.committedIndex()));
    gauges.add(gauge("consul.raft.applied_index", (double) standing.appliedIndex()));
    gauges.add(gauge("consul.state.nodes", catalog.nodes().size()));
    gauges.add(gauge("consul.state.services", services));
    gauges.add(gauge("consul.state.service_instances", catalog.services().size()));
    return gauges;
  }

  private static Metrics.Gauge gauge(String name, double value) {
    return new Metrics.Gauge(name, Map.of(), value);
  }
}
