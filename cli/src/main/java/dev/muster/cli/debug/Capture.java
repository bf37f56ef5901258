package dev.muster.cli.debug;

import dev.muster.cli.command.Answer;
import dev.muster.cli.command.ApiClient;
import dev.muster.cli.command.CommandFailed;
import dev.muster.cli.command.Endpoint;
import dev.muster.cli.command.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;

/// What an agent says about itself for a while, on its way into an archive. What cannot be had is
/// noted in the archive, too; the rest is still worth having.
final class Capture {
  /// All that there is to capture.
  static final Set<String> TARGETS = Set.of("agent", "host", "members", "raft", "metrics", "logs");

  private static final Map<String, Map<String, Endpoint>> STATIC =
      Map.of(
          "agent", Map.of("agent.json", Endpoint.of("agent/self")),
          "host", Map.of("host.json", Endpoint.of("agent/host")),
          "members", Map.of("members.json", Endpoint.of("agent/members")),
          "raft",
              Map.of(
                  "raft.json", Endpoint.of("operator/raft/configuration").with("stale"),
                  "autopilot.json", Endpoint.of("operator/autopilot/health")));

  /// What is logged beyond this is left out.
  private static final int LOG_BYTES_MAX = 64 << 20;

  private final Terminal terminal;
  private final ApiClient api;
  private final InstantSource clock;
  private final Set<String> wanted;
  private final Map<String, String> failures = new TreeMap<>();

  Capture(Terminal terminal, ApiClient api, InstantSource clock, Set<String> wanted) {
    this.terminal = terminal;
    this.api = api;
    this.clock = clock;
    this.wanted = Set.copyOf(wanted);
  }

  /// @throws CommandFailed if there is no agent
  String agentVersion() {
    return api.get(Endpoint.of("agent/self"))
        .orFail("querying target agent")
        .json()
        .path("Config")
        .path("Version")
        .asString("");
  }

  /// Writes it all. When it is interrupted, what there is so far.
  void run(TarFile tar, String folder, Duration duration, Duration interval) throws IOException {
    Instant start = clock.instant();
    for (Map.Entry<String, Map<String, Endpoint>> target : STATIC.entrySet()) {
      if (wanted.contains(target.getKey())) {
        for (Map.Entry<String, Endpoint> file : target.getValue().entrySet()) {
          add(tar, folder + "/" + file.getKey(), file.getValue());
        }
      }
    }
    var logs = new Log();
    Thread logging = Thread.ofVirtual().start(() -> collect(logs));
    try {
      sample(tar, folder, duration, interval);
    } catch (InterruptedException e) {
      terminal.print("==> Stopped; archiving what there is");
    } finally {
      logging.interrupt();
    }
    if (wanted.contains("logs")) {
      tar.add(folder + "/consul.log", logs.bytes());
    }
    tar.add(folder + "/index.json", index(start, duration, interval));
  }

  private void sample(TarFile tar, String folder, Duration duration, Duration interval)
      throws IOException, InterruptedException {
    var never = new CountDownLatch(1);
    long rounds = Math.max(1, duration.dividedBy(interval));
    for (long round = 0; round < rounds; round++) {
      Instant now = clock.instant();
      terminal.print("==> Capture interval %s (%d)".formatted(now, round));
      if (wanted.contains("metrics")) {
        String name = "%s/metrics-%d.json".formatted(folder, now.getEpochSecond());
        add(tar, name, Endpoint.of("agent/metrics"));
      }
      boolean isOver = never.await(interval.toMillis(), TimeUnit.MILLISECONDS);
      if (isOver) {
        return;
      }
    }
  }

  private void add(TarFile tar, String name, Endpoint endpoint) throws IOException {
    try {
      Answer answer = api.get(endpoint).orFail("capturing " + name);
      tar.add(name, answer.body());
    } catch (CommandFailed e) {
      failures.put(name, e.report());
    }
  }

  private void collect(Log log) {
    if (!wanted.contains("logs")) {
      return;
    }
    try {
      api.stream(
          Endpoint.of("agent/monitor").with("loglevel", "debug"),
          "capturing the log",
          Duration.ZERO,
          (body, _) -> log.fill(body));
    } catch (CommandFailed e) {
      if (!Thread.currentThread().isInterrupted()) {
        log.failed(e.report());
      }
    }
  }

  private byte[] index(Instant start, Duration duration, Duration interval) {
    Map<String, Object> index = new TreeMap<>();
    index.put("Start", start.toString());
    index.put("End", clock.instant().toString());
    index.put("Duration", duration.toSeconds() + "s");
    index.put("Interval", interval.toSeconds() + "s");
    index.put("Targets", List.copyOf(new TreeSet<>(wanted)));
    index.put("Failures", failures);
    return JsonMapper.shared().writeValueAsBytes(index);
  }

  /// The log as far as it has come; filled by one thread, read by another.
  private static final class Log {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    int fill(InputStream body) throws IOException {
      byte[] buffer = new byte[8192];
      for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
        synchronized (this) {
          if (bytes.size() < LOG_BYTES_MAX) {
            bytes.write(buffer, 0, count);
          }
        }
      }
      return 0;
    }

    synchronized void failed(String report) {
      if (bytes.size() == 0) {
        bytes.writeBytes((report + "\n").getBytes(StandardCharsets.UTF_8));
      }
    }

    synchronized byte[] bytes() {
      return bytes.toByteArray();
    }
  }
}
