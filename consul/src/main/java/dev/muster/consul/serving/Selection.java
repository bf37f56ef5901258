package dev.muster.consul.serving;

import dev.muster.consul.form.Refusal;
import dev.muster.http.Request;
import dev.muster.registry.catalog.Instance;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The parameters by which a request narrows a list.
public final class Selection {
  private Selection() {}

  /// Instances that have every `tag` of the request and whose node has every `node-meta`.
  public static List<Instance> of(Request request, List<Instance> instances) {
    refuseFilter(request);
    List<String> tags = request.query().getOrDefault("tag", List.of());
    Map<String, String> meta = nodeMeta(request);
    return instances.stream()
        .filter(instance -> hasTags(instance, tags) && hasMeta(instance.node().meta(), meta))
        .toList();
  }

  private static boolean hasTags(Instance instance, List<String> tags) {
    List<String> own = instance.service().definition().tags();
    return tags.stream()
        .filter(tag -> !tag.isEmpty())
        .allMatch(tag -> own.stream().anyMatch(tag::equalsIgnoreCase));
  }

  /// The `node-meta=key:value` parameters.
  public static Map<String, String> nodeMeta(Request request) {
    Map<String, String> meta = new LinkedHashMap<>();
    for (String pair : request.query().getOrDefault("node-meta", List.of())) {
      int colon = pair.indexOf(':');
      meta.put(
          colon < 0 ? pair : pair.substring(0, colon), colon < 0 ? "" : pair.substring(colon + 1));
    }
    return meta;
  }

  public static boolean hasMeta(Map<String, String> meta, Map<String, String> wanted) {
    return meta.entrySet().containsAll(wanted.entrySet());
  }

  /// A list that a client believes to be filtered must not be longer than it asked for.
  public static void refuseFilter(Request request) {
    if (request.parameter("filter").filter(filter -> !filter.isEmpty()).isPresent()) {
      throw new Refusal(
          400,
          "?filter= is not supported by this version; use ?tag= or ?node-meta= where they fit");
    }
  }
}
