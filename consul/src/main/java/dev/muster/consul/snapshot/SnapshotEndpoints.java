package dev.muster.consul.snapshot;

import dev.muster.consul.form.Refusal;
import dev.muster.consul.form.Uuid;
import dev.muster.consul.serving.Answers;
import dev.muster.consul.serving.Reads;
import dev.muster.consul.serving.Routes;
import dev.muster.consul.serving.Server;
import dev.muster.http.Request;
import dev.muster.http.Response;
import dev.muster.registry.Registry;
import dev.muster.registry.View;
import dev.muster.registry.tree.Found;
import java.io.IOException;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// `/v1/snapshot`: saves the whole state, and puts a saved one in its place.
public final class SnapshotEndpoints {
  public static final String PATH = "/v1/snapshot";

  /// The longest archive that is taken; it is held in memory while it is restored.
  public static final int ARCHIVE_BYTES_MAX = 128 << 20;

  private final Registry registry;
  private final Server server;
  private final Reads reads;
  private final InstantSource clock;
  private final RandomGenerator random;

  public SnapshotEndpoints(
      Registry registry, Server server, Reads reads, InstantSource clock, RandomGenerator random) {
    this.registry = registry;
    this.server = server;
    this.reads = reads;
    this.clock = clock;
    this.random = random;
  }

  public void addTo(Routes routes) {
    routes.add("GET", PATH, this::save, "state.bin is ours: readable lines");
    routes.add("PUT", PATH, this::restore, "archives of ours only, up to 128 MiB");
  }

  private Response save(Request request, String rest) {
    View view = reads.view(request);
    var meta =
        new Archive.Meta(
            view.index(),
            registry.standing().term(),
            server.nodeId(),
            server.serverAddress(),
            clock.instant());
    Response answer =
        Response.streamed(
            200,
            "application/x-gzip",
            out -> Archive.write(out, meta, state -> registry.save(view, state)));
    return reads.withIndex(answer, new Found<>(view, view.index(), false));
  }

  private Response restore(Request request, String rest) {
    try {
      byte[] state = Archive.state(request.body());
      Answers.isDone(registry.restore(Uuid.random(random), state));
      return Response.empty(200);
    } catch (IOException e) {
      throw new Refusal(500, String.valueOf(e.getMessage()));
    }
  }
}
