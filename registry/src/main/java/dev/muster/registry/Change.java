package dev.muster.registry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One step from a state of the tables to the next: applies commands, collects what they replaced.
/// Owned by the thread that applies the log; a pure function of the state and the commands.
final class Change {
  /// Beyond this many, tombstones are thrown away together and every prefix counts as changed.
  private static final int TOMBSTONES_MAX = 16_384;

  private RadixTree<Node> nodes;
  private RadixTree<Service> services;
  private RadixTree<Service> servicesByName;
  private RadixTree<Check> checks;
  private RadixTree<Check> checksByService;
  private RadixTree<Long> serviceIndexes;
  private RadixTree<KeyEntry> keys;
  private RadixTree<Long> tombstones;
  private long index;
  private long nodesIndex;
  private long servicesIndex;
  private long checksIndex;
  private long keysIndex;
  private long extinctionIndex;
  private long tombstoneFloor;

  private final List<Watch> replaced = new ArrayList<>();
  private final Set<String> touched = new LinkedHashSet<>();
  private final Set<CheckRef> touchedChecks = new LinkedHashSet<>();

  Change(Tables from) {
    nodes = from.nodes();
    services = from.services();
    servicesByName = from.servicesByName();
    checks = from.checks();
    checksByService = from.checksByService();
    serviceIndexes = from.serviceIndexes();
    keys = from.keys();
    tombstones = from.tombstones();
    Tables.Marks marks = from.marks();
    index = marks.index();
    nodesIndex = marks.nodes();
    servicesIndex = marks.services();
    checksIndex = marks.checks();
    keysIndex = marks.keys();
    extinctionIndex = marks.extinction();
    tombstoneFloor = marks.tombstoneFloor();
  }

  Tables tables() {
    var marks =
        new Tables.Marks(
            index,
            nodesIndex,
            servicesIndex,
            checksIndex,
            keysIndex,
            extinctionIndex,
            tombstoneFloor);
    return new Tables(
        marks,
        nodes,
        services,
        servicesByName,
        checks,
        checksByService,
        serviceIndexes,
        keys,
        tombstones);
  }

  /// The names of services whose instances, checks or nodes changed.
  Set<String> touchedServices() {
    return touched;
  }

  Set<CheckRef> touchedChecks() {
    return touchedChecks;
  }

  /// Wakes who waited for what was replaced; to be called once the new tables are visible.
  void wake() {
    replaced.forEach(Watch::fire);
  }

  Reply apply(Command command) {
    index++;
    return switch (command) {
      case Command.Register register -> register(register);
      case Command.Deregister deregister -> deregister(deregister);
      case Command.Report report -> report(report);
      case Command.PutKey put -> putKey(put);
      case Command.DeleteKey delete -> deleteKey(delete);
      case Command.DeleteKeysUnder delete -> deleteKeysUnder(delete.prefix());
    };
  }

  private Reply register(Command.Register register) {
    String node = register.nodeName();
    Service service = register.service();
    if (register.node() == null && nodes.get(Tables.key(node)) == null) {
      return new Reply.Refused("Missing node registration");
    }
    for (Check check : register.checks()) {
      boolean comesAlong = service != null && service.id().equals(check.serviceId());
      if (!check.serviceId().isEmpty()
          && !comesAlong
          && services.get(Tables.key(node, check.serviceId())) == null) {
        return new Reply.Refused("Missing service registration");
      }
    }
    if (register.node() != null) {
      ensureNode(register.node());
    }
    if (service != null) {
      ensureService(service);
      if (register.replacesChecks()) {
        removeChecksNotIn(register.checks(), service);
      }
    }
    register.checks().forEach(this::ensureCheck);
    return new Reply.Done(index);
  }

  private void ensureNode(Node node) {
    Node present = nodes.get(Tables.key(node.name()));
    if (present != null && present.saysTheSameAs(node)) {
      return;
    }
    long created = present == null ? index : present.createIndex();
    nodes = nodes.put(Tables.key(node.name()), node.at(created, index), replaced);
    nodesIndex = index;
    touchServicesOn(node.name());
  }

  private void ensureService(Service service) {
    String key = Tables.key(service.node(), service.id());
    Service present = services.get(key);
    if (present != null && present.definition().equals(service.definition())) {
      return;
    }
    if (present != null && !present.name().equals(service.name())) {
      forgetName(present);
    }
    long created = present == null ? index : present.createIndex();
    var stored = new Service(service.node(), service.id(), service.definition(), created, index);
    services = services.put(key, stored, replaced);
    servicesByName = servicesByName.put(nameKey(stored), stored, replaced);
    servicesIndex = index;
    touch(stored.name());
    if (present != null && !showsTheSame(present, stored)) {
      checksByService
          .under(Tables.key(stored.node(), stored.id()))
          .forEach(check -> store(check.at(check.createIndex(), index)));
    }
  }

  /// Whether checks of the instance read the same: they show its name and tags.
  private static boolean showsTheSame(Service one, Service other) {
    return one.name().equals(other.name())
        && one.definition().tags().equals(other.definition().tags());
  }

  private void ensureCheck(Check check) {
    String key = Tables.key(check.node(), check.id());
    Check present = checks.get(key);
    Check wanted = check;
    if (present != null) {
      if (check.probe().isOurs()) {
        wanted = check.with(present.status(), present.output(), 0);
      }
      if (present.saysTheSameAs(wanted)) {
        return;
      }
      if (!present.serviceId().equals(check.serviceId())) {
        removeCheck(present);
        present = null;
      }
    }
    store(wanted.at(present == null ? index : present.createIndex(), index));
  }

  private void store(Check check) {
    checks = checks.put(Tables.key(check.node(), check.id()), check, replaced);
    checksByService =
        checksByService.put(
            Tables.key(check.node(), check.serviceId(), check.id()), check, replaced);
    checksIndex = index;
    touchedChecks.add(new CheckRef(check.node(), check.id()));
    touchServiceOf(check);
  }

  private void removeChecksNotIn(List<Check> kept, Service service) {
    Set<String> ids = new LinkedHashSet<>();
    kept.forEach(check -> ids.add(check.id()));
    for (Check check : checksByService.under(Tables.key(service.node(), service.id()))) {
      if (!ids.contains(check.id())) {
        removeCheck(check);
      }
    }
  }

  private Reply deregister(Command.Deregister command) {
    String node = command.nodeName();
    if (!command.ifCritical().isEmpty()) {
      Check check = checks.get(Tables.key(node, command.ifCritical()));
      if (check == null || check.status() != Check.Status.CRITICAL) {
        return new Reply.Unmet();
      }
    }
    if (!command.serviceId().isEmpty()) {
      Service service = services.get(Tables.key(node, command.serviceId()));
      if (service != null) {
        removeService(service);
      }
    } else if (!command.checkId().isEmpty()) {
      Check check = checks.get(Tables.key(node, command.checkId()));
      if (check != null) {
        removeCheck(check);
      }
    } else {
      removeNode(node);
    }
    return new Reply.Done(index);
  }

  private void removeNode(String name) {
    String key = Tables.key(name);
    if (nodes.get(key) == null) {
      return;
    }
    services.under(Tables.key(name)).forEach(this::removeService);
    checks.under(Tables.key(name)).forEach(this::removeCheck);
    nodes = nodes.remove(key, replaced);
    nodesIndex = index;
  }

  private void removeService(Service service) {
    checksByService.under(Tables.key(service.node(), service.id())).forEach(this::removeCheck);
    services = services.remove(Tables.key(service.node(), service.id()), replaced);
    servicesIndex = index;
    forgetName(service);
  }

  private void forgetName(Service service) {
    servicesByName = servicesByName.remove(nameKey(service), replaced);
    if (!servicesByName.hasUnder(Tables.key(service.name()))) {
      touched.add(service.name());
      serviceIndexes = serviceIndexes.remove(Tables.key(service.name()), replaced);
      extinctionIndex = index;
    } else {
      touch(service.name());
    }
  }

  private void removeCheck(Check check) {
    checks = checks.remove(Tables.key(check.node(), check.id()), replaced);
    checksByService =
        checksByService.remove(Tables.key(check.node(), check.serviceId(), check.id()), replaced);
    checksIndex = index;
    touchedChecks.add(new CheckRef(check.node(), check.id()));
    touchServiceOf(check);
  }

  private Reply report(Command.Report report) {
    Check check = checks.get(Tables.key(report.nodeName(), report.checkId()));
    if (check == null) {
      return new Reply.Refused("Unknown check ID \"" + report.checkId() + "\"");
    }
    if (check.status() != report.status() || !check.output().equals(report.output())) {
      store(check.with(report.status(), report.output(), index));
    }
    return new Reply.Done(index);
  }

  private Reply putKey(Command.PutKey put) {
    KeyEntry present = keys.get(put.key());
    if (put.cas() != null && put.cas() != (present == null ? 0 : present.modifyIndex())) {
      return new Reply.Unmet();
    }
    if (present != null
        && present.flags() == put.flags()
        && Arrays.equals(present.value(), put.value())) {
      return new Reply.Done(index);
    }
    KeyEntry stored = entry(put, present);
    keys = keys.put(put.key(), stored, replaced);
    keysIndex = index;
    return new Reply.Done(index);
  }

  private KeyEntry entry(Command.PutKey put, @Nullable KeyEntry present) {
    return new KeyEntry(
        put.key(),
        put.value(),
        put.flags(),
        present == null ? 0 : present.lockIndex(),
        present == null ? "" : present.session(),
        present == null ? index : present.createIndex(),
        index);
  }

  private Reply deleteKey(Command.DeleteKey delete) {
    KeyEntry present = keys.get(delete.key());
    if (delete.cas() != null && present != null && delete.cas() != present.modifyIndex()) {
      return new Reply.Unmet();
    }
    if (present != null) {
      remove(present);
    }
    return new Reply.Done(index);
  }

  private Reply deleteKeysUnder(String prefix) {
    keys.under(prefix).forEach(this::remove);
    return new Reply.Done(index);
  }

  private void remove(KeyEntry entry) {
    keys = keys.remove(entry.key(), replaced);
    keysIndex = index;
    if (tombstones.size() >= TOMBSTONES_MAX) {
      tombstones = RadixTree.empty();
      tombstoneFloor = index;
    }
    tombstones = tombstones.put(entry.key(), index, new ArrayList<>());
  }

  private void touchServiceOf(Check check) {
    if (check.serviceId().isEmpty()) {
      touchServicesOn(check.node());
      return;
    }
    Service service = services.get(Tables.key(check.node(), check.serviceId()));
    if (service != null) {
      touch(service.name());
    }
  }

  private void touchServicesOn(String node) {
    Set<String> names = new LinkedHashSet<>();
    services.under(Tables.key(node)).forEach(service -> names.add(service.name()));
    names.forEach(this::touch);
  }

  private void touch(String serviceName) {
    touched.add(serviceName);
    serviceIndexes = serviceIndexes.put(Tables.key(serviceName), index, replaced);
  }

  private static String nameKey(Service service) {
    return Tables.key(service.name(), service.node(), service.id());
  }
}
