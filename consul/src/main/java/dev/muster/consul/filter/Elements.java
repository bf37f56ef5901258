package dev.muster.consul.filter;

import dev.muster.registry.catalog.Instance;
import dev.muster.registry.catalog.Node;
import dev.muster.registry.catalog.Service;
import dev.muster.registry.catalog.ServiceCheck;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What can be asked of each kind of element that Consul's lists have: the members of its JSON,
/// without the indexes and the definitions of checks.
public final class Elements {
  private static final Element<Service.Address> ADDRESS =
      Element.<Service.Address>empty()
          .text("Address", Service.Address::address)
          .number("Port", Service.Address::port);

  private static final Element<Service.Weights> WEIGHTS =
      Element.<Service.Weights>empty()
          .number("Passing", Service.Weights::passing)
          .number("Warning", Service.Weights::warning);

  /// No instance is a proxy here: all of this is as a plain service has it.
  private static final Element<Service> PROXY =
      Element.<Service>empty()
          .text("DestinationServiceName", _ -> "")
          .text("DestinationServiceID", _ -> "")
          .text("LocalServiceAddress", _ -> "")
          .number("LocalServicePort", _ -> 0)
          .text("Mode", _ -> "")
          .part("MeshGateway", Element.<Service>empty().text("Mode", _ -> ""), it -> it)
          .parts(
              "Upstreams",
              Element.<Service>empty()
                  .text("DestinationName", _ -> "")
                  .text("DestinationType", _ -> "")
                  .text("Datacenter", _ -> ""),
              _ -> List.of());

  private static final Element<Service> CONNECT =
      Element.<Service>empty().truth("Native", _ -> false);

  private final Element<Node> node;
  private final Element<Service> service;
  private final Element<ServiceCheck> check;
  private final Element<Instance> catalogService;
  private final Element<Instance> healthService;

  public Elements(String datacenter) {
    node = node(datacenter);
    service = service(datacenter);
    check = describedCheck();
    catalogService = catalogService(datacenter);
    healthService =
        Element.<Instance>empty()
            .part("Node", node, Instance::node)
            .part("Service", service, Instance::service)
            .parts("Checks", check, Elements::checks);
  }

  /// An entry of `catalog/nodes`.
  public Element<Node> node() {
    return node;
  }

  /// An instance as its agent or its node tells of it.
  public Element<Service> service() {
    return service;
  }

  /// An entry of the lists of checks.
  public Element<ServiceCheck> check() {
    return check;
  }

  /// An entry of `catalog/service`.
  public Element<Instance> catalogService() {
    return catalogService;
  }

  /// An entry of `health/service`.
  public Element<Instance> healthService() {
    return healthService;
  }

  private static Element<Node> node(String datacenter) {
    return Element.<Node>empty()
        .text("ID", Node::id)
        .text("Node", Node::name)
        .text("Address", Node::address)
        .text("Datacenter", _ -> datacenter)
        .textsByKey("TaggedAddresses", Node::taggedAddresses)
        .textsByKey("Meta", Node::meta)
        .text("PeerName", _ -> "");
  }

  private static Element<Service> service(String datacenter) {
    return Element.<Service>empty()
        .text("Kind", it -> it.definition().kind())
        .text("ID", Service::id)
        .text("Service", Service::name)
        .texts("Tags", it -> it.definition().tags())
        .textsByKey("Meta", it -> it.definition().meta())
        .number("Port", it -> it.definition().port())
        .text("Address", it -> it.definition().address())
        .text("SocketPath", _ -> "")
        .partsByKey("TaggedAddresses", ADDRESS, it -> it.definition().taggedAddresses())
        .part("Weights", WEIGHTS, it -> it.definition().weights())
        .truth("EnableTagOverride", it -> it.definition().enableTagOverride())
        .part("Proxy", PROXY, it -> it)
        .part("Connect", CONNECT, it -> it)
        .text("Datacenter", _ -> datacenter)
        .text("PeerName", _ -> "");
  }

  private static Element<ServiceCheck> describedCheck() {
    return Element.<ServiceCheck>empty()
        .text("Node", it -> it.check().node())
        .text("CheckID", it -> it.check().id())
        .text("Name", it -> it.check().name())
        .text("Status", it -> it.check().status().word())
        .text("Notes", it -> it.check().notes())
        .text("Output", it -> it.check().output())
        .text("ServiceID", it -> it.check().serviceId())
        .text("ServiceName", it -> it.service().map(Service::name).orElse(""))
        .texts("ServiceTags", it -> it.service().map(s -> s.definition().tags()).orElse(List.of()))
        .text("Type", it -> it.check().isMaintenance() ? "maintenance" : it.check().probe().word())
        .text("PeerName", _ -> "");
  }

  private static Element<Instance> catalogService(String datacenter) {
    return Element.<Instance>empty()
        .text("ID", it -> it.node().id())
        .text("Node", it -> it.node().name())
        .text("Address", it -> it.node().address())
        .text("Datacenter", _ -> datacenter)
        .textsByKey("TaggedAddresses", it -> it.node().taggedAddresses())
        .textsByKey("NodeMeta", it -> it.node().meta())
        .text("ServiceKind", it -> it.service().definition().kind())
        .text("ServiceID", it -> it.service().id())
        .text("ServiceName", it -> it.service().name())
        .texts("ServiceTags", it -> it.service().definition().tags())
        .text("ServiceAddress", it -> it.service().definition().address())
        .partsByKey("ServiceTaggedAddresses", ADDRESS, Elements::taggedAddresses)
        .part("ServiceWeights", WEIGHTS, it -> it.service().definition().weights())
        .textsByKey("ServiceMeta", it -> it.service().definition().meta())
        .number("ServicePort", it -> it.service().definition().port())
        .text("ServiceSocketPath", _ -> "")
        .truth("ServiceEnableTagOverride", it -> it.service().definition().enableTagOverride())
        .part("ServiceProxy", PROXY, Instance::service)
        .part("ServiceConnect", CONNECT, Instance::service)
        .text("PeerName", _ -> "");
  }

  private static Map<String, Service.Address> taggedAddresses(Instance instance) {
    return instance.service().definition().taggedAddresses();
  }

  private static List<ServiceCheck> checks(Instance instance) {
    return instance.checks().stream()
        .map(
            check ->
                new ServiceCheck(
                    check,
                    check.serviceId().isEmpty()
                        ? Optional.empty()
                        : Optional.of(instance.service())))
        .toList();
  }
}
