package dev.muster.registry.catalog;

import dev.muster.registry.tree.CompositeKey;
import dev.muster.registry.tree.Found;
import dev.muster.registry.tree.RadixTree;
import dev.muster.registry.tree.WatchSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// All nodes, services and checks at one moment. Immutable, free to read from any thread. Lists are
/// ordered by node, then id. A [WatchSet] passed to a method sees every change of its answer.
///
/// The trees are for snapshots and for [CatalogChange]; readers have the methods.
///
/// @param nodes by name
/// @param services by node and service id
/// @param servicesByName by name, node and service id
/// @param checks by node and check id
/// @param checksByService by node, service id (empty: the node itself) and check id
/// @param serviceIndexes by service name: the last index at which an instance of it, a check of
///     an instance, or a node under an instance changed; absent while there is no instance
public record Catalog(
    Marks marks,
    RadixTree<Node> nodes,
    RadixTree<Service> services,
    RadixTree<Service> servicesByName,
    RadixTree<Check> checks,
    RadixTree<Check> checksByService,
    RadixTree<Long> serviceIndexes,
    Ids ids) {

  /// Where an id is, for who does not know the node. Changed only as ids come and go; not watched.
  ///
  /// @param nodes the names of nodes by their id and name
  /// @param services the nodes of instances by service id and node
  /// @param checks the nodes of checks by check id and node
  public record Ids(
      RadixTree<String> nodes, RadixTree<String> services, RadixTree<String> checks) {}

  /// The last index at which each table changed.
  ///
  /// @param extinction when any service last lost its last instance
  public record Marks(long nodes, long services, long checks, long extinction) {}

  public static final Catalog EMPTY = empty(new Marks(0, 0, 0, 0));

  /// Nothing yet, last changed then.
  public static Catalog empty(Marks marks) {
    return new Catalog(
        marks,
        RadixTree.empty(),
        RadixTree.empty(),
        RadixTree.empty(),
        RadixTree.empty(),
        RadixTree.empty(),
        RadixTree.empty(),
        new Ids(RadixTree.empty(), RadixTree.empty(), RadixTree.empty()));
  }

  /// Wakes everybody who waits for a part of it, because another catalog takes its place.
  public void abandon() {
    nodes.abandon();
    services.abandon();
    servicesByName.abandon();
    checks.abandon();
    checksByService.abandon();
    serviceIndexes.abandon();
  }

  public Found<List<Node>> nodes(WatchSet watches) {
    return new Found<>(nodes.under("", watches), marks.nodes(), false);
  }

  public Optional<Node> node(String name) {
    return Optional.ofNullable(nodes.get(CompositeKey.of(name)));
  }

  /// The node with this id; empty also if the id is.
  public Optional<Node> nodeWithId(String id) {
    if (id.isEmpty()) {
      return Optional.empty();
    }
    return ids.nodes().under(CompositeKey.of(id)).stream().findFirst().flatMap(this::node);
  }

  /// The name of the first node with this address; empty if there is none.
  public String nodeAt(String address) {
    if (address.isEmpty()) {
      return "";
    }
    for (Node node : nodes.under("")) {
      if (node.address().equals(address)) {
        return node.name();
      }
    }
    return "";
  }

  /// The node and all instances on it.
  public Found<List<Service>> servicesOn(String node, WatchSet watches) {
    boolean absent = nodes.get(CompositeKey.of(node), watches) == null;
    List<Service> found = services.under(CompositeKey.of(node), watches);
    return new Found<>(found, Math.max(marks.nodes(), marks.services()), absent);
  }

  /// Every service's name with the tags that any of its instances has.
  public Found<Map<String, Set<String>>> serviceNames(WatchSet watches) {
    Map<String, Set<String>> names = new TreeMap<>();
    for (Service service : servicesByName.under("", watches)) {
      names
          .computeIfAbsent(service.name(), _ -> new LinkedHashSet<>())
          .addAll(service.definition().tags());
    }
    return new Found<>(names, marks.services(), false);
  }

  /// When any service last changed; the set will see the next change. For who asks for instances in
  /// another way.
  public long servicesChanged(WatchSet watches) {
    servicesByName.watch("", watches);
    return marks.services();
  }

  /// All instances of a service, whatever their health.
  public Found<List<Instance>> instances(String serviceName, WatchSet watches) {
    Long index = serviceIndexes.get(CompositeKey.of(serviceName), watches);
    if (index == null) {
      return new Found<>(List.of(), marks.extinction(), true);
    }
    return new Found<>(instances(serviceName), index, false);
  }

  /// As [#instances(String, WatchSet)], for who follows changes in another way.
  public List<Instance> instances(String serviceName) {
    List<Instance> instances = new ArrayList<>();
    for (Service service : servicesByName.under(CompositeKey.of(serviceName))) {
      Node node = nodes.get(CompositeKey.of(service.node()));
      if (node == null) {
        throw new IllegalStateException("service " + service + " is on no node");
      }
      List<Check> bearing = checksByService.under(CompositeKey.of(service.node(), ""));
      bearing.addAll(checksByService.under(CompositeKey.of(service.node(), service.id())));
      bearing.sort(Comparator.comparing(Check::id));
      instances.add(new Instance(node, service, bearing));
    }
    return instances;
  }

  public Optional<Service> service(String node, String id) {
    return Optional.ofNullable(services.get(CompositeKey.of(node, id)));
  }

  /// The only instance with this id on any node; empty if there are several.
  public Optional<Service> onlyService(String id) {
    Service only = null;
    for (String node : ids.services().under(CompositeKey.of(id))) {
      Service service = services.get(CompositeKey.of(node, id));
      if (service != null && service.id().equals(id)) {
        if (only != null) {
          return Optional.empty();
        }
        only = service;
      }
    }
    return Optional.ofNullable(only);
  }

  public Optional<Check> check(CheckRef check) {
    return Optional.ofNullable(checks.get(CompositeKey.of(check.node(), check.id())));
  }

  /// The only check with this id on any node; empty if there are several.
  public Optional<Check> onlyCheck(String id) {
    Check only = null;
    for (String node : ids.checks().under(CompositeKey.of(id))) {
      Check check = checks.get(CompositeKey.of(node, id));
      if (check != null && check.id().equals(id)) {
        if (only != null) {
          return Optional.empty();
        }
        only = check;
      }
    }
    return Optional.ofNullable(only);
  }

  /// Every check of a node and of the instances on it.
  public Found<List<ServiceCheck>> checksOn(String node, WatchSet watches) {
    List<Check> found = checks.under(CompositeKey.of(node), watches);
    return new Found<>(withServices(found), marks.checks(), found.isEmpty());
  }

  /// The checks of a service's instances, without those of their nodes.
  public Found<List<ServiceCheck>> checksOf(String serviceName, WatchSet watches) {
    Found<List<Instance>> found = instances(serviceName, watches);
    List<ServiceCheck> own = new ArrayList<>();
    for (Instance instance : found.value()) {
      for (Check check : instance.checks()) {
        if (!check.serviceId().isEmpty()) {
          own.add(new ServiceCheck(check, Optional.of(instance.service())));
        }
      }
    }
    return new Found<>(own, found.index(), found.isAbsent());
  }

  /// The checks of one instance, or of the node itself if `serviceId` is empty; none if there is
  /// neither.
  public List<Check> checksAt(String node, String serviceId) {
    return checksByService.under(CompositeKey.of(node, serviceId));
  }

  /// Every check in the given state; null: in any.
  public Found<List<ServiceCheck>> checksIn(Check.@Nullable Status status, WatchSet watches) {
    List<Check> found = checks.under("", watches);
    if (status != null) {
      found.removeIf(check -> check.status() != status);
    }
    return new Found<>(withServices(found), marks.checks(), false);
  }

  private List<ServiceCheck> withServices(List<Check> found) {
    return found.stream()
        .map(check -> new ServiceCheck(check, service(check.node(), check.serviceId())))
        .toList();
  }
}
