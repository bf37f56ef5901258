package dev.muster.consul;

import dev.muster.registry.Check;
import dev.muster.registry.CheckRef;
import dev.muster.registry.Service;
import dev.muster.registry.View;
import java.util.Optional;

/// Finds what an id means to an agent's endpoints. Consul knows only what was registered with the
/// agent itself; here any server is asked about any instance, so an id that this server's node does
/// not have may be that of another node, if only one has it.
final class Owned {
  private Owned() {}

  static Optional<Service> service(View view, String ownNode, String id) {
    return view.service(ownNode, id).or(() -> view.onlyService(id));
  }

  static Optional<Check> check(View view, String ownNode, String id) {
    return view.check(new CheckRef(ownNode, id)).or(() -> view.onlyCheck(id));
  }
}
