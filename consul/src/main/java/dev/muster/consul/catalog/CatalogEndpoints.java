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
import dev.muster.registry.catalog.Catalog;
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
import java.util.function.Predicate;
import tools.jackson.core.JsonGenerator;

/// `/v1/catalog/…`, the reading half.
public final class CatalogEndpoints {
  private final Server server;
  private final Reads reads;
  private final Selection selection;
  private final Shapes shapes;
  private final Answers answers;

  public CatalogEndpoints(
      Server server, Reads reads, Selection selection, Shapes shapes, Answers answers) {
    this.server = server;
    this.reads = reads;
    this.selection = selection;
    this.shapes = shapes;
    this.answers = answers;
  }

  public void addTo(Routes routes) {
    routes.add("GET", "/v1/catalog/datacenters", this::datacenters);
    routes.add("GET", "/v1/catalog/nodes", this::nodes);
    routes.add("GET", "/v1/catalog/services", this::services);
    routes.add("GET", "/v1/catalog/service/", this::service);
    routes.add("GET", "/v1/catalog/connect/", this::proxies, "always empty: there are no proxies");
    routes.add(
        "GET",
        "/v1/catalog/gateway-services/",
        this::gatewayServices,
        "always empty: there are no gateways");
    routes.add("GET", "/v1/catalog/node/", this::node);
    routes.add("GET", "/v1/catalog/node-services/", this::nodeServices);
  }

  private Response datacenters(Request request, String rest) {
    return answers.array(
        request, List.of(server.datacenter()), (json, name) -> json.writeString(name));
  }

  private Response nodes(Request request, String rest) throws InterruptedException {
    Predicate<Node> chosen =
        selection.nodes(request).and(selection.filter(request, selection.elements().node()));
    Found<List<Node>> found = reads.read(request, (view, watches) -> view.catalog().nodes(watches));
    List<Node> nodes = found.value().stream().filter(chosen).toList();
    List<Node> ordered = selection.nearestFirst(request, nodes, Node::name);
    Response answer = answers.array(request, ordered, shapes::node);
    return reads.withIndexAndConsistency(answer, found, request);
  }

  private Response services(Request request, String rest) throws InterruptedException {
    boolean isNarrowed =
        Selection.choosesNodes(request) || !request.parameter("filter").orElse("").isEmpty();
    Predicate<Node> nodes = selection.nodes(request);
    Predicate<Instance> filter = selection.filter(request, selection.elements().catalogService());
    Found<Map<String, Set<String>>> found =
        reads.read(
            request,
            (view, watches) ->
                isNarrowed
                    ? namesOf(nodes, filter, view.catalog(), watches)
                    : view.catalog().serviceNames(watches));
    Response answer =
        answers.json(
            request,
            json -> {
              json.writeStartObject();
              found.value().forEach((name, tags) -> Json.strings(json, name, tags));
              json.writeEndObject();
            });
    return reads.withIndexAndCache(answer, found, request);
  }

  /// The services that have a chosen instance on a chosen node, with the tags of these.
  private static Found<Map<String, Set<String>>> namesOf(
      Predicate<Node> chosenNodes, Predicate<Instance> chosen, Catalog catalog, WatchSet watches) {
    Found<List<Node>> nodes = catalog.nodes(watches);
    long servicesIndex = catalog.servicesChanged(watches);
    Map<String, Set<String>> names = new TreeMap<>();
    for (Node node : nodes.value()) {
      if (chosenNodes.test(node)) {
        // Every change of a service already wakes.
        for (Service service : catalog.servicesOn(node.name(), new WatchSet()).value()) {
          if (chosen.test(new Instance(node, service, List.of()))) {
            names
                .computeIfAbsent(service.name(), _ -> new LinkedHashSet<>())
                .addAll(service.definition().tags());
          }
        }
      }
    }
    return new Found<>(names, Math.max(nodes.index(), servicesIndex), false);
  }

  private Response service(Request request, String name) throws InterruptedException {
    requireService(name);
    Predicate<Instance> chosen =
        selection.instances(request, selection.elements().catalogService());
    Found<List<Instance>> found =
        reads.read(request, (view, watches) -> view.catalog().instances(name, watches));
    List<Instance> instances = found.value().stream().filter(chosen).toList();
    List<Instance> ordered =
        selection.nearestFirst(request, instances, instance -> instance.node().name());
    Response answer = answers.array(request, ordered, shapes::catalogService);
    return reads.withIndexAndCache(answer, found, request);
  }

  private static void requireService(String name) {
    if (name.isEmpty()) {
      throw new Refusal(400, "Missing service name");
    }
  }

  private Response proxies(Request request, String name) throws InterruptedException {
    requireService(name);
    selection.instances(request, selection.elements().catalogService());
    Found<List<Instance>> found = reads.read(request, InFront.of(name));
    Response answer = answers.array(request, found.value(), shapes::catalogService);
    return reads.withIndexAndCache(answer, found, request);
  }

  private Response gatewayServices(Request request, String name) throws InterruptedException {
    if (name.isEmpty()) {
      throw new Refusal(400, "Missing gateway name");
    }
    Found<List<Instance>> found = reads.read(request, InFront.of(name));
    Response answer = answers.array(request, found.value(), shapes::catalogService);
    return reads.withIndexAndConsistency(answer, found, request);
  }

  private Response node(Request request, String name) throws InterruptedException {
    Found<OnNode> found = onNode(request, name);
    Response answer =
        found
            .value()
            .node()
            .map(node -> answers.json(request, json -> withServices(json, node, found.value())))
            .orElseGet(() -> answers.json(request, JsonGenerator::writeNull));
    return reads.withIndexAndConsistency(answer, found, request);
  }

  private void withServices(JsonGenerator json, Node node, OnNode found) {
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

  private Response nodeServices(Request request, String name) throws InterruptedException {
    Found<OnNode> found = onNode(request, name);
    Response answer = answers.json(request, json -> listed(json, found.value()));
    return reads.withIndexAndConsistency(answer, found, request);
  }

  private void listed(JsonGenerator json, OnNode found) {
    json.writeStartObject();
    json.writeName("Node");
    found.node().ifPresentOrElse(node -> shapes.node(json, node), json::writeNull);
    json.writeName("Services");
    if (found.node().isPresent()) {
      json.writeStartArray();
      found.services().forEach(service -> shapes.nodeService(json, service));
      json.writeEndArray();
    } else {
      json.writeNull();
    }
    json.writeEndObject();
  }

  private Found<OnNode> onNode(Request request, String name) throws InterruptedException {
    if (name.isEmpty()) {
      throw new Refusal(400, "Missing node name");
    }
    Predicate<Service> chosen = selection.filter(request, selection.elements().service());
    Found<OnNode> found =
        reads.read(
            request,
            (view, watches) -> {
              Found<List<Service>> services = view.catalog().servicesOn(name, watches);
              var value = new OnNode(view.catalog().node(name), services.value());
              return new Found<>(value, services.index(), services.isAbsent());
            });
    List<Service> services = found.value().services().stream().filter(chosen).toList();
    var value = new OnNode(found.value().node(), services);
    return new Found<>(value, found.index(), found.isAbsent());
  }

  /// A node, if it exists, and what is on it, of the same moment.
  private record OnNode(Optional<Node> node, List<Service> services) {}
}
