package dev.muster.agent;

import dev.muster.consul.Server;
import dev.muster.registry.Check;
import dev.muster.registry.Command;
import dev.muster.registry.Node;
import dev.muster.registry.Probe;
import dev.muster.registry.Registry;
import dev.muster.registry.Service;
import java.util.List;
import java.util.Map;

/// Puts a server itself into the catalog, as Consul does: its node, the service `consul` and the
/// check `serfHealth`.
final class SelfRegistration {
  private final Registry registry;
  private final Server server;

  SelfRegistration(Registry registry, Server server) {
    this.registry = registry;
    this.server = server;
  }

  void register() {
    String family = server.address().contains(":") ? "ipv6" : "ipv4";
    Map<String, String> addresses =
        Map.of(
            "lan",
            server.address(),
            "lan_" + family,
            server.address(),
            "wan",
            server.address(),
            "wan_" + family,
            server.address());
    Node node =
        new Node(
            server.nodeName(),
            server.nodeId(),
            server.address(),
            addresses,
            Map.of("consul-network-segment", ""),
            0,
            0);
    var definition =
        new Service.Definition(
            "consul",
            "",
            List.of(),
            "",
            server.serverPort(),
            Map.of(),
            Map.of(),
            Service.Weights.EQUAL,
            false);
    Service service = new Service(server.nodeName(), "consul", definition, 0, 0);
    Check alive =
        new Check(
            server.nodeName(),
            "serfHealth",
            "",
            "Serf Health Status",
            "",
            Check.Status.PASSING,
            "Agent alive and reachable",
            new Probe.None(),
            0,
            0);
    registry.submit(new Command.Register(server.nodeName(), node, service, List.of(alive), false));
  }
}
