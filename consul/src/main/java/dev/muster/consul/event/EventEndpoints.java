package dev.muster.consul.event;

import dev.muster.consul.form.Names;
import dev.muster.consul.form.Refusal;
import dev.muster.consul.form.Uuid;
import dev.muster.consul.serving.Answers;
import dev.muster.consul.serving.Reads;
import dev.muster.consul.serving.Routes;
import dev.muster.http.Request;
import dev.muster.http.Response;
import dev.muster.registry.Command;
import dev.muster.registry.Registry;
import dev.muster.registry.event.Event;
import dev.muster.registry.query.RegularExpression;
import dev.muster.registry.tree.Found;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import tools.jackson.core.JsonGenerator;

/// `/v1/event/…`: events for everybody to hear, and the paths by which Spring Cloud Bus asks for
/// them.
public final class EventEndpoints {
  private static final int BYTES_MAX = 8 * 1024;

  private final Registry registry;
  private final Reads reads;
  private final Answers answers;
  private final RandomGenerator random;

  public EventEndpoints(Registry registry, Reads reads, Answers answers, RandomGenerator random) {
    this.registry = registry;
    this.reads = reads;
    this.answers = answers;
    this.random = random;
  }

  public void addTo(Routes routes) {
    routes.add(
        "PUT",
        "/v1/event/fire/",
        this::fire,
        "up to 8 KiB, through the log: no event is lost, and every server lists it");
    routes.add("POST", "/v1/event/fire/", this::fire, "for Spring Cloud Bus; Consul has PUT only");
    routes.add(
        "GET",
        "/v1/event/list",
        this::list,
        "lists what is meant for other nodes and services, too: any server may be asked; node,"
            + " service and tag ask for what is meant for one");
    routes.add("GET", "/v1/events", this::list, "for Spring Cloud Bus; Consul has it not");
  }

  private Response fire(Request request, String name) {
    if (name.isEmpty()) {
      throw new Refusal(400, "Missing name");
    }
    Names.checked("event name", name);
    byte[] payload = request.body();
    if (name.length() + payload.length > BYTES_MAX) {
      throw new Refusal(
          500, "user event exceeds configured limit of " + BYTES_MAX + " bytes before encoding");
    }
    String service = request.parameter("service").orElse("");
    String tag = request.parameter("tag").orElse("");
    if (!tag.isEmpty() && service.isEmpty()) {
      throw new Refusal(500, "Cannot provide tag filter without service filter");
    }
    var event =
        new Event(
            Uuid.random(random),
            name,
            payload.length == 0 ? null : payload,
            checked("node", request.parameter("node").orElse("")),
            checked("service", service),
            checked("tag", tag),
            0);
    Answers.isDone(registry.submit(new Command.FireEvent(event)));
    return answers.json(request, json -> write(json, event));
  }

  private static String checked(String what, String filter) {
    try {
      RegularExpression.of(filter);
      return filter;
    } catch (IllegalArgumentException e) {
      throw new Refusal(500, "Invalid %s filter: %s".formatted(what, e.getMessage()));
    }
  }

  private Response list(Request request, String rest) throws InterruptedException {
    String name = request.parameter("name").orElse("");
    Found<List<Event>> found =
        reads.readUnordered(
            request,
            (view, watches) -> {
              List<Event> events =
                  view.events().latest(watches).stream()
                      .filter(event -> name.isEmpty() || event.name().equals(name))
                      .filter(event -> isFor(request, "node", event.nodeFilter()))
                      .filter(event -> isFor(request, "service", event.serviceFilter()))
                      .filter(event -> isFor(request, "tag", event.tagFilter()))
                      .toList();
              return new Found<>(events, events.isEmpty() ? 1 : index(events.getLast()), false);
            });
    return answers
        .array(request, found.value(), EventEndpoints::write)
        .with("X-Consul-Index", Long.toUnsignedString(found.index()));
  }

  /// Whether the event is meant for the node, service or tag that the request names.
  private static boolean isFor(Request request, String parameter, String filter) {
    String asked = request.parameter(parameter).orElse("");
    return asked.isEmpty() || RegularExpression.of(filter).isIn(asked);
  }

  /// Of an event's id, as Consul makes it: it names the last event and is no count.
  private static long index(Event event) {
    UUID id = UUID.fromString(event.id());
    long index = id.getMostSignificantBits() ^ id.getLeastSignificantBits();
    return index == 0 ? 1 : index;
  }

  private static void write(JsonGenerator json, Event event) {
    json.writeStartObject();
    json.writeStringProperty("ID", event.id());
    json.writeStringProperty("Name", event.name());
    if (event.payload() == null) {
      json.writeNullProperty("Payload");
    } else {
      json.writeBinaryProperty("Payload", event.payload());
    }
    json.writeStringProperty("NodeFilter", event.nodeFilter());
    json.writeStringProperty("ServiceFilter", event.serviceFilter());
    json.writeStringProperty("TagFilter", event.tagFilter());
    json.writeNumberProperty("Version", 1);
    json.writeNumberProperty("LTime", event.time());
    json.writeEndObject();
  }
}
