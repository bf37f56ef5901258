package dev.muster.consul.serving;

import dev.muster.consul.form.GoDuration;
import dev.muster.consul.form.Json;
import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.Instance;
import dev.muster.registry.catalog.Node;
import dev.muster.registry.catalog.Probe;
import dev.muster.registry.catalog.Service;
import dev.muster.registry.catalog.ServiceCheck;
import dev.muster.registry.keys.KeyEntry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/// The JSON that Consul's clients know: its members, their order, what is null and what is empty.
public final class Shapes {
  private final String datacenter;

  public Shapes(String datacenter) {
    this.datacenter = datacenter;
  }

  public void node(JsonGenerator json, Node node) {
    json.writeStartObject();
    nodeHead(json, node);
    Json.mapOrNull(json, "Meta", node.meta());
    indexes(json, node.createIndex(), node.modifyIndex());
    json.writeEndObject();
  }

  private void nodeHead(JsonGenerator json, Node node) {
    json.writeStringProperty("ID", node.id());
    json.writeStringProperty("Node", node.name());
    json.writeStringProperty("Address", node.address());
    json.writeStringProperty("Datacenter", datacenter);
    Json.mapOrNull(json, "TaggedAddresses", node.taggedAddresses());
  }

  /// An entry of `catalog/service`: node and service in one object.
  public void catalogService(JsonGenerator json, Instance instance) {
    Service service = instance.service();
    Service.Definition definition = service.definition();
    json.writeStartObject();
    nodeHead(json, instance.node());
    Json.mapOrNull(json, "NodeMeta", instance.node().meta());
    json.writeStringProperty("ServiceKind", definition.kind());
    json.writeStringProperty("ServiceID", service.id());
    json.writeStringProperty("ServiceName", definition.name());
    Json.strings(json, "ServiceTags", definition.tags());
    json.writeStringProperty("ServiceAddress", definition.address());
    taggedAddresses(json, "ServiceTaggedAddresses", definition.taggedAddresses());
    weights(json, "ServiceWeights", definition.weights());
    Json.map(json, "ServiceMeta", definition.meta());
    json.writeNumberProperty("ServicePort", definition.port());
    json.writeStringProperty("ServiceSocketPath", "");
    json.writeBooleanProperty("ServiceEnableTagOverride", definition.enableTagOverride());
    proxy(json, "ServiceProxy");
    Json.emptyObject(json, "ServiceConnect");
    indexes(json, service.createIndex(), service.modifyIndex());
    json.writeEndObject();
  }

  /// An entry of `health/service`.
  public void healthService(JsonGenerator json, Instance instance) {
    json.writeStartObject();
    json.writeName("Node");
    node(json, instance.node());
    json.writeName("Service");
    nodeService(json, instance.service());
    json.writeArrayPropertyStart("Checks");
    for (Check check : instance.checks()) {
      boolean own = !check.serviceId().isEmpty();
      check(
          json, new ServiceCheck(check, own ? Optional.of(instance.service()) : Optional.empty()));
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  /// A service as part of a node.
  public void nodeService(JsonGenerator json, Service service) {
    nodeService(json, service, false);
  }

  /// A service as a transaction tells of it.
  public void resultingService(JsonGenerator json, Service service) {
    nodeService(json, service, true);
  }

  private static void strings(
      JsonGenerator json, String name, List<String> values, boolean emptyIsNull) {
    if (emptyIsNull && values.isEmpty()) {
      json.writeNullProperty(name);
    } else {
      Json.strings(json, name, values);
    }
  }

  private void nodeService(JsonGenerator json, Service service, boolean emptyIsNull) {
    Service.Definition definition = service.definition();
    json.writeStartObject();
    kind(json, definition);
    json.writeStringProperty("ID", service.id());
    json.writeStringProperty("Service", definition.name());
    strings(json, "Tags", definition.tags(), emptyIsNull);
    json.writeStringProperty("Address", definition.address());
    taggedAddresses(json, "TaggedAddresses", definition.taggedAddresses());
    Json.mapOrNull(json, "Meta", definition.meta());
    json.writeNumberProperty("Port", definition.port());
    weights(json, "Weights", definition.weights());
    json.writeBooleanProperty("EnableTagOverride", definition.enableTagOverride());
    proxy(json, "Proxy");
    Json.emptyObject(json, "Connect");
    indexes(json, service.createIndex(), service.modifyIndex());
    json.writeEndObject();
  }

  /// A service as its agent tells of it; `contentHash` is left out if empty.
  public void agentService(JsonGenerator json, Service service, String contentHash) {
    Service.Definition definition = service.definition();
    json.writeStartObject();
    kind(json, definition);
    json.writeStringProperty("ID", service.id());
    json.writeStringProperty("Service", definition.name());
    Json.strings(json, "Tags", definition.tags());
    Json.map(json, "Meta", definition.meta());
    json.writeNumberProperty("Port", definition.port());
    json.writeStringProperty("Address", definition.address());
    taggedAddresses(json, "TaggedAddresses", definition.taggedAddresses());
    weights(json, "Weights", definition.weights());
    json.writeBooleanProperty("EnableTagOverride", definition.enableTagOverride());
    json.writeStringProperty("Datacenter", datacenter);
    if (!contentHash.isEmpty()) {
      json.writeStringProperty("ContentHash", contentHash);
    }
    json.writeEndObject();
  }

  public void check(JsonGenerator json, ServiceCheck serviceCheck) {
    check(json, serviceCheck, false);
  }

  /// A check as a transaction tells of it.
  public void resultingCheck(JsonGenerator json, ServiceCheck serviceCheck) {
    check(json, serviceCheck, true);
  }

  private void check(JsonGenerator json, ServiceCheck serviceCheck, boolean emptyIsNull) {
    Check check = serviceCheck.check();
    Optional<Service> service = serviceCheck.service();
    json.writeStartObject();
    json.writeStringProperty("Node", check.node());
    json.writeStringProperty("CheckID", check.id());
    json.writeStringProperty("Name", check.name());
    json.writeStringProperty("Status", check.status().word());
    json.writeStringProperty("Notes", check.notes());
    json.writeStringProperty("Output", check.output());
    json.writeStringProperty("ServiceID", check.serviceId());
    json.writeStringProperty("ServiceName", service.map(Service::name).orElse(""));
    List<String> tags = service.map(it -> it.definition().tags()).orElse(List.of());
    strings(json, "ServiceTags", tags, emptyIsNull);
    json.writeStringProperty("Type", check.isMaintenance() ? "maintenance" : check.probe().word());
    json.writeStringProperty("Interval", interval(check.probe()));
    json.writeStringProperty("Timeout", timeout(check.probe()));
    json.writeNumberProperty("ExposedPort", 0);
    json.writeName("Definition");
    definition(json, check.probe());
    indexes(json, check.createIndex(), check.modifyIndex());
    json.writeEndObject();
  }

  /// Empty unless the catalog was told: an agent keeps the definitions of its checks to itself.
  private static void definition(JsonGenerator json, Probe probe) {
    json.writeStartObject();
    if (probe instanceof Probe.External external) {
      DeclaredProbe.write(json, external.declared());
    }
    json.writeEndObject();
  }

  /// How often a server of ours looks; empty if none does.
  private static String interval(Probe probe) {
    return switch (probe) {
      case Probe.Periodic periodic -> GoDuration.format(periodic.rhythm().interval());
      case Probe.Ttl _, Probe.Alias _ -> "0s";
      case Probe.None _, Probe.External _ -> "";
    };
  }

  private static String timeout(Probe probe) {
    return switch (probe) {
      case Probe.Periodic periodic -> GoDuration.format(periodic.rhythm().timeout());
      case Probe.Ttl _, Probe.Alias _ -> "0s";
      case Probe.None _, Probe.External _ -> "";
    };
  }

  public static void keyEntry(JsonGenerator json, KeyEntry entry) {
    json.writeStartObject();
    json.writeNumberProperty("LockIndex", entry.lockIndex());
    json.writeStringProperty("Key", entry.key());
    json.writeName("Flags");
    json.writeNumber(Long.toUnsignedString(entry.flags()));
    if (entry.value() == null) {
      json.writeNullProperty("Value");
    } else {
      json.writeBinaryProperty("Value", entry.value());
    }
    if (!entry.session().isEmpty()) {
      json.writeStringProperty("Session", entry.session());
    }
    indexes(json, entry.createIndex(), entry.modifyIndex());
    json.writeEndObject();
  }

  private static void kind(JsonGenerator json, Service.Definition definition) {
    if (!definition.kind().isEmpty()) {
      json.writeStringProperty("Kind", definition.kind());
    }
  }

  private static void taggedAddresses(
      JsonGenerator json, String name, Map<String, Service.Address> addresses) {
    if (addresses.isEmpty()) {
      return;
    }
    json.writeObjectPropertyStart(name);
    addresses.forEach(
        (tag, address) -> {
          json.writeObjectPropertyStart(tag);
          json.writeStringProperty("Address", address.address());
          json.writeNumberProperty("Port", address.port());
          json.writeEndObject();
        });
    json.writeEndObject();
  }

  private static void weights(JsonGenerator json, String name, Service.Weights weights) {
    json.writeObjectPropertyStart(name);
    json.writeNumberProperty("Passing", weights.passing());
    json.writeNumberProperty("Warning", weights.warning());
    json.writeEndObject();
  }

  private static void proxy(JsonGenerator json, String name) {
    json.writeObjectPropertyStart(name);
    Json.emptyObject(json, "MeshGateway");
    Json.emptyObject(json, "Expose");
    json.writeEndObject();
  }

  private static void indexes(JsonGenerator json, long create, long modify) {
    json.writeNumberProperty("CreateIndex", create);
    json.writeNumberProperty("ModifyIndex", modify);
  }
}
