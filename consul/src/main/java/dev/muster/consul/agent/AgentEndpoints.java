package dev.muster.consul.agent;

import dev.muster.consul.form.GoDuration;
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
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;

/// `/v1/agent/self` and `members`: what this server says of itself and its group.
public final class AgentEndpoints {
  private static final int ALIVE = 1;

  private final Registry registry;
  private final Server server;
  private final Answers answers;

  public AgentEndpoints(Registry registry, Server server, Answers answers) {
    this.registry = registry;
    this.server = server;
    this.answers = answers;
  }

  public void addTo(Routes routes) {
    routes.add("GET", "/v1/agent/self", this::self);
    routes.add(
        "GET",
        "/v1/agent/members",
        this::members,
        "the servers of the group, always alive: there is no gossip");
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
          // In nanoseconds; Patroni asks for it when a TTL was refused.
          json.writeNumberProperty("SessionTTLMin", server.sessionTtlMin().toNanos());
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
    json.writeStringProperty("SessionTTLMin", GoDuration.format(server.sessionTtlMin()));
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
    String segment = request.parameter("segment").orElse("");
    if (!segment.isEmpty() && !segment.equals("_all")) {
      throw new Refusal(400, "Network segments are a Consul Enterprise feature");
    }
    // In the group of datacenters' servers, the datacenter is part of the name.
    boolean isWan = request.hasParameter("wan");
    String suffix = isWan ? "." + server.datacenter() : "";
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
                            node.name() + suffix,
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
        new TreeMap<>(
            Map.ofEntries(
                Map.entry("acls", "0"),
                Map.entry("build", Server.CONSUL_VERSION + ":"),
                Map.entry("dc", server.datacenter()),
                Map.entry("ft_fs", "1"),
                Map.entry("id", id),
                Map.entry("port", Integer.toString(port)),
                Map.entry("raft_vsn", "3"),
                Map.entry("role", "consul"),
                Map.entry("segment", ""),
                Map.entry("vsn", "2"),
                Map.entry("vsn_max", "3"),
                Map.entry("vsn_min", "2"),
                Map.entry("wan_join_port", Integer.toString(port)))));
    json.writeNumberProperty("Status", ALIVE);
    json.writeNumberProperty("ProtocolMin", 1);
    json.writeNumberProperty("ProtocolMax", 5);
    json.writeNumberProperty("ProtocolCur", 2);
    json.writeNumberProperty("DelegateMin", 2);
    json.writeNumberProperty("DelegateMax", 5);
    json.writeNumberProperty("DelegateCur", 4);
    json.writeEndObject();
  }
}
