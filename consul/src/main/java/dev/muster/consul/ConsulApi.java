package dev.muster.consul;

import dev.muster.consul.agent.AgentCheckEndpoints;
import dev.muster.consul.agent.AgentEndpoints;
import dev.muster.consul.agent.AgentHealthEndpoints;
import dev.muster.consul.agent.AgentMetricsEndpoints;
import dev.muster.consul.agent.AgentProcessEndpoints;
import dev.muster.consul.agent.AgentServiceEndpoints;
import dev.muster.consul.agent.DisabledEndpoints;
import dev.muster.consul.agent.Surroundings;
import dev.muster.consul.catalog.CatalogEndpoints;
import dev.muster.consul.catalog.CatalogWrites;
import dev.muster.consul.catalog.HealthEndpoints;
import dev.muster.consul.config.ConfigEndpoints;
import dev.muster.consul.config.IntentionEndpoints;
import dev.muster.consul.coordinate.CoordinateEndpoints;
import dev.muster.consul.event.EventEndpoints;
import dev.muster.consul.form.Names;
import dev.muster.consul.form.Refusal;
import dev.muster.consul.kv.KeyEndpoints;
import dev.muster.consul.kv.TransactionEndpoints;
import dev.muster.consul.operator.AutopilotEndpoints;
import dev.muster.consul.operator.RaftEndpoints;
import dev.muster.consul.operator.StatusEndpoints;
import dev.muster.consul.operator.UsageEndpoints;
import dev.muster.consul.query.QueryEndpoints;
import dev.muster.consul.serving.Answers;
import dev.muster.consul.serving.Reads;
import dev.muster.consul.serving.Routes;
import dev.muster.consul.serving.Selection;
import dev.muster.consul.serving.Server;
import dev.muster.consul.serving.Shapes;
import dev.muster.consul.session.SessionEndpoints;
import dev.muster.consul.snapshot.SnapshotEndpoints;
import dev.muster.health.HealthChecks;
import dev.muster.health.SessionLeases;
import dev.muster.http.Handler;
import dev.muster.http.Request;
import dev.muster.http.Response;
import dev.muster.registry.CommandTooLarge;
import dev.muster.registry.Registry;
import dev.muster.registry.RegistryUnavailable;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// Consul's HTTP API over the registry: translates requests, decides nothing.
public final class ConsulApi implements Handler {
  private static final String LIMITS_DOC = " See https://www.consul.io/docs/agent/options.html#";

  private final Server server;
  private final Reads reads;
  private final Routes routes = new Routes();

  /// @param nanoTime for how long reads wait
  /// @param random spreads the ends of reads that wait, and makes ids
  public ConsulApi(
      Registry registry,
      HealthChecks health,
      Server server,
      Surroundings surroundings,
      InstantSource clock,
      LongSupplier nanoTime,
      RandomGenerator random) {
    this.server = server;
    var answers = new Answers(server.isDevelopment());
    var shapes = new Shapes(server.datacenter());
    reads = new Reads(registry, nanoTime, random);
    var selection = new Selection(server, registry);
    routes.add("GET", "/", ConsulApi::root);
    new AgentEndpoints(registry, server, answers).addTo(routes);
    new AgentMetricsEndpoints(registry, surroundings.metrics(), clock, answers).addTo(routes);
    new AgentProcessEndpoints(registry, server, surroundings, answers).addTo(routes);
    new AgentHealthEndpoints(registry, server, shapes, answers).addTo(routes);
    DisabledEndpoints.addTo(routes);
    new AgentServiceEndpoints(registry, reads, server, selection, health.scripts(), shapes, answers)
        .addTo(routes);
    new AgentCheckEndpoints(registry, health, server, selection, shapes, answers).addTo(routes);
    new CatalogEndpoints(server, reads, selection, shapes, answers).addTo(routes);
    new CatalogWrites(registry, server, answers).addTo(routes);
    new HealthEndpoints(reads, selection, shapes, answers).addTo(routes);
    SessionLeases leases = health.sessions();
    new KeyEndpoints(registry, leases, reads, answers).addTo(routes);
    new TransactionEndpoints(registry, leases, server, shapes, answers).addTo(routes);
    new SessionEndpoints(registry, leases, server, reads, answers, random).addTo(routes);
    new StatusEndpoints(registry, answers).addTo(routes);
    new EventEndpoints(registry, reads, answers, random).addTo(routes);
    new CoordinateEndpoints(server, reads, answers).addTo(routes);
    new QueryEndpoints(registry, server, reads, shapes, answers, random).addTo(routes);
    new ConfigEndpoints(registry, reads, selection, answers).addTo(routes);
    new IntentionEndpoints(reads, answers).addTo(routes);
    new RaftEndpoints(registry, server, answers).addTo(routes);
    new AutopilotEndpoints(registry, server, reads, answers, clock.instant()).addTo(routes);
    new UsageEndpoints(server, reads, answers).addTo(routes);
    new SnapshotEndpoints(registry, server, reads, clock, random).addTo(routes);
  }

  /// Adds endpoints that are not Consul's; before the first request.
  public void add(Consumer<Routes> others) {
    others.accept(routes);
  }

  /// Everything that is served.
  public List<Routes.Served> served() {
    return routes.served();
  }

  private static Response root(Request request, String rest) {
    return Response.text(200, "Consul Agent");
  }

  @Override
  public Response handle(Request request) throws InterruptedException {
    return answer(request)
        .with("Vary", "Accept-Encoding")
        .with("X-Consul-Default-Acl-Policy", "allow");
  }

  private Response answer(Request request) throws InterruptedException {
    try {
      Names.checked("URL path", request.path(), Integer.MAX_VALUE);
      requireHere(request);
      return routes.answer(request);
    } catch (Refusal e) {
      return Response.text(e.status(), e.reason());
    } catch (CommandTooLarge e) {
      return Response.text(413, "Request too large: " + e.explanation());
    } catch (RegistryUnavailable e) {
      int status = e.reason() == RegistryUnavailable.Reason.OVERLOADED ? 429 : 500;
      return Response.text(status, e.explanation());
    }
  }

  /// One datacenter, the default namespace and partition: nothing else is here.
  private void requireHere(Request request) {
    String datacenter = request.parameter("dc").orElse("");
    if (!datacenter.isEmpty() && !datacenter.equals(server.datacenter())) {
      throw new Refusal(500, "No path to datacenter");
    }
    requireDefault(request, "ns", "Namespaces are");
    requireDefault(request, "partition", "Partitions are");
  }

  private static void requireDefault(Request request, String parameter, String feature) {
    String value = request.parameter(parameter).orElse("");
    if (!value.isEmpty() && !value.equals("default")) {
      throw new Refusal(
          400,
          "Bad request: Invalid query parameter: \"%s\" - %s a Consul Enterprise feature"
              .formatted(parameter, feature));
    }
  }

  @Override
  public void closing() {
    reads.end();
  }

  @Override
  public int bodyBytesMax(String method, String path, int usual) {
    return method.equals("PUT") && path.equals(SnapshotEndpoints.PATH)
        ? SnapshotEndpoints.ARCHIVE_BYTES_MAX
        : usual;
  }

  @Override
  public Response bodyTooLarge(String path, long bytes, int bytesMax) {
    // Only for keys and transactions has Consul a limit, and an option that it can name.
    String hint =
        path.equals("/v1/txn")
            ? LIMITS_DOC + "txn_max_req_len."
            : path.startsWith("/v1/kv/") ? LIMITS_DOC + "kv_max_value_size." : "";
    return Response.text(
        413,
        "Request body(%d bytes) too large, max size: %d bytes.%s".formatted(bytes, bytesMax, hint));
  }
}
