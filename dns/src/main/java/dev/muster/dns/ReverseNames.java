package dev.muster.dns;

import dev.muster.registry.View;
import dev.muster.registry.catalog.Catalog;
import dev.muster.registry.catalog.Node;
import dev.muster.registry.catalog.Service;
import dev.muster.registry.tree.WatchSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Which node or service has an address. The answer is a table made of a whole view, kept until a
/// node or an instance changes, so that a burst of questions costs one pass. Thread-safe.
final class ReverseNames {

  /// Who has an address.
  ///
  /// @param isNode otherwise it is a service
  record Owner(String name, boolean isNode) {}

  private record Table(long index, Map<String, Owner> owners) {}

  private Table table = new Table(-1, Map.of());

  /// The first node with the address, or the first service of which an instance has it.
  ///
  /// @param address by [Address#key]
  Optional<Owner> owner(String address, View view) {
    return Optional.ofNullable(owners(view).get(address));
  }

  private synchronized Map<String, Owner> owners(View view) {
    Catalog catalog = view.catalog();
    long index = Math.max(catalog.marks().nodes(), catalog.marks().services());
    if (table.index() != index) {
      table = new Table(index, read(catalog));
    }
    return table.owners();
  }

  private static Map<String, Owner> read(Catalog catalog) {
    Map<String, Owner> owners = new HashMap<>();
    Map<String, Owner> services = new HashMap<>();
    for (Node node : catalog.nodes(new WatchSet()).value()) {
      Address.key(node.address())
          .ifPresent(address -> owners.putIfAbsent(address, new Owner(node.name(), true)));
      for (Service service : catalog.servicesOn(node.name(), new WatchSet()).value()) {
        Address.key(service.definition().address())
            .ifPresent(address -> services.putIfAbsent(address, new Owner(service.name(), false)));
      }
    }
    services.forEach(owners::putIfAbsent);
    return owners;
  }
}
