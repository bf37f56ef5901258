package dev.muster.agent.remote;

import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.Instance;
import dev.muster.registry.catalog.Node;
import dev.muster.registry.catalog.Probe;
import dev.muster.registry.catalog.Service;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Instances as `/v1/health/service/NAME` shows them.
final class InstanceReading {
  private InstanceReading() {}

  static List<Instance> of(JsonNode answer) {
    List<Instance> instances = new ArrayList<>();
    for (JsonNode each : answer) {
      Node node = node(each.path("Node"));
      List<Check> checks = new ArrayList<>();
      for (JsonNode check : each.path("Checks")) {
        checks.add(check(check));
      }
      instances.add(new Instance(node, service(node, each.path("Service")), checks));
    }
    return instances;
  }

  private static Node node(JsonNode node) {
    return new Node(
        text(node, "Node"), text(node, "ID"), text(node, "Address"), Map.of(), meta(node), 0, 0);
  }

  private static Service service(Node node, JsonNode service) {
    List<String> tags = new ArrayList<>();
    for (JsonNode tag : service.path("Tags")) {
      tags.add(tag.asString(""));
    }
    JsonNode weights = service.path("Weights");
    return new Service(
        node.name(),
        text(service, "ID"),
        new Service.Definition(
            text(service, "Service"),
            text(service, "Kind"),
            tags,
            text(service, "Address"),
            service.path("Port").asInt(0),
            meta(service),
            Map.of(),
            new Service.Weights(
                Math.max(0, weights.path("Passing").asInt(1)),
                Math.max(0, weights.path("Warning").asInt(1))),
            false),
        0,
        0);
  }

  private static Check check(JsonNode check) {
    Check.Status status =
        switch (text(check, "Status")) {
          case "passing" -> Check.Status.PASSING;
          case "warning" -> Check.Status.WARNING;
          default -> Check.Status.CRITICAL;
        };
    return new Check(
        text(check, "Node"),
        text(check, "CheckID"),
        text(check, "ServiceID"),
        text(check, "Name"),
        text(check, "Notes"),
        status,
        text(check, "Output"),
        new Probe.None(),
        0,
        0);
  }

  private static Map<String, String> meta(JsonNode of) {
    Map<String, String> meta = new HashMap<>();
    of.path("Meta")
        .properties()
        .forEach(each -> meta.put(each.getKey(), each.getValue().asString("")));
    return meta;
  }

  private static String text(JsonNode of, String member) {
    return of.path(member).asString("");
  }
}
