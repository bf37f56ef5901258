package dev.muster.consul;

import dev.muster.http.Request;
import dev.muster.http.Response;
import dev.muster.registry.Found;
import dev.muster.registry.Instance;
import dev.muster.registry.Node;
import dev.muster.registry.Registry;
import dev.muster.registry.Service;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// `/v1/catalog/…`, the reading half.
final class CatalogEndpoints {
  private final Registry registry;
  private final Server server;
  private final Reads reads;
  private final Shapes shapes;
  private final Answers answers;

  CatalogEndpoints(Registry registry, Server server, Reads reads, Shapes shapes, Answers answers) {
    this.registry = registry;
    this.server = server;
    this.reads = reads;
    this.shapes = shapes;
    this.answers = answers;
  }

  void addTo(Routes routes) {
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
    Found<List<Node>> found = reads.read(request, (view, watches) -> view.nodes(watches));
    List<Node> nodes =
        found.value().stream().filter(node -> Selection.hasMeta(node.meta(), meta)).toList();
    Response answer = answers.array(request, nodes, shapes::node);
    return reads.withIndexAndConsistency(answer, found, request);
  }

  private Response services(Request request, String rest) throws InterruptedException {
    Selection.refuseFilter(request);
    if (!Selection.nodeMeta(request).isEmpty()) {
      throw new Refusal(400, "?node-meta= is not supported here by this version");
    }
    Found<Map<String, Set<String>>> found =
        reads.read(request, (view, watches) -> view.serviceNames(watches));
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

  private Response service(Request request, String name) throws InterruptedException {
    if (name.isEmpty()) {
      throw new Refusal(400, "Missing service name");
    }
    Found<List<Instance>> found =
        reads.read(request, (view, watches) -> view.instances(name, watches));
    List<Instance> chosen = Selection.of(request, found.value());
    Response answer = answers.array(request, chosen, shapes::catalogService);
    return reads.withIndexAndConsistency(answer, found, request);
  }

  private Response node(Request request, String name) throws InterruptedException {
    if (name.isEmpty()) {
      throw new Refusal(400, "Missing node name");
    }
    Selection.refuseFilter(request);
    Found<List<Service>> found =
        reads.read(request, (view, watches) -> view.servicesOn(name, watches));
    Optional<Node> node = registry.localView().node(name);
    Response answer =
        answers.json(
            request,
            json -> {
              if (found.isAbsent() || node.isEmpty()) {
                json.writeNull();
                return;
              }
              json.writeStartObject();
              json.writeName("Node");
              shapes.node(json, node.get());
              json.writeObjectPropertyStart("Services");
              for (Service service : found.value()) {
                json.writeName(service.id());
                shapes.nodeService(json, service);
              }
              json.writeEndObject();
              json.writeEndObject();
            });
    return reads.withIndexAndConsistency(answer, found, request);
  }
}
