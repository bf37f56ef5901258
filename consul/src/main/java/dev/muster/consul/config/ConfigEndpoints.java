package dev.muster.consul.config;

import dev.muster.consul.filter.Element;
import dev.muster.consul.form.Json;
import dev.muster.consul.form.Names;
import dev.muster.consul.form.Refusal;
import dev.muster.consul.serving.Answers;
import dev.muster.consul.serving.Reads;
import dev.muster.consul.serving.Routes;
import dev.muster.consul.serving.Selection;
import dev.muster.http.Request;
import dev.muster.http.Response;
import dev.muster.registry.Command;
import dev.muster.registry.Registry;
import dev.muster.registry.entry.ConfigEntry;
import dev.muster.registry.entry.InvalidEntry;
import dev.muster.registry.entry.Kept;
import dev.muster.registry.entry.Kind;
import dev.muster.registry.entry.ServiceResolver;
import dev.muster.registry.tree.Found;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// `/v1/config…`: configuration entries.
public final class ConfigEndpoints {
  /// What filters can ask of an entry, of whatever kind.
  private static final Element<Kept> ELEMENT =
      Element.<Kept>empty()
          .text("Kind", kept -> kept.entry().kind().word())
          .text("Name", kept -> kept.entry().name())
          .textsByKey("Meta", kept -> kept.entry().meta());

  private final Registry registry;
  private final Reads reads;
  private final Selection selection;
  private final SubsetFilters filters;
  private final Answers answers;

  public ConfigEndpoints(Registry registry, Reads reads, Selection selection, Answers answers) {
    this.registry = registry;
    this.reads = reads;
    this.selection = selection;
    this.filters = new SubsetFilters(selection.elements());
    this.answers = answers;
  }

  public void addTo(Routes routes) {
    routes.add(
        "PUT",
        "/v1/config",
        this::put,
        "service-defaults, -resolver, -router, -splitter, ingress-gateway and proxy-defaults;"
            + " other kinds, and members for Envoy's extensions, peers and rate limits, are"
            + " refused: there is no mesh here");
    routes.add(
        "GET",
        "/v1/config/",
        this::get,
        "indexes by entry and kind, so fewer wake; filter knows Kind, Name and Meta");
    routes.add("DELETE", "/v1/config/", this::delete);
  }

  private Response put(Request request, String rest) {
    ConfigEntry entry = EntryForm.read(parsed(request.body())).normalized();
    Names.checked("config entry name", entry.name());
    try {
      entry.check();
      if (entry instanceof ServiceResolver resolver) {
        checkFilters(resolver);
      }
    } catch (InvalidEntry e) {
      throw new Refusal(500, e.reason());
    }
    Command command = new Command.PutEntry(entry, cas(request));
    return answers.bool(request, Answers.isDone(registry.submit(command)));
  }

  private static JsonNode parsed(byte[] body) {
    try {
      return Json.parse(body);
    } catch (Refusal e) {
      throw EntryForm.undecodable(e.reason().replace("Request decode failed: ", ""));
    }
  }

  private void checkFilters(ServiceResolver resolver) {
    resolver.subsets().forEach((name, subset) -> filters.check(name, subset.filter()));
  }

  private static @Nullable Long cas(Request request) {
    String text = request.parameter("cas").orElse("");
    try {
      return text.isEmpty() ? null : Long.valueOf(Long.parseUnsignedLong(text));
    } catch (NumberFormatException e) {
      throw new Refusal(500, "strconv.ParseUint: parsing \"%s\": invalid syntax".formatted(text));
    }
  }

  private Response get(Request request, String rest) throws InterruptedException {
    int slash = rest.indexOf('/');
    return slash < 0
        ? list(request, EntryForm.kind(rest, 500, ""))
        : entry(
            request, EntryForm.kind(rest.substring(0, slash), 500, ""), rest.substring(slash + 1));
  }

  private Response list(Request request, Kind kind) throws InterruptedException {
    Predicate<Kept> filter = selection.filter(request, ELEMENT);
    Found<List<Kept>> found =
        reads.read(request, (view, watches) -> view.entries().all(kind, watches));
    List<Kept> entries = found.value().stream().filter(filter).toList();
    return reads.withIndex(answers.array(request, entries, EntryShape::write), found);
  }

  private Response entry(Request request, Kind kind, String name) throws InterruptedException {
    Found<Optional<Kept>> found =
        reads.read(request, (view, watches) -> view.entries().entry(kind, name, watches));
    Response answer =
        found
            .value()
            .map(kept -> answers.json(request, json -> EntryShape.write(json, kept)))
            .orElseGet(() -> notFound(kind, name));
    return reads.withIndex(answer, found);
  }

  private static Response notFound(Kind kind, String name) {
    return Response.text(
        404, "Config entry not found for \"%s\" / \"%s\"".formatted(kind.word(), name));
  }

  private Response delete(Request request, String rest) {
    int slash = rest.indexOf('/');
    if (slash < 0) {
      throw new Refusal(404, "Must provide both a kind and name to delete");
    }
    Kind kind = EntryForm.kind(rest.substring(0, slash), 400, "Bad request: ");
    @Nullable Long cas = cas(request);
    Command command = new Command.DeleteEntry(kind, rest.substring(slash + 1), cas);
    boolean isDone = Answers.isDone(registry.submit(command));
    return cas != null
        ? answers.bool(request, isDone)
        : answers.json(
            request,
            json -> {
              json.writeStartObject();
              json.writeEndObject();
            });
  }
}
