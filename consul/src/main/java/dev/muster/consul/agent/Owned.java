package dev.muster.consul.agent;

import dev.muster.consul.serving.OwnEntries;
import dev.muster.registry.View;
import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.CheckRef;
import dev.muster.registry.catalog.Service;
import java.util.Optional;

/// Finds what an id means to an agent's endpoints. Consul knows only what was registered with the
/// agent itself; here any server is asked about any instance, so an id that this server's node does
/// not have may be that of another node, if only one has it.
final class Owned {
  private Owned() {}

  static Optional<Service> service(View view, String ownNode, String id) {
    return view.catalog()
        .service(ownNode, id)
        .or(() -> view.catalog().onlyService(id))
        .filter(service -> !isServer(service));
  }

  static Optional<Check> check(View view, String ownNode, String id) {
    return view.catalog()
        .check(new CheckRef(ownNode, id))
        .or(() -> view.catalog().onlyCheck(id))
        .filter(check -> !isServers(check));
  }

  /// The servers' own entry in the catalog was registered by nobody with an agent.
  static boolean isServer(Service service) {
    return service.name().equals(OwnEntries.SERVICE) && service.id().equals(OwnEntries.SERVICE);
  }

  /// Whether it is the check of a server's own node.
  static boolean isServers(Check check) {
    return check.id().equals(OwnEntries.CHECK);
  }
}
