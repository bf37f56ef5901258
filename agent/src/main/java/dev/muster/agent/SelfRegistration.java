package dev.muster.agent;

import dev.muster.consul.serving.Server;
import dev.muster.registry.Command;
import dev.muster.registry.Registry;
import dev.muster.registry.View;
import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.Node;
import dev.muster.registry.catalog.Probe;
import dev.muster.registry.catalog.Service;
import dev.muster.registry.catalog.ServiceCheck;
import dev.muster.registry.tree.WatchSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Puts a server itself into the catalog, as Consul does: its node, the service `consul` and the
/// check `serfHealth`.
final class SelfRegistration {
  private final Registry registry;
  private final Server server;
  private final Map<String, String> meta;

  /// @param meta of its node, beside that of every server
  SelfRegistration(Registry registry, Server server, Map<String, String> meta) {
    this.registry = registry;
    this.server = server;
    this.meta = meta;
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
        new Node(server.nodeName(), server.nodeId(), server.address(), addresses, allMeta(), 0, 0);
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
    takeOverFromFormerName();
  }

  private Map<String, String> allMeta() {
    Map<String, String> all = new TreeMap<>(meta);
    all.put("consul-network-segment", "");
    return all;
  }

  /// A server that was given another name takes along what was registered with it: otherwise its
  /// former node would stay in the catalog, alive for ever.
  private void takeOverFromFormerName() {
    View view = registry.view();
    for (Node node : view.catalog().nodes(new WatchSet()).value()) {
      if (node.id().equals(server.nodeId()) && !node.name().equalsIgnoreCase(server.nodeName())) {
        takeOver(view, node.name());
      }
    }
  }

  private void takeOver(View view, String former) {
    String name = server.nodeName();
    List<Check> checks =
        view.catalog().checksOn(former, new WatchSet()).value().stream()
            .map(ServiceCheck::check)
            .toList();
    for (Service service : view.catalog().servicesOn(former, new WatchSet()).value()) {
      if (!service.id().equals("consul")) {
        Service moved = new Service(name, service.id(), service.definition(), 0, 0);
        List<Check> own = checksOf(checks, service.id());
        registry.submit(new Command.Register(name, null, moved, own, false));
      }
    }
    registry.submit(new Command.Register(name, null, null, checksOf(checks, ""), false));
    registry.submit(new Command.Deregister(former, "", "", ""));
  }

  private List<Check> checksOf(List<Check> checks, String serviceId) {
    return checks.stream()
        .filter(check -> check.serviceId().equals(serviceId) && !check.id().equals("serfHealth"))
        .map(
            check ->
                new Check(
                    server.nodeName(),
                    check.id(),
                    check.serviceId(),
                    check.name(),
                    check.notes(),
                    check.status(),
                    check.output(),
                    check.probe(),
                    0,
                    0))
        .toList();
  }
}
