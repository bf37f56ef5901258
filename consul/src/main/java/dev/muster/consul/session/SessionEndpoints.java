package dev.muster.consul.session;

import dev.muster.consul.form.Fields;
import dev.muster.consul.form.Json;
import dev.muster.consul.form.Refusal;
import dev.muster.consul.form.Uuid;
import dev.muster.consul.serving.Answers;
import dev.muster.consul.serving.Reads;
import dev.muster.consul.serving.Routes;
import dev.muster.consul.serving.Server;
import dev.muster.health.SessionLeases;
import dev.muster.health.SessionLeases.Renewal;
import dev.muster.http.Request;
import dev.muster.http.Response;
import dev.muster.registry.Command;
import dev.muster.registry.Registry;
import dev.muster.registry.session.Session;
import dev.muster.registry.session.SessionId;
import dev.muster.registry.tree.Found;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import tools.jackson.core.JsonGenerator;

/// `/v1/session/…`: what holds locks on keys.
public final class SessionEndpoints {

  private final Registry registry;
  private final SessionLeases leases;
  private final Server server;
  private final Reads reads;
  private final Answers answers;
  private final RandomGenerator random;

  /// @param random makes the ids of sessions, which are secrets of a kind: who knows one can
  ///     release its locks
  public SessionEndpoints(
      Registry registry,
      SessionLeases leases,
      Server server,
      Reads reads,
      Answers answers,
      RandomGenerator random) {
    this.registry = registry;
    this.leases = leases;
    this.server = server;
    this.reads = reads;
    this.answers = answers;
    this.random = random;
  }

  public void addTo(Routes routes) {
    routes.add(
        "PUT",
        "/v1/session/create",
        this::create,
        "a negative `LockDelay` is refused, as it has no meaning");
    routes.add("PUT", "/v1/session/destroy/", this::destroy);
    routes.add(
        "PUT",
        "/v1/session/renew/",
        this::renew,
        "a server that does not lead answers 500 `No cluster leader`: renewals are kept in memory,"
            + " by the leader");
    routes.add("GET", "/v1/session/info/", this::info);
    routes.add("GET", "/v1/session/list", this::list);
    routes.add("GET", "/v1/session/node/", this::node);
  }

  private Response create(Request request, String rest) {
    boolean isEmpty = request.body().length == 0;
    Session.Definition definition =
        SessionForm.of(
            isEmpty ? null : Fields.of(Json.parse(request.body())),
            server.nodeName(),
            server.sessionTtlMin());
    var session = new Session(Uuid.random(random), definition, 0, 0);
    Answers.isDone(registry.submit(new Command.CreateSession(session)));
    return answers.json(
        request,
        json -> {
          json.writeStartObject();
          json.writeStringProperty("ID", session.id());
          json.writeEndObject();
        });
  }

  private static String checked(String id) {
    if (id.isEmpty()) {
      throw new Refusal(400, "Missing session");
    }
    SessionId.fault(id)
        .ifPresent(
            fault -> {
              throw new Refusal(500, fault);
            });
    return SessionId.normal(id);
  }

  private Response destroy(Request request, String id) {
    Answers.isDone(registry.submit(new Command.DestroySession(checked(id))));
    return answers.bool(request, true);
  }

  private Response renew(Request request, String id) {
    return switch (leases.renew(checked(id))) {
      case Renewal.Renewed(Session session) ->
          answers.array(request, List.of(session), SessionEndpoints::write);
      case Renewal.Unknown _ -> Response.text(404, "Session id '%s' not found".formatted(id));
      case Renewal.NotCounting _ -> Response.text(500, "No cluster leader");
    };
  }

  private Response info(Request request, String id) throws InterruptedException {
    Optional<String> fault = id.isEmpty() ? Optional.empty() : SessionId.fault(id);
    if (fault.isPresent()) {
      // Consul sends the headers of a read that never took place; so they were recorded.
      return Response.text(500, fault.get())
          .with("X-Consul-Index", "1")
          .with("X-Consul-Knownleader", "false")
          .with("X-Consul-Lastcontact", "0");
    }
    String known = checked(id);
    Found<Optional<Session>> found =
        reads.read(request, (view, watches) -> view.sessions().session(known, watches));
    List<Session> sessions = found.value().stream().toList();
    return reads.withIndex(answers.array(request, sessions, SessionEndpoints::write), found);
  }

  private Response list(Request request, String rest) throws InterruptedException {
    return sessions(request, reads.read(request, (view, watches) -> view.sessions().all(watches)));
  }

  private Response node(Request request, String node) throws InterruptedException {
    if (node.isEmpty()) {
      throw new Refusal(400, "Missing node name");
    }
    return sessions(
        request, reads.read(request, (view, watches) -> view.sessions().on(node, watches)));
  }

  private Response sessions(Request request, Found<List<Session>> found) {
    return reads.withIndex(answers.array(request, found.value(), SessionEndpoints::write), found);
  }

  private static void write(JsonGenerator json, Session session) {
    Session.Definition definition = session.definition();
    json.writeStartObject();
    json.writeStringProperty("ID", session.id());
    json.writeStringProperty("Name", definition.name());
    json.writeStringProperty("Node", definition.node());
    json.writeNumberProperty("LockDelay", definition.lockDelay().toNanos());
    json.writeStringProperty("Behavior", definition.behavior().word());
    Session.Ttl ttl = definition.ttl();
    json.writeStringProperty("TTL", ttl == null ? "" : ttl.written());
    Json.strings(json, "NodeChecks", definition.nodeChecks());
    if (definition.serviceChecks().isEmpty()) {
      json.writeNullProperty("ServiceChecks");
    } else {
      json.writeArrayPropertyStart("ServiceChecks");
      for (String check : definition.serviceChecks()) {
        json.writeStartObject();
        json.writeStringProperty("ID", check);
        json.writeStringProperty("Namespace", "");
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    json.writeNumberProperty("CreateIndex", session.createIndex());
    json.writeNumberProperty("ModifyIndex", session.modifyIndex());
    json.writeEndObject();
  }
}
