package dev.muster.consul.agent;

import dev.muster.consul.form.Json;
import dev.muster.consul.form.Refusal;
import dev.muster.consul.serving.Answers;
import dev.muster.consul.serving.Routes;
import dev.muster.consul.serving.Server;
import dev.muster.http.Request;
import dev.muster.http.Response;
import dev.muster.registry.Registry;
import dev.muster.registry.Standing;
import dev.muster.registry.catalog.Node;
import dev.muster.registry.tree.WatchSet;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/// `/v1/agent/self`, `members` and `metrics`: what this server says of itself.
public final class AgentEndpoints {
  private static final int ALIVE = 1;
  private static final DateTimeFormatter METRICS_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss '+0000 UTC'", Locale.ROOT);

  private final Registry registry;
  private final Server server;
  private final Metrics metrics;
  private final InstantSource clock;
  private final Answers answers;

  public AgentEndpoints(
      Registry registry, Server server, Metrics metrics, InstantSource clock, Answers answers) {
    this.registry = registry;
    this.server = server;
    this.metrics = metrics;
    this.clock = clock;
    this.answers = answers;
  }

  public void addTo(Routes routes) {
    routes.add("GET", "/v1/agent/self", this::self);
    routes.add("GET", "/v1/agent/members", this::members);
    routes.add("GET", "/v1/agent/metrics", this::metrics);
  }

  private Response self(Request request, String rest) {
    return answers.json(
        request,
        json -> {
          json.writeStartObject();
          json.writeObjectPropertyStart("Config");
          json.writeStringProperty("Datacenter", server.datacenter());
          json.writeStringProperty("PrimaryDatacenter", server.datacenter());
          json.writeStringProperty("NodeName", server.nodeName());
          json.writeStringProperty("NodeID", server.nodeId());
          json.writeStringProperty("Revision", "");
          json.writeBooleanProperty("Server", true);
          json.writeStringProperty("Version", Server.CONSUL_VERSION);
          json.writeEndObject();
          debugConfig(json);
          coordinate(json);
          json.writeName("Member");
          member(json, server.nodeName(), server.nodeId(), server.address(), server.serverPort());
          stats(json);
          json.writeObjectPropertyStart("Meta");
          json.writeStringProperty("muster-version", server.version());
          json.writeEndObject();
          json.writeObjectPropertyStart("xDS");
          json.writeEndObject();
          json.writeEndObject();
        });
  }

  private void debugConfig(JsonGenerator json) {
    json.writeObjectPropertyStart("DebugConfig");
    json.writeBooleanProperty("ACLsEnabled", false);
    json.writeStringProperty("Datacenter", server.datacenter());
    json.writeBooleanProperty("DevMode", server.isDevelopment());
    json.writeStringProperty("NodeName", server.nodeName());
    json.writeStringProperty("NodeID", server.nodeId());
    json.writeBooleanProperty("ServerMode", true);
    json.writeNumberProperty("ServerPort", server.serverPort());
    json.writeStringProperty("Version", Server.CONSUL_VERSION);
    json.writeEndObject();
  }

  private static void coordinate(JsonGenerator json) {
    json.writeObjectPropertyStart("Coord");
    json.writeArrayPropertyStart("Vec");
    for (int i = 0; i < 8; i++) {
      json.writeNumber(0);
    }
    json.writeEndArray();
    json.writeNumberProperty("Error", 1.5);
    json.writeNumberProperty("Adjustment", 0);
    json.writeNumberProperty("Height", 0.00001);
    json.writeEndObject();
  }

  private void stats(JsonGenerator json) {
    Standing standing = registry.standing();
    json.writeObjectPropertyStart("Stats");
    json.writeObjectPropertyStart("agent");
    int services =
        registry.localView().catalog().servicesOn(server.nodeName(), new WatchSet()).value().size();
    json.writeStringProperty("services", Integer.toString(services));
    json.writeEndObject();
    json.writeObjectPropertyStart("consul");
    json.writeStringProperty("leader", Boolean.toString(standing.leads()));
    json.writeStringProperty("leader_addr", standing.leaderAddress().orElse(""));
    json.writeStringProperty("server", "true");
    json.writeEndObject();
    json.writeObjectPropertyStart("raft");
    json.writeStringProperty("applied_index", Long.toString(standing.appliedIndex()));
    json.writeStringProperty("commit_index", Long.toString(standing.committedIndex()));
    json.writeStringProperty("num_peers", Integer.toString(standing.serverAddresses().size() - 1));
    json.writeStringProperty("state", state(standing.role()));
    json.writeStringProperty("term", Long.toString(standing.term()));
    json.writeEndObject();
    json.writeEndObject();
  }

  private static String state(Standing.Role role) {
    return switch (role) {
      case LEADER -> "Leader";
      case FOLLOWER -> "Follower";
      case CANDIDATE -> "Candidate";
    };
  }

  private Response members(Request request, String rest) {
    return answers.json(
        request,
        json -> {
          json.writeStartArray();
          for (Node node : registry.localView().catalog().nodes(new WatchSet()).value()) {
            registry
                .localView()
                .catalog()
                .service(node.name(), "consul")
                .ifPresent(
                    service ->
                        member(
                            json,
                            node.name(),
                            node.id(),
                            node.address(),
                            service.definition().port()));
          }
          json.writeEndArray();
        });
  }

  private void member(JsonGenerator json, String name, String id, String address, int port) {
    json.writeStartObject();
    json.writeStringProperty("Name", name);
    json.writeStringProperty("Addr", address);
    json.writeNumberProperty("Port", port);
    Json.map(
        json,
        "Tags",
        Map.of(
            "build",
            Server.CONSUL_VERSION,
            "dc",
            server.datacenter(),
            "id",
            id,
            "port",
            Integer.toString(port),
            "role",
            "consul",
            "vsn",
            "2"));
    json.writeNumberProperty("Status", ALIVE);
    json.writeNumberProperty("ProtocolMin", 1);
    json.writeNumberProperty("ProtocolMax", 5);
    json.writeNumberProperty("ProtocolCur", 2);
    json.writeNumberProperty("DelegateMin", 2);
    json.writeNumberProperty("DelegateMax", 5);
    json.writeNumberProperty("DelegateCur", 4);
    json.writeEndObject();
  }

  private Response metrics(Request request, String rest) {
    if (request.parameter("format").filter(format -> !format.isEmpty()).isPresent()) {
      throw new Refusal(415, "Only the JSON format of metrics is served by this version");
    }
    Instant now = clock.instant();
    return answers.json(
        request,
        json -> {
          json.writeStartObject();
          json.writeStringProperty("Timestamp", METRICS_TIME.format(now.atOffset(ZoneOffset.UTC)));
          json.writeArrayPropertyStart("Gauges");
          json.writeEndArray();
          json.writeArrayPropertyStart("Points");
          json.writeEndArray();
          json.writeArrayPropertyStart("Counters");
          metrics.counters().forEach(counter -> counter(json, counter));
          json.writeEndArray();
          json.writeArrayPropertyStart("Samples");
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
}
