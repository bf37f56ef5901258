package dev.muster.consul.catalog;

import dev.muster.consul.form.Json;
import dev.muster.consul.form.Refusal;
import dev.muster.consul.serving.Answers;
import dev.muster.consul.serving.Reads;
import dev.muster.consul.serving.Routes;
import dev.muster.consul.serving.Selection;
import dev.muster.consul.serving.Server;
import dev.muster.consul.serving.Shapes;
import dev.muster.http.Request;
import dev.muster.http.Response;
import dev.muster.registry.View;
import dev.muster.registry.catalog.Instance;
import dev.muster.registry.catalog.Node;
import dev.muster.registry.catalog.Service;
import dev.muster.registry.tree.Found;
import dev.muster.registry.tree.WatchSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;

/// `/v1/catalog/…`, the reading half.
public final class CatalogEndpoints {
  private final Server server;
  private final Reads reads;
  private final Shapes shapes;
  private final Answers answers;

  public CatalogEndpoints(Server server, Reads reads, Shapes shapes, Answers answers) {
    this.server = server;
    this.reads = reads;
    this.shapes = shapes;
    this.answers = answers;
  }

  public void addTo(Routes routes) {
    routes.add("GET", "/v1/catalog/datacenters", this::datacenters);
    routes.add("GET", "/v1/catalog/nodes", this::nodes);
    routes.add("GET", "/v1/catalog/services", this::services);
    routes.add("GET", "/v1/catalog/service/", this::service);
    routes.add("GET", "/v1/catalog/node/", this::node);
  }

  private Response datacenters(Request request, String rest) {
    return answers.array(
        request, List.of(server.datacenter()), (json, name) -> json.writeString(name));
  }

  private Response nodes(Request request, String rest) throws InterruptedException {
    Selection.refuseFilter(request);
    Map<String, String> meta = Selection.nodeMeta(request);
    Found<List<Node>> found = reads.read(request, (view, watches) -> view.catalog().nodes(watches));
    List<Node> nodes =
        found.value().stream().filter(node -> Selection.hasMeta(node.meta(), meta)).toList();
    Response answer = answers.array(request, nodes, shapes::node);
    return reads.withIndexAndConsistency(answer, found, request);
  }

  private Response services(Request request, String rest) throws InterruptedException {
    Selection.refuseFilter(request);
    Map<String, String> meta = Selection.nodeMeta(request);
    Found<Map<String, Set<String>>> found =
        reads.read(
            request,
            (view, watches) ->
                meta.isEmpty()
                    ? view.catalog().serviceNames(watches)
                    : namesOn(meta, view, watches));
    Response answer =
        answers.json(
            request,
            json -> {
              json.writeStartObject();
              found.value().forEach((name, tags) -> Json.strings(json, name, tags));
              json.writeEndObject();
            });
    return reads.withIndexAndConsistency(answer, found, request);
  }

  /// The services of nodes with all of the metadata.
  private static Found<Map<String, Set<String>>> namesOn(
      Map<String, String> meta, View view, WatchSet watches) {
    Found<List<Node>> nodes = view.catalog().nodes(watches);
    Map<String, Set<String>> names = new TreeMap<>();
    for (Node node : nodes.value()) {
      if (Selection.hasMeta(node.meta(), meta)) {
        for (Service service : view.catalog().servicesOn(node.name(), watches).value()) {
          names
              .computeIfAbsent(service.name(), _ -> new LinkedHashSet<>())
              .addAll(service.definition().tags());
        }
      }
    }
    long index = Math.max(nodes.index(), view.catalog().serviceNames(watches).index());
    return new Found<>(names, index, false);
  }

  private Response service(Request request, String name) throws InterruptedException {
    if (name.isEmpty()) {
      throw new Refusal(400, "Missing service name");
    }
    Selection.refuseFilter(request);
    Found<List<Instance>> found =
        reads.read(request, (view, watches) -> view.catalog().instances(name, watches));
    List<Instance> chosen = Selection.of(request, found.value());
    Response answer = answers.array(request, chosen, shapes::catalogService);
    return reads.withIndexAndConsistency(answer, found, request);
  }

  private Response node(Request request, String name) throws InterruptedException {
    if (name.isEmpty()) {
      throw new Refusal(400, "Missing node name");
    }
    Selection.refuseFilter(request);
    Found<OnNode> found =
        reads.read(
            request,
            (view, watches) -> {
              Found<List<Service>> services = view.catalog().servicesOn(name, watches);
              var value = new OnNode(view.catalog().node(name), services.value());
              return new Found<>(value, services.index(), services.isAbsent());
            });
    Response answer =
        found
            .value()
            .node()
            .map(node -> answers.json(request, json -> onNode(json, node, found.value())))
            .orElseGet(() -> answers.json(request, JsonGenerator::writeNull));
    return reads.withIndexAndConsistency(answer, found, request);
  }

  private void onNode(JsonGenerator json, Node node, OnNode found) {
    json.writeStartObject();
    json.writeName("Node");
    shapes.node(json, node);
    json.writeObjectPropertyStart("Services");
    for (Service service : found.services()) {
      json.writeName(service.id());
      shapes.nodeService(json, service);
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  /// A node, if it exists, and what is on it, of the same moment.
  private record OnNode(Optional<Node> node, List<Service> services) {}
}
