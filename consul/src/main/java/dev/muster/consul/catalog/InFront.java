package dev.muster.consul.catalog;

import dev.muster.consul.serving.Reads;
import dev.muster.registry.catalog.Instance;
import dev.muster.registry.tree.Found;
import java.util.List;

/// The proxies and gateways in front of a service: none, because none can be registered. A client
/// that waits for one is parked like one that waits for an instance of the service.
final class InFront {
  private InFront() {}

  static Reads.Query<List<Instance>> of(String service) {
    return (view, watches) -> {
      Found<List<Instance>> instances = view.catalog().instances(service, watches);
      return new Found<>(List.of(), instances.index(), true);
    };
  }
}
