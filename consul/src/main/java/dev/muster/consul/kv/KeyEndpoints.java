package dev.muster.consul.kv;

import dev.muster.consul.form.Refusal;
import dev.muster.consul.serving.Answers;
import dev.muster.consul.serving.Reads;
import dev.muster.consul.serving.Routes;
import dev.muster.consul.serving.Shapes;
import dev.muster.health.SessionLeases;
import dev.muster.http.Request;
import dev.muster.http.Response;
import dev.muster.registry.Command;
import dev.muster.registry.Registry;
import dev.muster.registry.keys.KeyEntry;
import dev.muster.registry.session.Lock;
import dev.muster.registry.session.SessionId;
import dev.muster.registry.tree.Found;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// `/v1/kv/…`: the keys and the locks on them.
public final class KeyEndpoints {
  private final Registry registry;
  private final SessionLeases leases;
  private final Reads reads;
  private final Answers answers;

  public KeyEndpoints(Registry registry, SessionLeases leases, Reads reads, Answers answers) {
    this.registry = registry;
    this.leases = leases;
    this.reads = reads;
    this.answers = answers;
  }

  public void addTo(Routes routes) {
    routes.add("GET", "/v1/kv/", this::get);
    routes.add("PUT", "/v1/kv/", this::put);
    routes.add("DELETE", "/v1/kv/", this::delete);
  }

  private Response get(Request request, String key) throws InterruptedException {
    if (request.hasParameter("keys")) {
      return names(request, key);
    }
    if (request.hasParameter("recurse")) {
      Found<List<KeyEntry>> found =
          reads.read(request, (view, watches) -> view.keys().under(key, watches));
      Response answer =
          found.value().isEmpty()
              ? Response.empty(404)
              : answers.array(request, found.value(), Shapes::keyEntry);
      return reads.withIndex(answer, found);
    }
    if (key.isEmpty()) {
      throw new Refusal(400, "Missing key name");
    }
    Found<Optional<KeyEntry>> found =
        reads.read(request, (view, watches) -> view.keys().key(key, watches));
    if (found.value().isEmpty()) {
      return reads.withIndex(Response.empty(404), found);
    }
    KeyEntry entry = found.value().get();
    Response answer =
        request.hasParameter("raw")
            ? raw(entry)
            : answers.array(request, List.of(entry), Shapes::keyEntry);
    return reads.withIndex(answer, found);
  }

  /// The value as it was written; the headers keep browsers from running it.
  private static Response raw(KeyEntry entry) {
    byte[] value = entry.value() == null ? new byte[0] : entry.value();
    return Response.of(200, "text/plain", value)
        .with("X-Content-Type-Options", "nosniff")
        .with("Content-Security-Policy", "sandbox");
  }

  private Response names(Request request, String prefix) throws InterruptedException {
    String separator =
        request.parameter("separator").or(() -> request.parameter("seperator")).orElse("");
    Found<List<KeyEntry>> found =
        reads.read(request, (view, watches) -> view.keys().under(prefix, watches));
    if (found.value().isEmpty() && !prefix.isEmpty()) {
      return reads.withIndex(Response.empty(404), found);
    }
    Set<String> names = new LinkedHashSet<>();
    for (KeyEntry entry : found.value()) {
      int cut = separator.isEmpty() ? -1 : entry.key().indexOf(separator, prefix.length());
      names.add(cut < 0 ? entry.key() : entry.key().substring(0, cut + separator.length()));
    }
    Response answer =
        answers.array(request, new ArrayList<>(names), (json, name) -> json.writeString(name));
    return reads.withIndex(answer, found);
  }

  private Response put(Request request, String key) {
    if (key.isEmpty()) {
      throw new Refusal(400, "Missing key name");
    }
    refuseConflict(request, "acquire", "release");
    refuseConflict(request, "acquire", "cas");
    refuseConflict(request, "release", "cas");
    long flags = unsigned(request, "flags").orElse(0L);
    byte @Nullable [] value = request.body().length == 0 ? null : request.body();
    Long cas = unsigned(request, "cas").orElse(null);
    Command command = new Command.PutKey(key, value, flags, cas, lock(request, key));
    return answers.bool(request, Answers.isDone(registry.submit(command)));
  }

  private Response delete(Request request, String key) {
    refuseConflict(request, "cas", "recurse");
    if (request.hasParameter("recurse")) {
      Answers.isDone(registry.submit(new Command.DeleteKeysUnder(key)));
      return answers.bool(request, true);
    }
    if (key.isEmpty()) {
      throw new Refusal(400, "Missing key name");
    }
    Command command = new Command.DeleteKey(key, unsigned(request, "cas").orElse(null));
    return answers.bool(request, Answers.isDone(registry.submit(command)));
  }

  private static void refuseConflict(Request request, String one, String other) {
    if (request.hasParameter(one) && request.hasParameter(other)) {
      throw new Refusal(
          400,
          "Conflicting flags: %s=%s&%s=%s"
              .formatted(
                  one,
                  request.parameter(one).orElse(""),
                  other,
                  request.parameter(other).orElse("")));
    }
  }

  /// What the write does to the lock on its key.
  private @Nullable Lock lock(Request request, String key) {
    if (request.hasParameter("acquire")) {
      String session = SessionId.normal(request.parameter("acquire").orElse(""));
      return new Lock.Acquire(session, leases.passedDelay(key));
    }
    return request.parameter("release").map(SessionId::normal).map(Lock.Release::new).orElse(null);
  }

  private static Optional<Long> unsigned(Request request, String parameter) {
    Optional<String> text = request.parameter(parameter);
    try {
      return text.map(Long::parseUnsignedLong);
    } catch (NumberFormatException e) {
      throw new Refusal(
          500, "strconv.ParseUint: parsing \"%s\": invalid syntax".formatted(text.orElse("")));
    }
  }
}
