package dev.muster.consul.catalog;

import dev.muster.consul.form.CheckForm;
import dev.muster.consul.form.Fields;
import dev.muster.consul.form.Json;
import dev.muster.consul.form.Meta;
import dev.muster.consul.form.Names;
import dev.muster.consul.form.Refusal;
import dev.muster.consul.form.ServiceForm;
import dev.muster.consul.serving.Answers;
import dev.muster.consul.serving.OwnEntries;
import dev.muster.consul.serving.Routes;
import dev.muster.consul.serving.Server;
import dev.muster.http.Request;
import dev.muster.http.Response;
import dev.muster.registry.Command;
import dev.muster.registry.Registry;
import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.Node;
import dev.muster.registry.catalog.Probe;
import dev.muster.registry.catalog.Service;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `/v1/catalog/register` and `deregister`: entries that somebody else looks after.
public final class CatalogWrites {
  private final Registry registry;
  private final Server server;
  private final Answers answers;

  public CatalogWrites(Registry registry, Server server, Answers answers) {
    this.registry = registry;
    this.server = server;
    this.answers = answers;
  }

  public void addTo(Routes routes) {
    routes.add("PUT", "/v1/catalog/register", this::register);
    routes.add("PUT", "/v1/catalog/deregister", this::deregister);
  }

  private Response register(Request request, String rest) {
    Fields fields = Fields.of(Json.parse(request.body()));
    requireDatacenter(fields);
    String name = Names.checked("node name", fields.string("Node"));
    if (name.isEmpty()) {
      throw new Refusal(500, "Must provide node");
    }
    boolean skipsNode = fields.bool("SkipNodeUpdate");
    Node node = node(fields, name);
    if (node.address().isEmpty() && !skipsNode) {
      throw new Refusal(500, "Must provide address if SkipNodeUpdate is not set");
    }
    requireOneName(node);
    boolean leavesNode = skipsNode && registry.view().catalog().node(name).isPresent();
    ServiceForm form =
        fields
            .object("Service")
            .filter(it -> !it.isEmpty())
            .map(ServiceForm::ofCatalog)
            .orElse(null);
    Service service = form == null ? null : new Service(name, form.id(), form.definition(), 0, 0);
    List<Check> checks = new ArrayList<>();
    fields
        .object("Check")
        .filter(it -> !it.isEmpty())
        .ifPresent(it -> checks.add(check(it, name, service)));
    fields.objects("Checks").forEach(it -> checks.add(check(it, name, service)));
    fields.requireDefault("Namespace", "Partition");
    fields.ignore("EnterpriseMeta", "WriteRequest", "Locality", "PeerName");
    fields.end();
    if (service != null) {
      OwnEntries.requireNotService(server, name, service.id());
    }
    checks.forEach(check -> OwnEntries.requireNotCheck(server, name, check.id()));
    Answers.isDone(
        registry.submit(
            new Command.Register(name, leavesNode ? null : node, service, checks, false)));
    return answers.bool(request, true);
  }

  private void requireDatacenter(Fields fields) {
    String datacenter = fields.string("Datacenter");
    if (!datacenter.isEmpty() && !datacenter.equals(server.datacenter())) {
      throw new Refusal(500, "No path to datacenter");
    }
  }

  private void requireOneName(Node node) {
    registry
        .localView()
        .catalog()
        .nodeWithId(node.id())
        .filter(it -> !it.name().equalsIgnoreCase(node.name()))
        .ifPresent(
            it -> {
              throw new Refusal(
                  400,
                  ("Node ID \"%s\" is that of node \"%s\": deregister that first, or give node"
                          + " \"%s\" another ID")
                      .formatted(node.id(), it.name(), node.name()));
            });
  }

  private static Node node(Fields fields, String name) {
    return new Node(
        name,
        Names.checked("node ID", fields.string("ID")),
        Names.checked("node address", fields.string("Address")),
        Names.checked("tagged address", fields.stringMap("TaggedAddresses")),
        Meta.checked("Node Meta", fields.stringMap("NodeMeta")),
        0,
        0);
  }

  /// Reads a check that somebody else runs.
  ///
  /// @param service the one that is registered along with it
  /// @throws Refusal if it makes no sense
  public static Check check(Fields fields, String node, @Nullable Service service) {
    String name = Names.checked("check name", fields.string("Name"));
    String id = Names.checked("check ID", fields.string("CheckID"));
    String of = fields.string("Node");
    if (!of.isEmpty() && !of.equalsIgnoreCase(node)) {
      throw new Refusal(500, "check node \"%s\" does not match node \"%s\"".formatted(of, node));
    }
    String serviceId = Names.checked("service ID", fields.string("ServiceID"));
    String serviceName = fields.string("ServiceName");
    if (serviceId.isEmpty() && service != null && service.name().equals(serviceName)) {
      serviceId = service.id();
    }
    String status = fields.string("Status");
    Probe probe =
        new Probe.External(
            fields.object("Definition").map(CheckForm::declared).orElse(new Probe.None()));
    var check =
        new Check(
            node,
            id.isEmpty() ? Names.checked("check name", name) : id,
            serviceId,
            name,
            fields.string("Notes"),
            CheckForm.status(status, "Invalid check status: '" + status + "'"),
            fields.string("Output"),
            probe,
            0,
            0);
    if (check.id().isEmpty()) {
      throw new Refusal(500, "Must provide check ID or name");
    }
    fields.requireDefault("Namespace", "Partition");
    fields.ignore("ServiceTags", "Type", "Interval", "Timeout", "ExposedPort");
    fields.ignore("CreateIndex", "ModifyIndex", "PeerName");
    fields.end();
    return check;
  }

  private Response deregister(Request request, String rest) {
    Fields fields = Fields.of(Json.parse(request.body()));
    requireDatacenter(fields);
    String node = fields.string("Node");
    if (node.isEmpty()) {
      throw new Refusal(500, "Must provide node");
    }
    String serviceId = fields.string("ServiceID");
    String checkId = fields.string("CheckID");
    fields.requireDefault("Namespace", "Partition");
    fields.ignore("Address", "EnterpriseMeta", "WriteRequest");
    fields.end();
    if (node.equalsIgnoreCase(server.nodeName()) && serviceId.isEmpty() && checkId.isEmpty()) {
      throw new Refusal(
          400,
          "Node \"%s\" is this server: deregister its services instead, by ServiceID"
              .formatted(node));
    }
    OwnEntries.requireNotService(server, node, serviceId);
    OwnEntries.requireNotCheck(server, node, checkId);
    Answers.isDone(registry.submit(new Command.Deregister(node, serviceId, checkId, "")));
    return answers.bool(request, true);
  }
}
