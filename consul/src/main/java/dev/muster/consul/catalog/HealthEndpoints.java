package dev.muster.consul.catalog;

import dev.muster.consul.form.GoBoolean;
import dev.muster.consul.form.Refusal;
import dev.muster.consul.serving.Answers;
import dev.muster.consul.serving.Reads;
import dev.muster.consul.serving.Routes;
import dev.muster.consul.serving.Selection;
import dev.muster.consul.serving.Shapes;
import dev.muster.http.Request;
import dev.muster.http.Response;
import dev.muster.registry.View;
import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.Instance;
import dev.muster.registry.catalog.Node;
import dev.muster.registry.catalog.ServiceCheck;
import dev.muster.registry.tree.Found;
import java.util.List;
import java.util.function.Predicate;

/// `/v1/health/…`: instances with their checks, and checks alone.
public final class HealthEndpoints {
  private final Reads reads;
  private final Selection selection;
  private final Shapes shapes;
  private final Answers answers;

  public HealthEndpoints(Reads reads, Selection selection, Shapes shapes, Answers answers) {
    this.reads = reads;
    this.selection = selection;
    this.shapes = shapes;
    this.answers = answers;
  }

  public void addTo(Routes routes) {
    routes.add("GET", "/v1/health/service/", this::service);
    routes.add("GET", "/v1/health/connect/", this::proxies, "always empty: there are no proxies");
    routes.add("GET", "/v1/health/ingress/", this::proxies, "always empty: there are no gateways");
    routes.add("GET", "/v1/health/node/", this::node);
    routes.add("GET", "/v1/health/checks/", this::checks);
    routes.add("GET", "/v1/health/state/", this::state);
  }

  private Response service(Request request, String name) throws InterruptedException {
    if (name.isEmpty()) {
      throw new Refusal(400, "Missing service name");
    }
    boolean onlyPassing = onlyPassing(request);
    Predicate<Instance> chosen = selection.instances(request, selection.elements().healthService());
    Found<List<Instance>> found =
        reads.read(request, (view, watches) -> view.catalog().instances(name, watches));
    List<Instance> instances =
        found.value().stream()
            .filter(instance -> !onlyPassing || instance.isPassing())
            .filter(chosen)
            .toList();
    List<Instance> ordered =
        selection.nearestFirst(request, instances, instance -> instance.node().name());
    Response answer = answers.array(request, ordered, shapes::healthService);
    return reads.withIndexAndCache(answer, found, request);
  }

  /// No proxy and no gateway can be registered, so a service has none in front of it.
  private Response proxies(Request request, String name) throws InterruptedException {
    if (name.isEmpty()) {
      throw new Refusal(400, "Missing service name");
    }
    onlyPassing(request);
    selection.instances(request, selection.elements().healthService());
    Found<List<Instance>> found = reads.read(request, InFront.of(name));
    Response answer = answers.array(request, found.value(), shapes::healthService);
    return reads.withIndexAndCache(answer, found, request);
  }

  private static boolean onlyPassing(Request request) {
    if (!request.hasParameter("passing")) {
      return false;
    }
    String value = request.parameter("passing").orElse("");
    return value.isEmpty()
        || GoBoolean.parse(value).orElseThrow(() -> new Refusal(400, "Invalid value for ?passing"));
  }

  private Response node(Request request, String name) throws InterruptedException {
    if (name.isEmpty()) {
      throw new Refusal(400, "Missing node name");
    }
    return list(request, (view, watches) -> view.catalog().checksOn(name, watches));
  }

  private Response checks(Request request, String name) throws InterruptedException {
    if (name.isEmpty()) {
      throw new Refusal(400, "Missing service name");
    }
    return list(request, (view, watches) -> view.catalog().checksOf(name, watches));
  }

  private Response state(Request request, String state) throws InterruptedException {
    if (state.isEmpty()) {
      throw new Refusal(400, "Missing check state");
    }
    return list(
        request,
        (view, watches) ->
            switch (state) {
              case "any" -> view.catalog().checksIn(null, watches);
              case "passing" -> view.catalog().checksIn(Check.Status.PASSING, watches);
              case "warning" -> view.catalog().checksIn(Check.Status.WARNING, watches);
              case "critical" -> view.catalog().checksIn(Check.Status.CRITICAL, watches);
              default -> {
                Found<List<ServiceCheck>> any = view.catalog().checksIn(null, watches);
                yield new Found<>(List.of(), any.index(), true);
              }
            });
  }

  private Response list(Request request, Reads.Query<List<ServiceCheck>> query)
      throws InterruptedException {
    Predicate<ServiceCheck> chosen = selection.filter(request, selection.elements().check());
    Predicate<Node> nodes = selection.nodes(request);
    Found<List<ServiceCheck>> found =
        reads.read(request, (view, watches) -> onNodes(view, nodes, query.run(view, watches)));
    List<ServiceCheck> checks = found.value().stream().filter(chosen).toList();
    List<ServiceCheck> ordered =
        selection.nearestFirst(request, checks, check -> check.check().node());
    Response answer = answers.array(request, ordered, shapes::check);
    return reads.withIndexAndConsistency(answer, found, request);
  }

  private static Found<List<ServiceCheck>> onNodes(
      View view, Predicate<Node> nodes, Found<List<ServiceCheck>> found) {
    List<ServiceCheck> chosen =
        found.value().stream()
            .filter(it -> view.catalog().node(it.check().node()).filter(nodes).isPresent())
            .toList();
    return new Found<>(chosen, found.index(), found.isAbsent());
  }
}
