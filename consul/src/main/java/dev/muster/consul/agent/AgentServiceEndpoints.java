package dev.muster.consul.agent;

import dev.muster.consul.form.Fields;
import dev.muster.consul.form.GoBoolean;
import dev.muster.consul.form.Json;
import dev.muster.consul.form.Refusal;
import dev.muster.consul.form.ServiceForm;
import dev.muster.consul.serving.Answers;
import dev.muster.consul.serving.OwnEntries;
import dev.muster.consul.serving.Reads;
import dev.muster.consul.serving.Routes;
import dev.muster.consul.serving.Selection;
import dev.muster.consul.serving.Server;
import dev.muster.consul.serving.Shapes;
import dev.muster.health.probe.ScriptChecks;
import dev.muster.http.Request;
import dev.muster.http.Response;
import dev.muster.registry.Command;
import dev.muster.registry.Registry;
import dev.muster.registry.View;
import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.Probe;
import dev.muster.registry.catalog.Service;
import dev.muster.registry.tree.WatchSet;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// `/v1/agent/service…` and maintenance: instances registered with this server.
public final class AgentServiceEndpoints {
  private static final int HASH_BYTES = 8;

  private final Registry registry;
  private final Reads reads;
  private final Server server;
  private final Selection selection;
  private final ScriptChecks scripts;
  private final Shapes shapes;
  private final Answers answers;

  /// @param scripts which scripts may be registered
  public AgentServiceEndpoints(
      Registry registry,
      Reads reads,
      Server server,
      Selection selection,
      ScriptChecks scripts,
      Shapes shapes,
      Answers answers) {
    this.registry = registry;
    this.reads = reads;
    this.server = server;
    this.selection = selection;
    this.scripts = scripts;
    this.shapes = shapes;
    this.answers = answers;
  }

  public void addTo(Routes routes) {
    routes.add("GET", "/v1/agent/services", this::list);
    routes.add("GET", "/v1/agent/service/", this::get);
    routes.add("PUT", "/v1/agent/service/register", this::register);
    routes.add("PUT", "/v1/agent/service/deregister/", this::deregister);
    routes.add("PUT", "/v1/agent/service/maintenance/", this::serviceMaintenance);
    routes.add("PUT", "/v1/agent/maintenance", this::nodeMaintenance);
  }

  private Response list(Request request, String rest) {
    Predicate<Service> filter = selection.filter(request, selection.elements().service());
    View view = registry.view();
    List<Service> services = view.catalog().servicesOn(server.nodeName(), new WatchSet()).value();
    return answers.json(
        request,
        json -> {
          json.writeStartObject();
          for (Service service : services) {
            if (!Owned.isServer(service) && filter.test(service)) {
              json.writeName(service.id());
              shapes.agentService(json, service, "");
            }
          }
          json.writeEndObject();
        });
  }

  /// With `hash`, waits while the instance still is what the client knows.
  private Response get(Request request, String id) throws InterruptedException {
    String known = request.parameter("hash").orElse("");
    Service service =
        reads
            .readUntil(
                request,
                (view, watches) -> watched(view, id, watches),
                found -> known.isEmpty() || !found.map(this::hash).equals(Optional.of(known)))
            .orElseThrow(() -> new Refusal(404, "unknown service ID: " + id));
    String hash = hash(service);
    return answers
        .json(request, json -> shapes.agentService(json, service, hash))
        .with("X-Consul-ContentHash", hash);
  }

  private Optional<Service> watched(View view, String id, WatchSet watches) {
    Optional<Service> found = Owned.service(view, server.nodeName(), id);
    found.ifPresent(service -> view.catalog().servicesOn(service.node(), watches));
    return found;
  }

  /// Stands for all that an agent tells of the instance.
  private String hash(Service service) {
    byte[] told = Json.render(false, json -> shapes.agentService(json, service, ""));
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(told);
      return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  private Response register(Request request, String rest) {
    String caller = isThisHost(request.client()) ? "" : request.client().getHostAddress();
    ServiceForm form = ServiceForm.ofAgent(Fields.of(Json.parse(request.body())), caller);
    form.checks().forEach(check -> check.requireAllowed(scripts));
    Service.Definition definition = form.definition();
    String node = server.nodeName();
    OwnEntries.requireNotService(server, node, form.id());
    List<Check> checks = form.checksOn(node);
    checks.forEach(check -> OwnEntries.requireNotCheck(server, node, check.id()));
    boolean replaces =
        request
            .parameter("replace-existing-checks")
            .filter(value -> !value.equals("false"))
            .isPresent();
    Service service = new Service(node, form.id(), definition, 0, 0);
    Answers.isDone(registry.submit(new Command.Register(node, null, service, checks, replaces)));
    return Response.empty(200);
  }

  private static boolean isThisHost(InetAddress client) {
    try {
      return client.isLoopbackAddress() || NetworkInterface.getByInetAddress(client) != null;
    } catch (SocketException e) {
      return false;
    }
  }

  private Response deregister(Request request, String id) {
    Service service =
        Owned.service(registry.view(), server.nodeName(), id)
            .orElseThrow(
                () ->
                    new Refusal(
                        404,
                        ("Unknown service ID \"%s\". Ensure that the service ID is passed, not the"
                                + " service name.")
                            .formatted(id)));
    Answers.isDone(registry.submit(new Command.Deregister(service.node(), id, "", "")));
    return Response.empty(200);
  }

  private Response serviceMaintenance(Request request, String id) {
    if (id.isEmpty()) {
      throw new Refusal(400, "Missing service ID");
    }
    boolean enable = enable(request);
    Service service =
        Owned.service(registry.view(), server.nodeName(), id)
            .orElseThrow(
                () -> new Refusal(404, "No service registered with ID \"%s\"".formatted(id)));
    String checkId = Check.maintenanceOf(service.id());
    setMaintenance(
        service.node(), service.id(), checkId, "Service Maintenance Mode", enable, request);
    return Response.empty(200);
  }

  private Response nodeMaintenance(Request request, String rest) {
    boolean enable = enable(request);
    setMaintenance(
        server.nodeName(), "", Check.NODE_MAINTENANCE, "Node Maintenance Mode", enable, request);
    return Response.empty(200);
  }

  private static boolean enable(Request request) {
    String value = request.parameter("enable").orElse("");
    if (value.isEmpty()) {
      throw new Refusal(400, "Missing value for enable");
    }
    return GoBoolean.parse(value)
        .orElseThrow(() -> new Refusal(400, "Invalid value for enable: want true or false"));
  }

  private void setMaintenance(
      String node, String serviceId, String checkId, String name, boolean on, Request request) {
    if (!on) {
      Answers.isDone(registry.submit(new Command.Deregister(node, "", checkId, "")));
      return;
    }
    String notes =
        Optional.of(request.parameter("reason").orElse(""))
            .filter(reason -> !reason.isEmpty())
            .orElse("Maintenance mode is enabled, but no reason was provided.");
    Check check =
        new Check(
            node,
            checkId,
            serviceId,
            name,
            notes,
            Check.Status.CRITICAL,
            "",
            new Probe.None(),
            0,
            0);
    Answers.isDone(registry.submit(new Command.Register(node, null, null, List.of(check), false)));
  }
}
