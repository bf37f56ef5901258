package dev.muster.registry.query;

import dev.muster.registry.catalog.Catalog;
import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.Instance;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/// What a prepared query gave. There is one datacenter, so failing over leads nowhere.
///
/// @param query as it was run: made from its template, if it is one
/// @param instances those that may be used
/// @param isOrdered whether they are in the order of distance, otherwise in that of chance
/// @param failovers how many other datacenters were asked
public record Execution(
    PreparedQuery query, List<Instance> instances, boolean isOrdered, int failovers) {
  public Execution {
    instances = List.copyOf(instances);
  }

  /// Who asks.
  ///
  /// @param node of the server that was asked: `_agent`
  /// @param address the client's, for `_ip`; empty if it is not known
  /// @param near whose neighbours come first, before what the query says; empty: as it says
  /// @param limit so many instances at most; 0: all
  /// @param connect whether only proxies are asked for, whatever the query says
  public record Asker(String node, String address, String near, int limit, boolean connect) {}

  /// Runs a query on what is known. Pure, but for the order, which is by chance.
  public static Execution of(
      PreparedQuery query, Catalog catalog, Asker asker, RandomGenerator random) {
    List<Instance> instances = new ArrayList<>();
    // No proxies can be registered here.
    if (!query.service().connect() && !asker.connect()) {
      for (Instance instance : catalog.instances(query.service().service())) {
        if (isMeant(instance, query.service())) {
          instances.add(instance);
        }
      }
    }
    Collections.shuffle(instances, random);
    String near = near(query, catalog, asker);
    if (!near.isEmpty()) {
      // The distance is not known between nodes, only that a node is nearest to itself.
      instances.sort((a, b) -> Boolean.compare(isOn(b, near), isOn(a, near)));
    }
    int limit = asker.limit() > 0 ? Math.min(asker.limit(), instances.size()) : instances.size();
    return new Execution(query, instances.subList(0, limit), !near.isEmpty(), 0);
  }

  private static boolean isOn(Instance instance, String node) {
    return instance.node().name().equalsIgnoreCase(node);
  }

  private static boolean isMeant(Instance instance, PreparedQuery.Target target) {
    for (Check check : instance.checks()) {
      boolean matters = !target.ignoreCheckIds().contains(check.id());
      boolean isBad =
          check.status() == Check.Status.CRITICAL
              || (target.onlyPassing() && check.status() != Check.Status.PASSING);
      if (matters && isBad) {
        return false;
      }
    }
    return instance.node().meta().entrySet().containsAll(target.nodeMeta().entrySet())
        && instance
            .service()
            .definition()
            .meta()
            .entrySet()
            .containsAll(target.serviceMeta().entrySet())
        && hasTags(instance, target.tags());
  }

  private static boolean hasTags(Instance instance, List<String> tags) {
    Set<String> own =
        instance.service().definition().tags().stream()
            .map(tag -> tag.toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    return tags.stream()
        .map(tag -> tag.toLowerCase(Locale.ROOT))
        .allMatch(tag -> tag.startsWith("!") ? !own.contains(tag.substring(1)) : own.contains(tag));
  }

  private static String near(PreparedQuery query, Catalog catalog, Asker asker) {
    String near = asker.near().isEmpty() ? query.service().near() : asker.near();
    return switch (near) {
      case "_agent" -> asker.node();
      case "_ip" -> catalog.nodeAt(asker.address());
      default -> near;
    };
  }
}
