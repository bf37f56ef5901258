package dev.muster.consul.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.muster.consul.form.Refusal;
import dev.muster.consul.serving.Answers;
import dev.muster.consul.serving.Routes;
import dev.muster.consul.serving.Server;
import dev.muster.http.Request;
import dev.muster.http.Response;
import dev.muster.registry.Command;
import dev.muster.registry.Registry;
import dev.muster.registry.catalog.Node;
import dev.muster.registry.catalog.Service;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/// `/v1/agent/…` where it is about the program itself: its log, its version, its machine, its
/// configuration, its place in the group.
public final class AgentProcessEndpoints {
  private final Registry registry;
  private final Server server;
  private final Surroundings surroundings;
  private final Answers answers;

  public AgentProcessEndpoints(
      Registry registry, Server server, Surroundings surroundings, Answers answers) {
    this.registry = registry;
    this.server = server;
    this.surroundings = surroundings;
    this.answers = answers;
  }

  public void addTo(Routes routes) {
    routes.add("GET", "/v1/agent/version", this::version);
    routes.add(
        "GET",
        "/v1/agent/host",
        this::host,
        "memory, processors, system and the data folder's disk only");
    routes.add("GET", "/v1/agent/monitor", this::monitor);
    routes.add("PUT", "/v1/agent/reload", this::reload);
    routes.add(
        "PUT",
        "/v1/agent/join/",
        this::join,
        "refused unless it is in the group: the configuration says who votes");
    routes.add("PUT", "/v1/agent/leave", this::leave);
    routes.add(
        "PUT",
        "/v1/agent/force-leave/",
        this::forceLeave,
        "takes a former server out of the catalog: there is no gossip");
  }

  private Response version(Request request, String rest) {
    return answers.json(
        request,
        json -> {
          json.writeStartObject();
          json.writeStringProperty("SHA", "");
          json.writeStringProperty("BuildDate", "1970-01-01T00:00:01Z");
          json.writeStringProperty("HumanVersion", Server.CONSUL_VERSION);
          json.writeStringProperty("FIPS", "");
          json.writeEndObject();
        });
  }

  private Response host(Request request, String rest) {
    Surroundings.Host host = surroundings.host().get();
    return answers.json(request, json -> host(json, host));
  }

  private static void host(JsonGenerator json, Surroundings.Host host) {
    json.writeStartObject();
    json.writeObjectPropertyStart("Memory");
    sizes(json, host.memoryBytes(), host.memoryFreeBytes());
    json.writeEndObject();
    json.writeArrayPropertyStart("CPU");
    for (int i = 0; i < host.processors(); i++) {
      json.writeStartObject();
      json.writeNumberProperty("cpu", i);
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeObjectPropertyStart("Host");
    json.writeStringProperty("hostname", host.name());
    json.writeStringProperty("os", host.system().toLowerCase(Locale.ROOT));
    json.writeStringProperty("kernelVersion", host.systemVersion());
    json.writeStringProperty("kernelArch", host.architecture());
    json.writeEndObject();
    json.writeObjectPropertyStart("Disk");
    json.writeStringProperty("path", host.folder());
    sizes(json, host.folderBytes(), host.folderFreeBytes());
    json.writeEndObject();
    json.writeNullProperty("Errors");
    json.writeEndObject();
  }

  private static void sizes(JsonGenerator json, long total, long free) {
    json.writeNumberProperty("total", total);
    json.writeNumberProperty("free", free);
    json.writeNumberProperty("used", total - free);
    json.writeNumberProperty("usedPercent", total == 0 ? 0 : 100.0 * (total - free) / total);
  }

  private Response monitor(Request request, String rest) {
    String word = request.parameter("loglevel").orElse("");
    LogLines.Severity level =
        switch (word.toLowerCase(Locale.ROOT)) {
          case "trace" -> LogLines.Severity.TRACE;
          case "debug" -> LogLines.Severity.DEBUG;
          case "", "info" -> LogLines.Severity.INFO;
          case "warn", "warning" -> LogLines.Severity.WARN;
          case "err", "error" -> LogLines.Severity.ERROR;
          default ->
              throw new Refusal(
                  400,
                  "Unknown log level: %s. Want trace, debug, info, warn or error".formatted(word));
        };
    boolean asJson = request.hasParameter("logjson");
    return Response.streamed(
        200,
        "text/plain; charset=utf-8",
        out -> {
          Optional<LogLines.Following> followed = surroundings.log().follow(level, asJson);
          if (followed.isEmpty()) {
            out.write("Too many follow the log already; end one of them first\n".getBytes(UTF_8));
            return;
          }
          try (LogLines.Following following = followed.get()) {
            // The headers tell the client that it has begun.
            out.flush();
            while (!Thread.currentThread().isInterrupted()) {
              out.write(following.next().getBytes(UTF_8));
              out.flush();
            }
          }
        });
  }

  private Response reload(Request request, String rest) {
    List<String> problems = surroundings.reload().run();
    if (!problems.isEmpty()) {
      throw new Refusal(500, String.join("\n", problems));
    }
    return Response.empty(200);
  }

  /// Servers are joined by their configuration: a stranger's request must not change who votes. Nor
  /// is the address dialled: how that fails would tell strangers what this network has.
  private Response join(Request request, String address) {
    String wanted = address.contains(":") ? address : address + ":" + server.serverPort();
    if (address.isEmpty()) {
      throw new Refusal(400, "Missing address of the server to join");
    }
    if (registry.standing().serverAddresses().contains(wanted)) {
      return Response.empty(200);
    }
    throw new Refusal(
        500,
        "1 error occurred:\n\t* Failed to join %s: servers join a group by their configuration,"
                .formatted(address)
            + " not while they run; this one's group is %s\n\n"
                .formatted(String.join(", ", registry.standing().serverAddresses())));
  }

  private Response leave(Request request, String rest) {
    if (!surroundings.leave().begin()) {
      throw new Refusal(500, "This server cannot be stopped by a request; stop its process");
    }
    return Response.empty(200);
  }

  /// Takes a server that is gone for good out of the catalog. One that is part of the group would
  /// put itself back, so nothing is done to it, as in Consul.
  private Response forceLeave(Request request, String name) {
    Optional<Node> node = registry.view().catalog().node(name);
    Optional<Service> member =
        node.flatMap(it -> registry.view().catalog().service(it.name(), "consul"))
            .filter(Owned::isServer);
    if (node.isEmpty() || member.isEmpty()) {
      throw new Refusal(500, "agent: No node found with name '%s'".formatted(name));
    }
    String address = node.get().address() + ":" + member.get().definition().port();
    boolean isInGroup =
        node.get().name().equalsIgnoreCase(server.nodeName())
            || registry.standing().serverAddresses().contains(address);
    if (!isInGroup) {
      Answers.isDone(registry.submit(new Command.Deregister(node.get().name(), "", "", "")));
    }
    return Response.empty(200);
  }
}
