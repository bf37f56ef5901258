package dev.muster.consul.query;

import dev.muster.consul.form.Json;
import dev.muster.registry.query.PreparedQuery;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/// A prepared query as Consul's clients know it.
final class QueryShape {
  private QueryShape() {}

  static void write(JsonGenerator json, PreparedQuery query) {
    json.writeStartObject();
    json.writeStringProperty("ID", query.id());
    json.writeStringProperty("Name", query.name());
    json.writeStringProperty("Session", query.session());
    json.writeStringProperty("Token", query.token());
    json.writeObjectPropertyStart("Template");
    json.writeStringProperty("Type", query.template().type());
    json.writeStringProperty("Regexp", query.template().regexp());
    json.writeBooleanProperty("RemoveEmptyTags", query.template().removeEmptyTags());
    json.writeEndObject();
    json.writeName("Service");
    target(json, query.service());
    dns(json, query);
    json.writeNumberProperty("CreateIndex", query.createIndex());
    json.writeNumberProperty("ModifyIndex", query.modifyIndex());
    json.writeEndObject();
  }

  static void dns(JsonGenerator json, PreparedQuery query) {
    json.writeObjectPropertyStart("DNS");
    json.writeStringProperty("TTL", query.dns().ttl());
    json.writeEndObject();
  }

  private static void target(JsonGenerator json, PreparedQuery.Target target) {
    json.writeStartObject();
    json.writeStringProperty("Service", target.service());
    json.writeObjectPropertyStart("Failover");
    json.writeNumberProperty("NearestN", target.failover().nearestN());
    stringsOrNull(json, "Datacenters", target.failover().datacenters());
    if (!target.failover().targets().isEmpty()) {
      json.writeArrayPropertyStart("Targets");
      for (PreparedQuery.FailoverTarget each : target.failover().targets()) {
        json.writeStartObject();
        json.writeStringProperty("Datacenter", each.datacenter());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    json.writeEndObject();
    json.writeBooleanProperty("OnlyPassing", target.onlyPassing());
    stringsOrNull(json, "IgnoreCheckIDs", target.ignoreCheckIds());
    json.writeStringProperty("Near", target.near());
    stringsOrNull(json, "Tags", target.tags());
    Json.mapOrNull(json, "NodeMeta", target.nodeMeta());
    Json.mapOrNull(json, "ServiceMeta", target.serviceMeta());
    json.writeBooleanProperty("Connect", target.connect());
    json.writeEndObject();
  }

  private static void stringsOrNull(JsonGenerator json, String name, List<String> values) {
    if (values.isEmpty()) {
      json.writeNullProperty(name);
    } else {
      Json.strings(json, name, values);
    }
  }
}
