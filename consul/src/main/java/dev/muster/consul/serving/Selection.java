package dev.muster.consul.serving;

import dev.muster.consul.filter.Element;
import dev.muster.consul.filter.Elements;
import dev.muster.consul.filter.Filter;
import dev.muster.consul.filter.InvalidFilter;
import dev.muster.consul.form.Refusal;
import dev.muster.http.Request;
import dev.muster.registry.Registry;
import dev.muster.registry.catalog.Instance;
import dev.muster.registry.catalog.Node;
import dev.muster.registry.tree.WatchSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/// The parameters by which a request narrows and orders a list. They are read before a request
/// waits: one that cannot be understood is refused at once.
public final class Selection {
  private final Server server;
  private final Registry registry;
  private final Elements elements;

  public Selection(Server server, Registry registry) {
    this.server = server;
    this.registry = registry;
    elements = new Elements(server.datacenter());
  }

  /// What filters can ask of each kind of element.
  public Elements elements() {
    return elements;
  }

  /// The `filter` of the request; everything if it has none.
  ///
  /// @throws Refusal with 400 if it is no filter for such an element
  public <T> Predicate<T> filter(Request request, Element<T> element) {
    String text = request.parameter("filter").orElse("");
    if (text.isEmpty()) {
      return _ -> true;
    }
    try {
      return Filter.parse(text, element);
    } catch (InvalidFilter e) {
      throw new Refusal(400, "Failed to create boolean expression evaluator: " + e.explanation());
    }
  }

  /// Instances that have every `tag` of the request, whose node has every `node-meta`, and that its
  /// `filter` describes.
  public Predicate<Instance> instances(Request request, Element<Instance> element) {
    List<String> tags = request.query().getOrDefault("tag", List.of());
    Predicate<Node> nodes = nodes(request);
    Predicate<Instance> filter = filter(request, element);
    return instance ->
        hasTags(instance, tags) && nodes.test(instance.node()) && filter.test(instance);
  }

  private static boolean hasTags(Instance instance, List<String> tags) {
    List<String> own = instance.service().definition().tags();
    return tags.stream()
        .filter(tag -> !tag.isEmpty())
        .allMatch(tag -> own.stream().anyMatch(tag::equalsIgnoreCase));
  }

  /// Nodes that have every `node-meta` of the request. What a peer exported is on none: there are
  /// no peers.
  public Predicate<Node> nodes(Request request) {
    Map<String, String> wanted = nodeMeta(request);
    boolean isImported = !request.parameter("peer").orElse("").isEmpty();
    return node -> !isImported && node.meta().entrySet().containsAll(wanted.entrySet());
  }

  /// Whether [#nodes] leaves any out.
  public static boolean choosesNodes(Request request) {
    return request.hasParameter("node-meta") || request.hasParameter("peer");
  }

  /// The `node-meta=key:value` parameters.
  private static Map<String, String> nodeMeta(Request request) {
    Map<String, String> meta = new LinkedHashMap<>();
    for (String pair : request.query().getOrDefault("node-meta", List.of())) {
      int colon = pair.indexOf(':');
      meta.put(
          colon < 0 ? pair : pair.substring(0, colon), colon < 0 ? "" : pair.substring(colon + 1));
    }
    return meta;
  }

  /// The list with what is on the node that `near` names first. No distances are measured: all
  /// other nodes are equally far, and keep their order.
  public <T> List<T> nearestFirst(Request request, List<T> list, Function<T, String> node) {
    Optional<String> nearest = nearest(request);
    if (nearest.isEmpty()) {
      return list;
    }
    List<T> ordered = new ArrayList<>(list.size());
    List<T> others = new ArrayList<>(list.size());
    for (T element : list) {
      boolean isNear = node.apply(element).equalsIgnoreCase(nearest.get());
      (isNear ? ordered : others).add(element);
    }
    ordered.addAll(others);
    return ordered;
  }

  /// The name of a node; `_agent` is this server's, `_ip` the one with the client's address.
  private Optional<String> nearest(Request request) {
    String near = request.parameter("near").orElse("");
    return switch (near) {
      case "" -> Optional.empty();
      case "_agent" -> Optional.of(server.nodeName());
      case "_ip" -> {
        String address = clientAddress(request);
        yield registry.localView().catalog().nodes(new WatchSet()).value().stream()
            .filter(node -> node.address().equals(address))
            .map(Node::name)
            .findFirst();
      }
      default -> Optional.of(near);
    };
  }

  /// A proxy in front of us says whom it speaks for; only the order of lists depends on it.
  private static String clientAddress(Request request) {
    String forwarded = request.headers().getOrDefault("x-forwarded-for", "");
    int comma = forwarded.indexOf(',');
    String first = (comma < 0 ? forwarded : forwarded.substring(0, comma)).strip();
    return first.isEmpty() ? request.client().getHostAddress() : first;
  }
}
