package dev.muster.agent.config;

import dev.muster.agent.hcl.Place;
import dev.muster.agent.hcl.Value;
import dev.muster.consul.form.CheckForm;
import dev.muster.consul.form.ServiceForm;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Services and checks that files define, in their order; ids are unique.
public record Definitions(List<DefinedService> services, List<DefinedCheck> checks) {
  public static final Definitions NONE = new Definitions(List.of(), List.of());

  public Definitions {
    services = List.copyOf(services);
    checks = List.copyOf(checks);
  }

  /// The body of a request that registers what a file defines. A block is one of a list where
  /// Consul wants a list; and several blocks `check` are `checks`.
  public static JsonNode request(Value.Group definition) {
    ObjectNode request = (ObjectNode) definition.toJson();
    ArrayNode checks = JsonNodeFactory.instance.arrayNode();
    for (String key : List.copyOf(request.propertyNames())) {
      JsonNode value = request.get(key);
      boolean isChecks = key.equalsIgnoreCase("checks");
      if (isChecks && value.isObject()) {
        request.remove(key);
        checks.add(value);
      } else if (value.isArray() && (isChecks || key.equalsIgnoreCase("check"))) {
        request.remove(key);
        value.forEach(checks::add);
      }
    }
    return checks.isEmpty() ? request : request.set("checks", checks);
  }

  /// A service with its checks.
  public record DefinedService(ServiceForm form, Place place) {}

  /// A check of the node, or of a service that is defined somewhere else.
  public record DefinedCheck(CheckForm form, Place place) {
    public String id() {
      return form.id().isEmpty() ? form.name() : form.id();
    }
  }
}
