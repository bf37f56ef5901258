package dev.muster.consul.serving;

import dev.muster.consul.form.Json;
import dev.muster.consul.form.Refusal;
import dev.muster.http.Request;
import dev.muster.http.Response;
import dev.muster.registry.Reply;
import dev.muster.registry.transaction.Failure;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/// The forms of answer that all endpoints share.
public final class Answers {
  private final boolean alwaysPretty;

  public Answers(boolean alwaysPretty) {
    this.alwaysPretty = alwaysPretty;
  }

  public Response json(Request request, Consumer<JsonGenerator> content) {
    boolean pretty = alwaysPretty || request.hasParameter("pretty");
    return Response.of(200, "application/json", Json.render(pretty, content));
  }

  public <T> Response array(
      Request request, List<T> elements, BiConsumer<JsonGenerator, T> element) {
    return json(
        request,
        json -> {
          json.writeStartArray();
          elements.forEach(each -> element.accept(json, each));
          json.writeEndArray();
        });
  }

  public Response bool(Request request, boolean value) {
    return json(request, json -> json.writeBoolean(value));
  }

  /// Whether the command took effect.
  ///
  /// @throws Refusal with 500 and the registry's reason, as Consul answers what its log refuses
  public static boolean isDone(Reply reply) {
    return switch (reply) {
      case Reply.Done _ -> true;
      case Reply.Unmet _ -> false;
      case Reply.Refused(String message) -> throw new Refusal(500, message);
      case Reply.Results _ -> true;
      case Reply.Failed(List<Failure> failures) ->
          throw new Refusal(409, failures.getFirst().what());
    };
  }
}
