package dev.muster.conformance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Thousands of blocking queries wait at once; a change wakes those, and only those, that asked for
/// what it changed, each with one answer.
@Timeout(120)
class ParkedQueriesTest {
  private static final int ON_CHANGED = 2000;
  private static final int ON_OTHER = 500;
  private static final Duration WOKEN_WITHIN = Duration.ofSeconds(30);
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

  @TempDir Path folder;

  /// One query on a connection of its own that the server closes after the answer, so that all it
  /// ever says can be read.
  private static final class Query implements AutoCloseable {
    private final Socket socket = new Socket();
    private final AtomicInteger answered;
    private final Thread reader;
    private String said = "";

    Query(int port, String path, AtomicInteger answered) throws IOException {
      this.answered = answered;
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 30_000);
      socket.setSoTimeout(90_000);
      socket
          .getOutputStream()
          .write(
              "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                  .formatted(path)
                  .getBytes(ISO_8859_1));
      reader = Thread.ofVirtual().start(this::read);
    }

    private void read() {
      try {
        said = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        answered.incrementAndGet();
      } catch (IOException e) {
        said = e.toString();
      }
    }

    /// Everything until the server closed.
    String said() throws InterruptedException {
      assertThat(reader.join(WOKEN_WITHIN)).as("answered in time").isTrue();
      return said;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @Test
  void aChangeWakesThoseWhoAskedForIt() throws Exception {
    List<Query> all = new ArrayList<>();
    Path config = folder.resolve("limits.json");
    Files.writeString(config, "{\"limits\": {\"http_max_conns_per_client\": 0}}");
    try (RunningAgent agent = RunningAgent.dev("-config-file=" + config);
        Client api = agent.api()) {
      register(api, "changed", 1);
      register(api, "other", 1);
      long before = residentKilobytes(agent);
      var changed = new AtomicInteger();
      var other = new AtomicInteger();
      List<Query> onChanged = park(agent, "changed", index(api, "changed"), ON_CHANGED, changed);
      all.addAll(onChanged);
      List<Query> onOther = park(agent, "other", index(api, "other"), ON_OTHER, other);
      all.addAll(onOther);
      assertThat(index(api, "changed")).as("asked again behind all of them").isPositive();
      assertThat(changed.get() + other.get()).as("answered without a change").isZero();
      long parked = residentKilobytes(agent);

      long begin = System.nanoTime();
      register(api, "changed", 2);
      for (Query query : onChanged) {
        assertAnsweredOnce(query.said());
      }
      double millis = (System.nanoTime() - begin) / 1e6;
      assertThat(other.get()).as("woken by a change of something else").isZero();

      register(api, "other", 2);
      for (Query query : onOther) {
        assertAnsweredOnce(query.said());
      }
      System.out.printf(
          "parked: %d of %d queries woken in %.0f ms, the others not; %.1f KiB of memory each%n",
          ON_CHANGED,
          ON_CHANGED + ON_OTHER,
          millis,
          (parked - before) / (double) (ON_CHANGED + ON_OTHER));
    } finally {
      for (Query query : all) {
        query.close();
      }
    }
  }

  private static List<Query> park(
      RunningAgent agent, String service, long index, int count, AtomicInteger answered)
      throws IOException {
    String path = "/v1/health/service/%s?wait=80s&index=%d".formatted(service, index);
    List<Query> queries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      queries.add(new Query(agent.httpPort(), path, answered));
    }
    return queries;
  }

  /// One response, with the state after the change.
  private static void assertAnsweredOnce(String said) {
    assertThat(said).startsWith("HTTP/1.1 200 ").containsPattern("\"Port\": ?2\\b");
    assertThat(said.split("HTTP/1\\.1 ", -1)).as(said).hasSize(2);
  }

  private static void register(Client api, String service, int port) throws IOException {
    String body = "{\"Name\": \"%s\", \"Port\": %d}".formatted(service, port);
    api.put("agent/service/register", body).orFail();
  }

  private static long index(Client api, String service) throws IOException {
    return api.get("health/service/" + service).orFail().index();
  }

  /// 0 where the system does not tell.
  private static long residentKilobytes(RunningAgent agent) throws IOException {
    Path status = Path.of("/proc/" + agent.pid() + "/status");
    if (!Files.exists(status)) {
      return 0;
    }
    var resident = RESIDENT.matcher(Files.readString(status));
    return resident.find() ? Long.parseLong(resident.group(1)) : 0;
  }
}
