package dev.muster.registry.transaction;

import dev.muster.registry.catalog.Node;
import dev.muster.registry.catalog.Service;
import dev.muster.registry.catalog.ServiceCheck;
import dev.muster.registry.keys.KeyEntry;

/// What an operation read or wrote. Deletions have none.
public sealed interface Result {
  /// A key.
  ///
  /// @param entry with its value only if the operation read it
  record OfKey(KeyEntry entry) implements Result {}

  record OfNode(Node node) implements Result {}

  record OfService(Service service) implements Result {}

  record OfCheck(ServiceCheck check) implements Result {}
}
