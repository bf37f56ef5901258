package dev.muster.consul.operator;

import dev.muster.consul.serving.Server;
import dev.muster.registry.Registry;
import dev.muster.registry.Standing;
import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.Instance;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The servers of the group, as far as the consensus and the catalog know them.
final class Group {
  private final Registry registry;
  private final Server self;

  Group(Registry registry, Server self) {
    this.registry = registry;
    this.self = self;
  }

  /// One server.
  ///
  /// @param id its node's; its address while the catalog does not know its node
  /// @param address `host:port`
  record Member(String id, String node, String address, boolean leads, boolean isHealthy) {}

  List<Member> members() {
    Standing standing = registry.standing();
    if (standing.serverAddresses().size() <= 1) {
      boolean leads = standing.leads();
      return List.of(
          new Member(self.nodeId(), self.nodeName(), self.serverAddress(), leads, leads));
    }
    List<Instance> servers = registry.localView().catalog().instances("consul");
    List<Member> members = new ArrayList<>();
    for (String address : standing.serverAddresses()) {
      boolean leads = standing.leaderAddress().filter(address::equals).isPresent();
      Optional<Instance> server = servers.stream().filter(it -> isAt(it, address)).findFirst();
      members.add(
          new Member(
              server.map(it -> it.node().id()).orElse(address),
              server.map(it -> it.node().name()).orElse(address),
              address,
              leads,
              server.filter(it -> it.status() != Check.Status.CRITICAL).isPresent()));
    }
    return members;
  }

  private static boolean isAt(Instance server, String address) {
    return address.equals(server.address() + ":" + server.service().definition().port());
  }
}
