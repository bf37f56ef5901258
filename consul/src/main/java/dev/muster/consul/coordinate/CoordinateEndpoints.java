package dev.muster.consul.coordinate;

import dev.muster.consul.form.Fields;
import dev.muster.consul.form.Json;
import dev.muster.consul.form.Refusal;
import dev.muster.consul.serving.Answers;
import dev.muster.consul.serving.Reads;
import dev.muster.consul.serving.Routes;
import dev.muster.consul.serving.Server;
import dev.muster.http.Request;
import dev.muster.http.Response;
import dev.muster.registry.catalog.Instance;
import dev.muster.registry.tree.Found;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/// `/v1/coordinate/…`: where servers are in the network. Nothing measures that here, so each stands
/// where a server of Consul's stands at first, and stays there.
public final class CoordinateEndpoints {
  private static final int DIMENSIONS = 8;
  private static final String SERVERS = "consul";

  private final Server server;
  private final Reads reads;
  private final Answers answers;

  public CoordinateEndpoints(Server server, Reads reads, Answers answers) {
    this.server = server;
    this.reads = reads;
    this.answers = answers;
  }

  public void addTo(Routes routes) {
    String constant = "servers only, where they start: nothing measures the network here";
    routes.add("GET", "/v1/coordinate/datacenters", this::datacenters, constant);
    routes.add("GET", "/v1/coordinate/nodes", this::nodes, constant);
    routes.add("GET", "/v1/coordinate/node/", this::node, constant);
    routes.add(
        "PUT", "/v1/coordinate/update", this::update, "checked, and not kept: no agents measure");
  }

  private Response datacenters(Request request, String rest) {
    List<String> names = serverNames(reads.view(request).catalog().instances(SERVERS));
    return answers.json(
        request,
        json -> {
          json.writeStartArray();
          json.writeStartObject();
          json.writeStringProperty("Datacenter", server.datacenter());
          json.writeStringProperty("AreaID", "wan");
          json.writeArrayPropertyStart("Coordinates");
          names.forEach(name -> coordinate(json, name));
          json.writeEndArray();
          json.writeEndObject();
          json.writeEndArray();
        });
  }

  private Response nodes(Request request, String rest) throws InterruptedException {
    Found<List<String>> found = servers(request);
    return reads.withIndex(
        answers.array(request, found.value(), CoordinateEndpoints::coordinate), found);
  }

  private Response node(Request request, String name) throws InterruptedException {
    Found<List<String>> found = servers(request);
    List<String> named = found.value().stream().filter(name::equalsIgnoreCase).toList();
    return named.isEmpty()
        ? Response.empty(404)
        : reads.withIndex(answers.array(request, named, CoordinateEndpoints::coordinate), found);
  }

  private Found<List<String>> servers(Request request) throws InterruptedException {
    boolean isElsewhere = !request.parameter("segment").orElse("").isEmpty();
    return reads.read(
        request,
        (view, watches) -> {
          Found<List<Instance>> found = view.catalog().instances(SERVERS, watches);
          List<String> names = isElsewhere ? List.of() : serverNames(found.value());
          return new Found<>(names, found.index(), found.isAbsent());
        });
  }

  private static List<String> serverNames(List<Instance> servers) {
    return servers.stream().map(server -> server.node().name()).distinct().toList();
  }

  private static void coordinate(JsonGenerator json, String node) {
    json.writeStartObject();
    json.writeStringProperty("Node", node);
    json.writeStringProperty("Segment", "");
    json.writeObjectPropertyStart("Coord");
    json.writeArrayPropertyStart("Vec");
    for (int i = 0; i < DIMENSIONS; i++) {
      json.writeNumber(0);
    }
    json.writeEndArray();
    json.writeNumberProperty("Error", 1.5);
    json.writeNumberProperty("Adjustment", 0);
    json.writeName("Height");
    json.writeNumber("0.00001");
    json.writeEndObject();
    json.writeEndObject();
  }

  /// Takes what an agent measured, and keeps nothing of it.
  private Response update(Request request, String rest) {
    Fields fields = Fields.of(Json.parse(request.body()));
    fields.requireDefault("Namespace", "Partition");
    fields.string("Node");
    fields.string("Segment");
    fields.ignore("Datacenter");
    Fields coordinate = fields.object("Coord").orElseThrow(CoordinateEndpoints::invalid);
    coordinate.ignore("Error", "Adjustment", "Height");
    if (coordinate.numbers("Vec").size() != DIMENSIONS) {
      throw invalid();
    }
    coordinate.end();
    fields.end();
    return Response.empty(200);
  }

  private static Refusal invalid() {
    return new Refusal(400, "invalid coordinate: Coord.Vec must have " + DIMENSIONS + " numbers");
  }
}
