package dev.muster.consul.agent;

import dev.muster.consul.form.CheckForm;
import dev.muster.consul.form.Fields;
import dev.muster.consul.form.Json;
import dev.muster.consul.form.Names;
import dev.muster.consul.form.Refusal;
import dev.muster.consul.serving.Answers;
import dev.muster.consul.serving.OwnEntries;
import dev.muster.consul.serving.Routes;
import dev.muster.consul.serving.Selection;
import dev.muster.consul.serving.Server;
import dev.muster.consul.serving.Shapes;
import dev.muster.health.HealthChecks;
import dev.muster.http.Request;
import dev.muster.http.Response;
import dev.muster.registry.Command;
import dev.muster.registry.Registry;
import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.CheckRef;
import dev.muster.registry.catalog.Probe;
import dev.muster.registry.catalog.ServiceCheck;
import dev.muster.registry.tree.WatchSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// `/v1/agent/check…`: checks registered with this server, and the beats of TTL checks.
public final class AgentCheckEndpoints {
  /// Longer outputs of a beat are cut, as Consul's are.
  private static final int OUTPUT_CHARACTERS_MAX = Probe.OUTPUT_BYTES_MAX;

  private final Registry registry;
  private final HealthChecks health;
  private final Server server;
  private final Selection selection;
  private final Shapes shapes;
  private final Answers answers;

  public AgentCheckEndpoints(
      Registry registry,
      HealthChecks health,
      Server server,
      Selection selection,
      Shapes shapes,
      Answers answers) {
    this.registry = registry;
    this.health = health;
    this.server = server;
    this.selection = selection;
    this.shapes = shapes;
    this.answers = answers;
  }

  public void addTo(Routes routes) {
    routes.add("GET", "/v1/agent/checks", this::list);
    routes.add("PUT", "/v1/agent/check/register", this::register);
    routes.add("PUT", "/v1/agent/check/deregister/", this::deregister);
    routes.add("PUT", "/v1/agent/check/pass/", (request, id) -> beat(request, id, "passing"));
    routes.add("PUT", "/v1/agent/check/warn/", (request, id) -> beat(request, id, "warning"));
    routes.add("PUT", "/v1/agent/check/fail/", (request, id) -> beat(request, id, "critical"));
    routes.add("PUT", "/v1/agent/check/update/", this::update);
  }

  private Response list(Request request, String rest) {
    Predicate<ServiceCheck> filter = selection.filter(request, selection.elements().check());
    List<ServiceCheck> checks =
        registry.view().catalog().checksOn(server.nodeName(), new WatchSet()).value();
    return answers.json(
        request,
        json -> {
          json.writeStartObject();
          for (ServiceCheck check : checks) {
            if (!Owned.isServers(check.check()) && filter.test(check)) {
              json.writeName(check.check().id());
              shapes.check(json, check);
            }
          }
          json.writeEndObject();
        });
  }

  private Response register(Request request, String rest) {
    Fields fields = Fields.of(Json.parse(request.body()));
    if (fields.string("Name").isEmpty()) {
      throw new Refusal(400, "Missing check name");
    }
    CheckForm.status(fields.string("Status"), "Bad check status");
    CheckForm form = CheckForm.of(fields);
    form.requireAllowed(health.scripts());
    String node = server.nodeName();
    if (!form.serviceId().isEmpty()) {
      node =
          Owned.service(registry.view(), node, form.serviceId())
              .orElseThrow(
                  () ->
                      new Refusal(
                          500, "ServiceID \"%s\" does not exist".formatted(form.serviceId())))
              .node();
    }
    String id = form.id().isEmpty() ? Names.checked("check name", form.name()) : form.id();
    OwnEntries.requireNotCheck(server, node, id);
    Check check = form.check(node, id, form.name(), form.serviceId(), "Bad check status");
    Answers.isDone(registry.submit(new Command.Register(node, null, null, List.of(check), false)));
    return Response.empty(200);
  }

  private Response deregister(Request request, String id) {
    Check check = known(id);
    Answers.isDone(registry.submit(new Command.Deregister(check.node(), "", check.id(), "")));
    return Response.empty(200);
  }

  private Response beat(Request request, String id, String status) {
    return beat(id, CheckForm.status(status, ""), request.parameter("note").orElse(""));
  }

  private Response update(Request request, String id) {
    Fields fields = Fields.of(Json.parse(request.body()));
    String status = fields.string("Status");
    String output = fields.string("Output");
    fields.ignore("Token");
    fields.end();
    String refusal = "Invalid check status: '" + status + "'";
    if (status.isEmpty()) {
      throw new Refusal(400, refusal);
    }
    return beat(id, CheckForm.status(status, refusal), output);
  }

  private Response beat(String id, Check.Status status, String note) {
    Check check = known(id);
    if (!(check.probe() instanceof Probe.Ttl)) {
      throw new Refusal(500, "CheckID \"%s\" does not have associated TTL".formatted(id));
    }
    Answers.isDone(health.beat(new CheckRef(check.node(), check.id()), status, shortened(note)));
    return Response.empty(200);
  }

  private static String shortened(String note) {
    int length = note.length();
    if (length <= OUTPUT_CHARACTERS_MAX) {
      return note;
    }
    // Half a character is none.
    int cut = OUTPUT_CHARACTERS_MAX;
    int end = Character.isHighSurrogate(note.charAt(cut - 1)) ? cut - 1 : cut;
    return "%s ... (captured %d of %d characters)".formatted(note.substring(0, end), end, length);
  }

  private Check known(String id) {
    Optional<Check> check = Owned.check(registry.view(), server.nodeName(), id);
    return check.orElseThrow(
        () ->
            new Refusal(
                404,
                "Unknown check ID \"%s\". Ensure that the check ID is passed, not the check name."
                    .formatted(id)));
  }
}
