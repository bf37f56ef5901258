package dev.muster.consul.query;

import dev.muster.consul.form.Fields;
import dev.muster.consul.form.Json;
import dev.muster.consul.form.Names;
import dev.muster.consul.form.Refusal;
import dev.muster.consul.form.Uuid;
import dev.muster.consul.serving.Answers;
import dev.muster.consul.serving.ReadOptions;
import dev.muster.consul.serving.Reads;
import dev.muster.consul.serving.Routes;
import dev.muster.consul.serving.Server;
import dev.muster.consul.serving.Shapes;
import dev.muster.http.Request;
import dev.muster.http.Response;
import dev.muster.registry.Command;
import dev.muster.registry.Registry;
import dev.muster.registry.View;
import dev.muster.registry.catalog.Instance;
import dev.muster.registry.query.Execution;
import dev.muster.registry.query.PreparedQuery;
import dev.muster.registry.query.Resolution;
import dev.muster.registry.tree.Found;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import tools.jackson.core.JsonGenerator;

/// `/v1/query…`: prepared queries.
public final class QueryEndpoints {
  private static final String EXECUTE = "/execute";
  private static final String EXPLAIN = "/explain";
  private static final int UUID_CHARACTERS = 36;

  private final Registry registry;
  private final Server server;
  private final Reads reads;
  private final Shapes shapes;
  private final Answers answers;
  private final RandomGenerator random;

  /// Answers with what the registry holds.
  ///
  /// @param random orders the instances that a query gives, and makes ids
  public QueryEndpoints(
      Registry registry,
      Server server,
      Reads reads,
      Shapes shapes,
      Answers answers,
      RandomGenerator random) {
    this.registry = registry;
    this.server = server;
    this.reads = reads;
    this.shapes = shapes;
    this.answers = answers;
    this.random = random;
  }

  public void addTo(Routes routes) {
    routes.add("GET", "/v1/query", this::list);
    routes.add("POST", "/v1/query", this::create);
    routes.add(
        "GET",
        "/v1/query/",
        this::get,
        "near puts a node's own instances first, the rest in the order of chance: no distances are"
            + " known; failing over finds no other datacenter; Connect finds no proxies");
    routes.add("PUT", "/v1/query/", this::update);
    routes.add("DELETE", "/v1/query/", this::delete);
  }

  private Response list(Request request, String rest) throws InterruptedException {
    Found<List<PreparedQuery>> found =
        reads.read(request, (view, watches) -> view.queries().all(watches));
    Response answer = answers.array(request, found.value(), QueryShape::write);
    return reads.withIndexAndConsistency(answer, found, request);
  }

  private Response create(Request request, String rest) {
    Fields fields = Fields.of(Json.parse(request.body()));
    if (!QueryForm.id(fields).isEmpty()) {
      throw new Refusal(500, "ID must be empty when creating a new prepared query");
    }
    PreparedQuery query = QueryForm.read(fields, Uuid.random(random));
    Answers.isDone(registry.submit(new Command.PutQuery(query, false)));
    return answers.json(
        request,
        json -> {
          json.writeStartObject();
          json.writeStringProperty("ID", query.id());
          json.writeEndObject();
        });
  }

  private Response get(Request request, String rest) throws InterruptedException {
    if (rest.endsWith(EXECUTE)) {
      return execute(request, rest.substring(0, rest.length() - EXECUTE.length()));
    }
    if (rest.endsWith(EXPLAIN)) {
      return explain(request, rest.substring(0, rest.length() - EXPLAIN.length()));
    }
    requireId(rest);
    Found<Optional<PreparedQuery>> found =
        reads.read(request, (view, watches) -> view.queries().query(rest, watches));
    if (found.value().isEmpty()) {
      return notFound();
    }
    Response answer = answers.array(request, List.of(found.value().get()), QueryShape::write);
    return reads.withIndexAndConsistency(answer, found, request);
  }

  private static void requireId(String id) {
    if (id.length() != UUID_CHARACTERS) {
      throw new Refusal(
          500, "failed prepared query lookup: index error: UUID must be 36 characters");
    }
  }

  private static Response notFound() {
    return Response.text(404, "Query not found");
  }

  private Response update(Request request, String id) {
    if (isReadOnly(id)) {
      return notAllowed("PUT");
    }
    Names.checked("query id", id);
    byte[] body = request.body().length == 0 ? new byte[] {'{', '}'} : request.body();
    PreparedQuery query = QueryForm.read(Fields.of(Json.parse(body)), id);
    Answers.isDone(registry.submit(new Command.PutQuery(query, true)));
    return Response.empty(200);
  }

  private Response delete(Request request, String id) {
    if (isReadOnly(id)) {
      return notAllowed("DELETE");
    }
    Names.checked("query id", id);
    Answers.isDone(registry.submit(new Command.DeleteQuery(id)));
    return Response.empty(200);
  }

  private static boolean isReadOnly(String rest) {
    return rest.endsWith(EXECUTE) || rest.endsWith(EXPLAIN);
  }

  private static Response notAllowed(String method) {
    return Response.text(405, "method " + method + " not allowed").with("Allow", "OPTIONS,GET");
  }

  private Response execute(Request request, String nameOrId) {
    Execution.Asker asker = asker(request);
    View view = reads.view(request);
    Optional<PreparedQuery> query = resolve(view, nameOrId);
    if (query.isEmpty()) {
      return notFound();
    }
    Execution execution = Execution.of(query.get(), view.catalog(), asker, random);
    return withMeta(request, json -> executed(json, execution));
  }

  private void executed(JsonGenerator json, Execution execution) {
    json.writeStringProperty("Service", execution.query().service().service());
    json.writeArrayPropertyStart("Nodes");
    for (Instance instance : execution.instances()) {
      shapes.healthService(json, instance);
    }
    json.writeEndArray();
    QueryShape.dns(json, execution.query());
    json.writeStringProperty("Datacenter", server.datacenter());
    json.writeNumberProperty("Failovers", execution.failovers());
  }

  private Response explain(Request request, String nameOrId) {
    asker(request);
    Optional<PreparedQuery> query = resolve(reads.view(request), nameOrId);
    if (query.isEmpty()) {
      return notFound();
    }
    return withMeta(
        request,
        json -> {
          json.writeName("Query");
          QueryShape.write(json, query.get());
        });
  }

  private static Optional<PreparedQuery> resolve(View view, String nameOrId) {
    Names.checked("query name", nameOrId);
    return switch (view.queries().resolve(nameOrId)) {
      case Resolution.Found(PreparedQuery query) -> Optional.of(query);
      case Resolution.Unknown() -> Optional.empty();
      case Resolution.Refused(String reason) -> throw new Refusal(500, reason);
    };
  }

  private Execution.Asker asker(Request request) {
    String forwarded = request.headers().getOrDefault("x-forwarded-for", "");
    String first = forwarded.split(",", 2)[0].strip();
    return new Execution.Asker(
        server.nodeName(),
        first.isEmpty() ? request.client().getHostAddress() : first,
        request.parameter("near").orElse(""),
        limit(request.parameter("limit").orElse("")),
        request.hasParameter("connect")
            && !request.parameter("connect").orElse("").equals("false"));
  }

  private static int limit(String text) {
    try {
      return text.isEmpty() ? 0 : Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new Refusal(
          500, "Bad limit: strconv.Atoi: parsing \"%s\": invalid syntax".formatted(text));
    }
  }

  /// What does not wait for changes still says from which state it is, in the body, too.
  private Response withMeta(Request request, Consumer<JsonGenerator> content) {
    Found<Boolean> found = new Found<>(true, 1, false);
    Response answer =
        answers.json(
            request,
            json -> {
              json.writeStartObject();
              content.accept(json);
              json.writeNumberProperty("Index", 0);
              json.writeNumberProperty("LastContact", 0);
              json.writeBooleanProperty("KnownLeader", reads.knowsLeader());
              json.writeStringProperty(
                  "ConsistencyLevel", ReadOptions.of(request).consistency().word());
              json.writeEndObject();
            });
    return reads.withIndexAndConsistency(answer, found, request);
  }
}
