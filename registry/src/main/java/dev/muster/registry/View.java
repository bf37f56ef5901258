package dev.muster.registry;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The registry at one moment: immutable, free to read from any thread for as long as it is held.
/// Lists are ordered by node, then id. A [WatchSet] passed to a method sees every change of its
/// answer.
public final class View {
  private final Tables tables;

  View(Tables tables) {
    this.tables = tables;
  }

  /// The index of the last command applied.
  public long index() {
    return tables.marks().index();
  }

  public Found<List<Node>> nodes(WatchSet watches) {
    return new Found<>(tables.nodes().under("", watches), tables.marks().nodes(), false);
  }

  public Optional<Node> node(String name) {
    return Optional.ofNullable(tables.nodes().get(Tables.key(name)));
  }

  /// The node and all instances on it.
  public Found<List<Service>> servicesOn(String node, WatchSet watches) {
    boolean absent = tables.nodes().get(Tables.key(node), watches) == null;
    List<Service> services = tables.services().under(Tables.key(node), watches);
    long index = Math.max(tables.marks().nodes(), tables.marks().services());
    return new Found<>(services, index, absent);
  }

  /// Every service's name with the tags that any of its instances has.
  public Found<Map<String, Set<String>>> serviceNames(WatchSet watches) {
    Map<String, Set<String>> names = new TreeMap<>();
    for (Service service : tables.servicesByName().under("", watches)) {
      names
          .computeIfAbsent(service.name(), _ -> new LinkedHashSet<>())
          .addAll(service.definition().tags());
    }
    return new Found<>(names, tables.marks().services(), false);
  }

  /// All instances of a service, whatever their health.
  public Found<List<Instance>> instances(String serviceName, WatchSet watches) {
    Long index = tables.serviceIndexes().get(Tables.key(serviceName), watches);
    if (index == null) {
      return new Found<>(List.of(), tables.marks().extinction(), true);
    }
    return new Found<>(instances(serviceName), index, false);
  }

  /// As [#instances(String, WatchSet)], for who follows changes by a [Registry.Listener].
  public List<Instance> instances(String serviceName) {
    List<Instance> instances = new ArrayList<>();
    for (Service service : tables.servicesByName().under(Tables.key(serviceName))) {
      Node node = tables.nodes().get(Tables.key(service.node()));
      if (node == null) {
        throw new IllegalStateException("service " + service + " is on no node");
      }
      List<Check> checks = checksOfNode(service.node());
      checks.addAll(tables.checksByService().under(Tables.key(service.node(), service.id())));
      checks.sort(Comparator.comparing(Check::id));
      instances.add(new Instance(node, service, checks));
    }
    return instances;
  }

  private List<Check> checksOfNode(String node) {
    return tables.checksByService().under(Tables.key(node, ""));
  }

  public Optional<Service> service(String node, String id) {
    return Optional.ofNullable(tables.services().get(Tables.key(node, id)));
  }

  /// The only instance with this id on any node; empty if there are several.
  public Optional<Service> onlyService(String id) {
    Service only = null;
    for (Service service : tables.services().under("")) {
      if (service.id().equals(id)) {
        if (only != null) {
          return Optional.empty();
        }
        only = service;
      }
    }
    return Optional.ofNullable(only);
  }

  public Optional<Check> check(CheckRef check) {
    return Optional.ofNullable(tables.checks().get(Tables.key(check.node(), check.id())));
  }

  /// The only check with this id on any node; empty if there are several.
  public Optional<Check> onlyCheck(String id) {
    List<Check> found =
        tables.checks().under("").stream().filter(check -> check.id().equals(id)).toList();
    return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
  }

  /// Every check of a node and of the instances on it.
  public Found<List<ServiceCheck>> checksOn(String node, WatchSet watches) {
    List<Check> checks = tables.checks().under(Tables.key(node), watches);
    return new Found<>(withServices(checks), tables.marks().checks(), checks.isEmpty());
  }

  /// The checks of a service's instances, without those of their nodes.
  public Found<List<ServiceCheck>> checksOf(String serviceName, WatchSet watches) {
    Found<List<Instance>> found = instances(serviceName, watches);
    List<ServiceCheck> checks = new ArrayList<>();
    for (Instance instance : found.value()) {
      for (Check check : instance.checks()) {
        if (!check.serviceId().isEmpty()) {
          checks.add(new ServiceCheck(check, Optional.of(instance.service())));
        }
      }
    }
    return new Found<>(checks, found.index(), found.isAbsent());
  }

  /// Every check in the given state; null: in any.
  public Found<List<ServiceCheck>> checksIn(Check.@Nullable Status status, WatchSet watches) {
    List<Check> checks = tables.checks().under("", watches);
    if (status != null) {
      checks.removeIf(check -> check.status() != status);
    }
    return new Found<>(withServices(checks), tables.marks().checks(), false);
  }

  private List<ServiceCheck> withServices(List<Check> checks) {
    return checks.stream()
        .map(check -> new ServiceCheck(check, service(check.node(), check.serviceId())))
        .toList();
  }

  public Found<Optional<KeyEntry>> key(String key, WatchSet watches) {
    KeyEntry entry = tables.keys().get(key, watches);
    return entry == null
        ? new Found<>(Optional.empty(), tables.marks().keys(), true)
        : new Found<>(Optional.of(entry), entry.modifyIndex(), false);
  }

  /// Every key that starts with the prefix. Deletions below it count for the index.
  public Found<List<KeyEntry>> keysUnder(String prefix, WatchSet watches) {
    List<KeyEntry> entries = tables.keys().under(prefix, watches);
    if (prefix.isEmpty()) {
      return new Found<>(entries, tables.marks().keys(), entries.isEmpty());
    }
    long index = 0;
    for (KeyEntry entry : entries) {
      index = Math.max(index, entry.modifyIndex());
    }
    for (long deleted : tables.tombstones().under(prefix)) {
      index = Math.max(index, deleted);
    }
    index = index == 0 ? tables.marks().keys() : Math.max(index, tables.marks().tombstoneFloor());
    return new Found<>(entries, index, entries.isEmpty());
  }

  Tables tables() {
    return tables;
  }
}
