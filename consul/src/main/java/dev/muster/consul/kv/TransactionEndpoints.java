package dev.muster.consul.kv;

import dev.muster.consul.form.Json;
import dev.muster.consul.form.Refusal;
import dev.muster.consul.serving.Answers;
import dev.muster.consul.serving.ReadOptions;
import dev.muster.consul.serving.Routes;
import dev.muster.consul.serving.Server;
import dev.muster.consul.serving.Shapes;
import dev.muster.health.SessionLeases;
import dev.muster.http.Request;
import dev.muster.http.Response;
import dev.muster.registry.Command;
import dev.muster.registry.Registry;
import dev.muster.registry.Reply;
import dev.muster.registry.View;
import dev.muster.registry.transaction.Failure;
import dev.muster.registry.transaction.Operation;
import dev.muster.registry.transaction.Result;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/// `/v1/txn`: several operations at once, or none of them.
public final class TransactionEndpoints {
  private final Registry registry;
  private final Shapes shapes;
  private final Answers answers;
  private final TransactionForm form;

  public TransactionEndpoints(
      Registry registry, SessionLeases leases, Server server, Shapes shapes, Answers answers) {
    this.registry = registry;
    this.shapes = shapes;
    this.answers = answers;
    this.form = new TransactionForm(server, leases::passedDelay);
  }

  public void addTo(Routes routes) {
    routes.add(
        "PUT",
        "/v1/txn",
        this::run,
        "also ends sessions (`Session`, verb `delete`); an operation that is none, or several,"
            + " fails by name; locks within lock-delay are told along with all other failures");
  }

  private Response run(Request request, String rest) {
    List<Operation> operations;
    try {
      operations = form.operations(Json.parse(request.body()));
    } catch (Refusal e) {
      throw e.isUndecodable()
          ? new Refusal(e.status(), "Failed to parse body: " + e.withoutPrefix())
          : e;
    }
    var transaction = new Command.Transaction(operations);
    if (operations.stream().anyMatch(Operation::isWrite)) {
      return answer(request, registry.submit(transaction), false);
    }
    boolean isStale = ReadOptions.of(request).consistency() == ReadOptions.Consistency.STALE;
    View view = isStale ? registry.localView() : registry.view();
    return answer(request, view.attempt(transaction), true)
        .with("X-Consul-Knownleader", Boolean.toString(hasLeader()))
        .with("X-Consul-Lastcontact", "0");
  }

  private boolean hasLeader() {
    return registry.standing().leaderAddress().isPresent();
  }

  private Response answer(Request request, Reply reply, boolean isRead) {
    return switch (reply) {
      case Reply.Results(long _, List<Result> results) ->
          answers.json(
              request,
              json -> {
                json.writeStartObject();
                json.writeArrayPropertyStart("Results");
                results.forEach(it -> write(json, it));
                json.writeEndArray();
                json.writeNullProperty("Errors");
                end(json, isRead);
              });
      case Reply.Failed(List<Failure> failures) -> conflict(request, failures, isRead);
      case Reply.Done _, Reply.Unmet _, Reply.Refused _ ->
          throw new IllegalStateException("a transaction has results or failures, not " + reply);
    };
  }

  private Response conflict(Request request, List<Failure> failures, boolean isRead) {
    Response answer =
        answers.json(
            request,
            json -> {
              json.writeStartObject();
              json.writeNullProperty("Results");
              json.writeArrayPropertyStart("Errors");
              for (Failure failure : failures) {
                json.writeStartObject();
                json.writeNumberProperty("OpIndex", failure.operation());
                json.writeStringProperty("What", failure.what());
                json.writeEndObject();
              }
              json.writeEndArray();
              end(json, isRead);
            });
    return answer.withStatus(409);
  }

  /// A transaction that only reads says how it was read.
  private void end(JsonGenerator json, boolean isRead) {
    if (isRead) {
      json.writeNumberProperty("Index", 0);
      json.writeNumberProperty("LastContact", 0);
      json.writeBooleanProperty("KnownLeader", hasLeader());
      json.writeStringProperty("ConsistencyLevel", "");
    }
    json.writeEndObject();
  }

  private void write(JsonGenerator json, Result result) {
    json.writeStartObject();
    switch (result) {
      case Result.OfKey(var entry) -> {
        json.writeName("KV");
        Shapes.keyEntry(json, entry);
      }
      case Result.OfNode(var node) -> {
        json.writeName("Node");
        shapes.node(json, node);
      }
      case Result.OfService(var service) -> {
        json.writeName("Service");
        shapes.resultingService(json, service);
      }
      case Result.OfCheck(var check) -> {
        json.writeName("Check");
        shapes.resultingCheck(json, check);
      }
    }
    json.writeEndObject();
  }
}
