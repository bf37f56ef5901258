package dev.muster.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A server that is killed in the middle of writes has every write that it acknowledged, and none
/// by halves; and what it once showed after a start, it never takes back.
///
/// The same choices again: `mvn verify -pl conformance -am -Dtest=DurabilityTest
/// -Dsurefire.failIfNoSpecifiedTests=false -Ddurability.seed=SEED`
@Timeout(300)
class DurabilityTest {
  private static final int ROUNDS = 20;
  private static final int WRITES = 1000;
  private static final int WRITERS = 8;

  /// Large values under few keys: the log grows past the next snapshot, the state does not.
  private static final int BALLAST_CHARS = 20 << 10;

  private static final Pattern HALF_STARTED = Pattern.compile("balancer on");

  @TempDir Path folder;

  private final long seed = Long.getLong("durability.seed", new SecureRandom().nextInt());
  private final Map<String, Versions> written = new ConcurrentHashMap<>();
  private final List<Long> startMillis = new ArrayList<>();
  private int acknowledged;

  /// How often a thing was written: the version that must be there, and the last that may be.
  private record Versions(int acknowledged, int sent) {
    static final Versions NONE = new Versions(0, 0);
  }

  @Test
  void noAcknowledgedWriteIsLostByKills() throws Exception {
    var chance = new SplittableRandom(seed);
    List<Integer> moments = killMoments(chance);
    RunningAgent agent = start();
    try {
      for (int round = 0; round < ROUNDS; round++) {
        int killAfter = moments.get(round);
        String where = "seed %d, round %d, killed after %d".formatted(seed, round, killAfter);
        writeAndKill(agent, round, killAfter, where);
        agent.close();
        if (round % 5 == 4) {
          killDuringStart();
        }
        agent = start();
        assertThat(wrong(agent)).as(where).isEmpty();
      }
    } finally {
      agent.close();
    }
    startMillis.sort(null);
    System.out.printf(
        "durability: %d rounds, %d writes acknowledged, lost = 0; %d things, %d MB of log and"
            + " snapshots, start median %d ms, max %d ms; seed %d%n",
        ROUNDS,
        acknowledged,
        written.size(),
        bytesOnDisk() >> 20,
        startMillis.get(startMillis.size() / 2),
        startMillis.getLast(),
        seed);
    assertThat(folder)
        .as("else no start was ever made from a snapshot: write more")
        .isDirectoryRecursivelyContaining("regex:.*/snapshot\\.\\d+_\\d+");
  }

  /// After how many acknowledged writes each round is killed: one moment from each twentieth of a
  /// round, in any order, so that all rounds together always write as much.
  private static List<Integer> killMoments(SplittableRandom chance) {
    List<Integer> moments = new ArrayList<>();
    int width = WRITES / ROUNDS;
    for (int i = 0; i < ROUNDS; i++) {
      moments.add(1 + i * width + chance.nextInt(width));
    }
    Collections.shuffle(moments, chance);
    return moments;
  }

  /// What the test above relies on: a loss, a half and a ghost are seen.
  @Test
  void plantedDamageIsSeen() throws Exception {
    try (RunningAgent agent = RunningAgent.dev();
        Client api = agent.api()) {
      for (String thing : List.of("key/lost", "key/torn", "key/whole", "service/1", "service/2")) {
        write(api, thing).orFail();
        acknowledge(thing);
      }
      assertThat(wrong(agent)).isEmpty();

      api.delete("kv/key/lost").orFail();
      String torn = value("key/torn", 1);
      api.put("kv/key/torn", torn.substring(0, torn.length() / 2)).orFail();
      api.put("kv/key/ghost", "1 key/ghost 1").orFail();
      api.put("agent/service/deregister/service/1", "").orFail();
      written.put("service/2", new Versions(2, 2));
      assertThat(wrong(agent))
          .hasSize(5)
          .anyMatch(sentence -> sentence.startsWith("key/lost: version 0"))
          .anyMatch(sentence -> sentence.startsWith("key/torn is torn"))
          .anyMatch(sentence -> sentence.startsWith("key/ghost was never written"))
          .anyMatch(sentence -> sentence.startsWith("service/1: version 0"))
          .anyMatch(sentence -> sentence.startsWith("service/2: version 1"));
    }
  }

  private void acknowledge(String thing) {
    written.compute(thing, (_, versions) -> new Versions(versions.sent(), versions.sent()));
  }

  private RunningAgent start() throws IOException {
    long begin = System.nanoTime();
    RunningAgent agent = RunningAgent.on(folder);
    startMillis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
    return agent;
  }

  private void killDuringStart() throws IOException {
    List<String> arguments = new ArrayList<>(List.of("agent", "-data-dir", folder.toString()));
    arguments.addAll(Muster.FREE_PORTS);
    var command = Muster.command(arguments.toArray(String[]::new));
    try (RunningAgent agent = RunningAgent.launch(command)) {
      agent.await(HALF_STARTED);
      agent.kill9();
    }
  }

  private void writeAndKill(RunningAgent agent, int round, int killAfter, String where)
      throws InterruptedException {
    var untilKill = new CountDownLatch(killAfter);
    Queue<String> refused = new ConcurrentLinkedQueue<>();
    List<Thread> writers = new ArrayList<>();
    try (Client api = agent.api()) {
      for (int writer = 0; writer < WRITERS; writer++) {
        String name = round + "-" + writer;
        writers.add(Thread.ofVirtual().start(() -> write(api, name, untilKill, refused)));
      }
      boolean inTime = untilKill.await(60, TimeUnit.SECONDS);
      agent.kill9();
      assertThat(inTime).as("%s: acknowledged in 60 s. %s", where, refused).isTrue();
      for (Thread writer : writers) {
        assertThat(writer.join(Duration.ofSeconds(30))).as(where).isTrue();
      }
    }
    assertThat(refused).as(where).isEmpty();
  }

  /// Writes till the server is gone or all is written.
  private void write(Client api, String writer, CountDownLatch untilKill, Queue<String> refused) {
    try {
      for (int i = 0; i < WRITES / WRITERS; i++) {
        String thing =
            i % 20 == 0
                ? "service/%s-%d".formatted(writer.replaceAll(".*-", ""), i / 20 % 3)
                : i % 2 == 0
                    ? "key/%s-%d".formatted(writer, i)
                    : "ballast/" + writer.replaceAll(".*-", "");
        Client.Answer answer = write(api, thing);
        if (answer.isOk()) {
          acknowledge(thing);
          untilKill.countDown();
          synchronized (this) {
            acknowledged++;
          }
        } else {
          refused.add(thing + ": " + answer.status() + " " + answer.body());
        }
      }
    } catch (IOException e) {
      // killed: this last write may be there or not
    }
  }

  private Client.Answer write(Client api, String thing) throws IOException {
    Versions before = written.getOrDefault(thing, Versions.NONE);
    int version = before.sent() + 1;
    written.put(thing, new Versions(before.acknowledged(), version));
    String value = value(thing, version);
    if (!thing.startsWith("service/")) {
      return api.put("kv/" + thing, value);
    }
    Map<String, Object> registration =
        Map.of("Name", "kept", "ID", thing, "Port", version, "Meta", Map.of("value", value));
    return api.put("agent/service/register", JsonMapper.shared().writeValueAsString(registration));
  }

  /// What a thing holds in a version: each half tells of the whole.
  private static String value(String thing, int version) {
    int chars = thing.startsWith("ballast/") ? BALLAST_CHARS : Math.floorMod(thing.hashCode(), 400);
    var text = new StringBuilder("%d %s ".formatted(version, thing));
    var letters = new SplittableRandom(version * 31L + thing.hashCode());
    while (text.length() < chars) {
      text.append((char) ('a' + letters.nextInt(26)));
    }
    return text.append(' ').append(version).toString();
  }

  /// One sentence for each thing that is not as it must be. What is there now must stay.
  private List<String> wrong(RunningAgent agent) throws IOException {
    List<String> wrong = new ArrayList<>();
    Map<String, String> found = found(agent, wrong);
    written.forEach(
        (thing, versions) -> {
          String value = found.remove(thing);
          int version =
              value == null ? 0 : Integer.parseInt(value.substring(0, value.indexOf(' ')));
          if (version < versions.acknowledged() || version > versions.sent()) {
            wrong.add("%s: version %d, want %s".formatted(thing, version, versions));
          } else if (value != null && !value.equals(value(thing, version))) {
            wrong.add("%s is torn: %s".formatted(thing, value));
          }
          written.put(thing, new Versions(version, version));
        });
    found.forEach((thing, value) -> wrong.add(thing + " was never written: " + value));
    return wrong;
  }

  private static Map<String, String> found(RunningAgent agent, List<String> wrong)
      throws IOException {
    Map<String, String> found = new HashMap<>();
    try (Client api = agent.api()) {
      Client.Answer keys = api.get("kv/?recurse");
      if (keys.status() != 404) {
        for (JsonNode entry : keys.orFail().json()) {
          byte[] value = Base64.getDecoder().decode(entry.path("Value").asString());
          found.put(entry.path("Key").asString(), new String(value, UTF_8));
        }
      }
      for (JsonNode service : api.get("agent/services").orFail().json()) {
        String value = service.path("Meta").path("value").asString();
        found.put(service.path("ID").asString(), value);
        if (!value.startsWith(service.path("Port").asInt() + " ")) {
          wrong.add("torn: " + service);
        }
      }
    }
    return found;
  }

  private long bytesOnDisk() throws IOException {
    long bytes = 0;
    try (var files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }
}
