package dev.muster.registry.catalog;

import dev.muster.registry.tree.CompositeKey;
import dev.muster.registry.tree.RadixTree;
import dev.muster.registry.tree.Step;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedCollection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One step from a catalog to the next. What says the same as before changes nothing and wakes
/// nobody. Owned by the thread that applies the log.
public final class CatalogChange {
  private final Step step;

  /// Nobody watches where an id is.
  private final Step unwatched = Step.unwatched(0);

  private RadixTree<Node> nodes;
  private RadixTree<Service> services;
  private RadixTree<Service> servicesByName;
  private RadixTree<Check> checks;
  private RadixTree<Check> checksByService;
  private RadixTree<Long> serviceIndexes;
  private RadixTree<String> nodesById;
  private RadixTree<String> servicesById;
  private RadixTree<String> checksById;
  private long nodesIndex;
  private long servicesIndex;
  private long checksIndex;
  private long extinctionIndex;

  private final LinkedHashSet<String> touched = new LinkedHashSet<>();
  private final LinkedHashSet<CheckRef> touchedChecks = new LinkedHashSet<>();
  private final LinkedHashSet<CheckRef> registeredChecks = new LinkedHashSet<>();
  private Set<CheckRef> failedChecks = new LinkedHashSet<>();
  private Set<String> removedNodes = new LinkedHashSet<>();

  public CatalogChange(Catalog from, Step step) {
    this.step = step;
    take(from);
  }

  /// A moment of a change, to which it can go back.
  public record Mark(Catalog catalog, int touched, int touchedChecks, int registeredChecks) {}

  public Mark mark() {
    return new Mark(catalog(), touched.size(), touchedChecks.size(), registeredChecks.size());
  }

  /// Forgets what was changed since, and that there was anything to hear of.
  public void rollBack(Mark mark) {
    take(mark.catalog());
    shorten(touched, mark.touched());
    shorten(touchedChecks, mark.touchedChecks());
    shorten(registeredChecks, mark.registeredChecks());
  }

  private static void shorten(SequencedCollection<?> heard, int size) {
    while (heard.size() > size) {
      heard.removeLast();
    }
  }

  private void take(Catalog from) {
    nodes = from.nodes();
    services = from.services();
    servicesByName = from.servicesByName();
    checks = from.checks();
    checksByService = from.checksByService();
    serviceIndexes = from.serviceIndexes();
    nodesById = from.ids().nodes();
    servicesById = from.ids().services();
    checksById = from.ids().checks();
    Catalog.Marks marks = from.marks();
    nodesIndex = marks.nodes();
    servicesIndex = marks.services();
    checksIndex = marks.checks();
    extinctionIndex = marks.extinction();
  }

  public Catalog catalog() {
    var marks = new Catalog.Marks(nodesIndex, servicesIndex, checksIndex, extinctionIndex);
    return new Catalog(
        marks,
        nodes,
        services,
        servicesByName,
        checks,
        checksByService,
        serviceIndexes,
        new Catalog.Ids(nodesById, servicesById, checksById));
  }

  /// The names of services whose instances, checks or nodes changed.
  public Set<String> touchedServices() {
    return touched;
  }

  public Set<CheckRef> touchedChecks() {
    return touchedChecks;
  }

  /// Checks that were registered, whether that changed them or not.
  public Set<CheckRef> registeredChecks() {
    return registeredChecks;
  }

  /// Checks that became critical or were removed since this was asked last.
  public Set<CheckRef> takeFailedChecks() {
    if (failedChecks.isEmpty()) {
      return Set.of();
    }
    Set<CheckRef> taken = failedChecks;
    failedChecks = new LinkedHashSet<>();
    return taken;
  }

  /// The names of nodes that were removed since this was asked last.
  public Set<String> takeRemovedNodes() {
    if (removedNodes.isEmpty()) {
      return Set.of();
    }
    Set<String> taken = removedNodes;
    removedNodes = new LinkedHashSet<>();
    return taken;
  }

  public @Nullable Node node(String name) {
    return nodes.get(CompositeKey.of(name));
  }

  /// The node with this id; null also if the id is empty.
  public @Nullable Node nodeById(String id) {
    if (id.isEmpty()) {
      return null;
    }
    List<String> names = nodesById.under(CompositeKey.of(id));
    return names.isEmpty() ? null : node(names.getFirst());
  }

  public @Nullable Service service(String node, String id) {
    return services.get(CompositeKey.of(node, id));
  }

  public @Nullable Check check(String node, String id) {
    return checks.get(CompositeKey.of(node, id));
  }

  public void put(Node node) {
    Node present = node(node.name());
    if (present != null && present.saysTheSameAs(node)) {
      return;
    }
    long created = present == null ? step.index() : present.createIndex();
    if (present != null && !present.id().equals(node.id())) {
      forgetId(present);
    }
    noteId(node);
    nodes = nodes.put(CompositeKey.of(node.name()), node.at(created, step.index()), step);
    nodesIndex = step.index();
    touchServicesOn(node.name());
  }

  private void noteId(Node node) {
    if (!node.id().isEmpty()) {
      String key = CompositeKey.of(node.id(), node.name());
      nodesById = nodesById.put(key, node.name(), unwatched);
    }
  }

  private void forgetId(Node node) {
    if (!node.id().isEmpty()) {
      nodesById = nodesById.remove(CompositeKey.of(node.id(), node.name()), unwatched);
    }
  }

  private void noteId(Service service) {
    String key = CompositeKey.of(service.id(), service.node());
    servicesById = servicesById.put(key, service.node(), unwatched);
  }

  private void noteId(Check check) {
    String key = CompositeKey.of(check.id(), check.node());
    checksById = checksById.put(key, check.node(), unwatched);
  }

  /// Its node must exist.
  public void put(Service service) {
    String key = CompositeKey.of(service.node(), service.id());
    Service present = services.get(key);
    if (present != null && present.definition().equals(service.definition())) {
      return;
    }
    if (present != null && !present.name().equals(service.name())) {
      forgetName(present);
    }
    long index = step.index();
    long created = present == null ? index : present.createIndex();
    var stored = new Service(service.node(), service.id(), service.definition(), created, index);
    if (present == null) {
      noteId(stored);
    }
    services = services.put(key, stored, step);
    servicesByName = servicesByName.put(nameKey(stored), stored, step);
    servicesIndex = index;
    touch(stored.name());
    if (present != null && !showsTheSame(present, stored)) {
      checksByService
          .under(CompositeKey.of(stored.node(), stored.id()))
          .forEach(check -> store(check.at(check.createIndex(), index)));
    }
  }

  /// Whether checks of the instance read the same: they show its name and tags.
  private static boolean showsTheSame(Service one, Service other) {
    return one.name().equals(other.name())
        && one.definition().tags().equals(other.definition().tags());
  }

  /// Its node, and its service if it has one, must exist. The state of a check that a server runs
  /// stays as it is, so that registering again does not flap.
  public void put(Check check) {
    registeredChecks.add(new CheckRef(check.node(), check.id()));
    Check present = check(check.node(), check.id());
    Check wanted = check;
    if (present != null) {
      if (check.probe().isOurs()) {
        wanted = check.with(present.status(), present.output(), 0);
      }
      if (present.saysTheSameAs(wanted)) {
        return;
      }
      if (!present.serviceId().equals(check.serviceId())) {
        remove(present);
        present = null;
      }
    }
    store(wanted.at(present == null ? step.index() : present.createIndex(), step.index()));
  }

  /// Sets the state of a check that exists.
  public void report(Check present, Check.Status status, String output) {
    if (present.status() != status || !present.output().equals(output)) {
      store(present.with(status, output, step.index()));
    }
  }

  private void store(Check check) {
    String key = CompositeKey.of(check.node(), check.id());
    if (checks.get(key) == null) {
      noteId(check);
    }
    checks = checks.put(key, check, step);
    checksByService = checksByService.put(serviceKey(check), check, step);
    checksIndex = step.index();
    touchedChecks.add(new CheckRef(check.node(), check.id()));
    if (check.status() == Check.Status.CRITICAL) {
      failedChecks.add(new CheckRef(check.node(), check.id()));
    }
    touchServiceOf(check);
  }

  /// Removes the instance's checks that are not among those named.
  public void removeChecksNotIn(List<Check> kept, Service service) {
    Set<String> ids = new LinkedHashSet<>();
    kept.forEach(check -> ids.add(check.id()));
    for (Check check : checksByService.under(CompositeKey.of(service.node(), service.id()))) {
      if (!ids.contains(check.id())) {
        remove(check);
      }
    }
  }

  /// Removes a node that exists, with all on it.
  public void remove(Node node) {
    services.under(CompositeKey.of(node.name())).forEach(this::remove);
    checks.under(CompositeKey.of(node.name())).forEach(this::remove);
    nodes = nodes.remove(CompositeKey.of(node.name()), step);
    forgetId(node);
    nodesIndex = step.index();
    removedNodes.add(node.name());
  }

  /// Removes an instance that exists, with its checks.
  public void remove(Service service) {
    checksByService.under(CompositeKey.of(service.node(), service.id())).forEach(this::remove);
    services = services.remove(CompositeKey.of(service.node(), service.id()), step);
    servicesById = servicesById.remove(CompositeKey.of(service.id(), service.node()), unwatched);
    servicesIndex = step.index();
    forgetName(service);
  }

  /// Removes a check that exists.
  public void remove(Check check) {
    checks = checks.remove(CompositeKey.of(check.node(), check.id()), step);
    checksById = checksById.remove(CompositeKey.of(check.id(), check.node()), unwatched);
    checksByService = checksByService.remove(serviceKey(check), step);
    checksIndex = step.index();
    touchedChecks.add(new CheckRef(check.node(), check.id()));
    failedChecks.add(new CheckRef(check.node(), check.id()));
    touchServiceOf(check);
  }

  private void forgetName(Service service) {
    servicesByName = servicesByName.remove(nameKey(service), step);
    if (!servicesByName.hasUnder(CompositeKey.of(service.name()))) {
      touched.add(service.name());
      serviceIndexes = serviceIndexes.remove(CompositeKey.of(service.name()), step);
      extinctionIndex = step.index();
    } else {
      touch(service.name());
    }
  }

  private void touchServiceOf(Check check) {
    if (check.serviceId().isEmpty()) {
      touchServicesOn(check.node());
      return;
    }
    Service service = service(check.node(), check.serviceId());
    if (service != null) {
      touch(service.name());
    }
  }

  private void touchServicesOn(String node) {
    Set<String> names = new LinkedHashSet<>();
    services.under(CompositeKey.of(node)).forEach(service -> names.add(service.name()));
    names.forEach(this::touch);
  }

  private void touch(String serviceName) {
    touched.add(serviceName);
    serviceIndexes = serviceIndexes.put(CompositeKey.of(serviceName), step.index(), step);
  }

  private static String nameKey(Service service) {
    return CompositeKey.of(service.name(), service.node(), service.id());
  }

  private static String serviceKey(Check check) {
    return CompositeKey.of(check.node(), check.serviceId(), check.id());
  }

  /// Takes a node from a snapshot, as it is.
  public void load(Node node) {
    nodes = nodes.put(CompositeKey.of(node.name()), node, step);
    noteId(node);
  }

  /// Takes an instance from a snapshot, as it is.
  public void load(Service service) {
    services = services.put(CompositeKey.of(service.node(), service.id()), service, step);
    noteId(service);
    servicesByName = servicesByName.put(nameKey(service), service, step);
  }

  /// Takes a check from a snapshot, as it is.
  public void load(Check check) {
    checks = checks.put(CompositeKey.of(check.node(), check.id()), check, step);
    noteId(check);
    checksByService = checksByService.put(serviceKey(check), check, step);
  }

  /// Takes the index of a service from a snapshot.
  public void loadServiceIndex(String key, long index) {
    serviceIndexes = serviceIndexes.put(key, index, step);
  }
}
