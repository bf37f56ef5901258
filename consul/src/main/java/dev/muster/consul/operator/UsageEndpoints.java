package dev.muster.consul.operator;

import dev.muster.consul.serving.Answers;
import dev.muster.consul.serving.ReadOptions;
import dev.muster.consul.serving.Reads;
import dev.muster.consul.serving.Routes;
import dev.muster.consul.serving.Server;
import dev.muster.http.Request;
import dev.muster.http.Response;
import dev.muster.registry.catalog.Service;
import dev.muster.registry.tree.Found;
import dev.muster.registry.tree.WatchSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `/v1/operator/usage`: how much is registered.
public final class UsageEndpoints {
  private static final List<String> MESH_KINDS =
      List.of(
          "api-gateway",
          "connect-native",
          "connect-proxy",
          "ingress-gateway",
          "mesh-gateway",
          "terminating-gateway");

  private final Server server;
  private final Reads reads;
  private final Answers answers;

  public UsageEndpoints(Server server, Reads reads, Answers answers) {
    this.server = server;
    this.reads = reads;
    this.answers = answers;
  }

  /// What is counted.
  private record Usage(int nodes, int services, int instances, long ownInstances) {}

  public void addTo(Routes routes) {
    routes.add("GET", "/v1/operator/usage", this::usage);
  }

  private Response usage(Request request, String rest) throws InterruptedException {
    Found<Usage> found =
        reads.read(
            request,
            (view, watches) -> {
              int nodes = view.catalog().nodes(watches).value().size();
              Found<Map<String, Set<String>>> names = view.catalog().serviceNames(watches);
              List<Service> instances = view.catalog().services().under("");
              long own = instances.stream().filter(it -> it.name().equals("consul")).count();
              long index = Math.max(names.index(), view.catalog().nodes(new WatchSet()).index());
              var usage = new Usage(nodes, names.value().size(), instances.size(), own);
              return new Found<>(usage, index, false);
            });
    Usage usage = found.value();
    Response answer =
        answers.json(
            request,
            json -> {
              json.writeStartObject();
              json.writeObjectPropertyStart("Usage");
              json.writeObjectPropertyStart(server.datacenter());
              json.writeNumberProperty("Nodes", usage.nodes());
              json.writeNumberProperty("Services", usage.services());
              json.writeNumberProperty("ServiceInstances", usage.instances());
              json.writeObjectPropertyStart("ConnectServiceInstances");
              MESH_KINDS.forEach(kind -> json.writeNumberProperty(kind, 0));
              json.writeEndObject();
              json.writeNumberProperty(
                  "BillableServiceInstances", usage.instances() - usage.ownInstances());
              json.writeEndObject();
              json.writeEndObject();
              json.writeNumberProperty("Index", Math.max(1, found.index()));
              json.writeNumberProperty("LastContact", 0);
              json.writeBooleanProperty("KnownLeader", reads.knowsLeader());
              json.writeStringProperty(
                  "ConsistencyLevel", ReadOptions.of(request).consistency().word());
              json.writeEndObject();
            });
    return reads.withIndex(answer, found);
  }
}
