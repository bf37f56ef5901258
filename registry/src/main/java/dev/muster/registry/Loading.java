package dev.muster.registry;

import java.util.ArrayList;
import java.util.List;

/// Builds the tables from the lines of a snapshot.
final class Loading {
  private final Tables.Marks marks;
  private final List<Watch> unwatched = new ArrayList<>();
  private RadixTree<Node> nodes = RadixTree.empty();
  private RadixTree<Service> services = RadixTree.empty();
  private RadixTree<Service> servicesByName = RadixTree.empty();
  private RadixTree<Check> checks = RadixTree.empty();
  private RadixTree<Check> checksByService = RadixTree.empty();
  private RadixTree<Long> serviceIndexes = RadixTree.empty();
  private RadixTree<KeyEntry> keys = RadixTree.empty();
  private RadixTree<Long> tombstones = RadixTree.empty();

  Loading(Tables.Marks marks) {
    this.marks = marks;
  }

  void add(Format.Line line) {
    if (line.node() != null) {
      nodes = nodes.put(Tables.key(line.node().name()), line.node(), unwatched);
    }
    if (line.service() != null) {
      Service service = line.service();
      services = services.put(Tables.key(service.node(), service.id()), service, unwatched);
      String byName = Tables.key(service.name(), service.node(), service.id());
      servicesByName = servicesByName.put(byName, service, unwatched);
    }
    if (line.check() != null) {
      Check check = line.check();
      checks = checks.put(Tables.key(check.node(), check.id()), check, unwatched);
      String byService = Tables.key(check.node(), check.serviceId(), check.id());
      checksByService = checksByService.put(byService, check, unwatched);
    }
    if (line.key() != null) {
      keys = keys.put(line.key().key(), line.key(), unwatched);
    }
    if (line.serviceIndex() != null) {
      Format.Mark mark = line.serviceIndex();
      serviceIndexes = serviceIndexes.put(mark.key(), mark.index(), unwatched);
    }
    if (line.tombstone() != null) {
      tombstones = tombstones.put(line.tombstone().key(), line.tombstone().index(), unwatched);
    }
    unwatched.clear();
  }

  Tables tables() {
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
}
