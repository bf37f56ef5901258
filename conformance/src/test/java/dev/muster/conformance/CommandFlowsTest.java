package dev.muster.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.conformance.Muster.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What takes several commands, or one that goes on, against a running server.
@Timeout(120)
class CommandFlowsTest {
  @TempDir private static Path folder;

  private static RunningAgent agent;
  private static Client api;
  private static String socket;

  @BeforeAll
  static void startAgent() throws IOException {
    socket = "unix://" + folder.resolve("api.sock");
    String addresses = "addresses { http = \"127.0.0.1 %s\" }".formatted(socket);
    agent = RunningAgent.dev("-node=here", "-hcl=" + addresses);
    api = agent.api();
  }

  @AfterAll
  static void stopAgent() {
    api.close();
    agent.close();
  }

  private static ProcessBuilder command(String... arguments) {
    ProcessBuilder command = Muster.command(arguments);
    command.environment().put("CONSUL_HTTP_ADDR", agent.httpAddress());
    return command;
  }

  /// One that goes on; its input never ends.
  private static RunningAgent started(String... arguments) throws IOException {
    return RunningAgent.launch(command(arguments));
  }

  /// What a command that succeeds prints.
  private static String printed(String... arguments) throws IOException, InterruptedException {
    return printed(command(arguments), "");
  }

  private static String printed(ProcessBuilder command, String in)
      throws IOException, InterruptedException {
    Ended ended = Muster.run(command, in);
    assertThat(ended.exitCode()).as(ended.toString()).isZero();
    assertThat(ended.err()).isEmpty();
    return ended.out();
  }

  private static void awaitLine(RunningAgent command, String pattern) {
    var _ = command.await(Pattern.compile(pattern));
  }

  /// Waits until there are so many sessions.
  private static JsonNode sessions(int count) throws IOException {
    Client.Answer answer = api.get("session/list");
    while (answer.json().size() != count) {
      answer = api.get("session/list?wait=10s&index=" + answer.index()).orFail();
    }
    return answer.json();
  }

  @Test
  void aLockIsHandedOverAndLost() throws Exception {
    try (RunningAgent first = started("lock", "-pass-stdin", "turn", "echo 1 has it; exec cat")) {
      awaitLine(first, "1 has it");
      JsonNode holder = sessions(1).get(0);
      assertThat(holder.path("Name").asString()).contains("cat");
      try (RunningAgent second =
          started("lock", "-verbose", "-pass-stdin", "turn", "echo 2 has it; exec cat")) {
        sessions(2);
        assertThat(api.get("kv/turn/.lock").json().get(0).path("Session"))
            .isEqualTo(holder.path("ID"));
        assertThat(second.log()).doesNotContain("2 has it");

        assertThat(first.stop()).isEqualTo(1);
        awaitLine(second, "2 has it");
        assertThat(first.log()).endsWith("1 has it");

        String session = sessions(1).get(0).path("ID").asString();
        api.put("session/destroy/" + session, "").orFail();
        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.log()).contains("Lock lost, killing child");
      }
    }
    sessions(0);
  }

  @Test
  void twoHaveASemaphoreAndTheThirdWaits() throws Exception {
    String[] words = {"lock", "-n=2", "-pass-stdin", "crawl", "echo has it; exec cat"};
    try (RunningAgent first = started(words);
        RunningAgent second = started(words)) {
      awaitLine(first, "has it");
      awaitLine(second, "has it");
      Ended third = Muster.run(command("lock", "-n=2", "-timeout=100ms", "crawl", "true"), "");
      assertThat(third.exitCode()).isEqualTo(1);
      assertThat(third.err()).contains("timeout during lock acquisition");

      assertThat(first.stop()).isEqualTo(1);
      assertThat(printed("lock", "-n=2", "crawl", "echo third has it")).contains("third has it");
      assertThat(second.stop()).isEqualTo(1);
    }
    assertThat(api.get("kv/crawl/?recurse").status()).isEqualTo(404);
  }

  @Test
  void aSnapshotBringsTheStateBack() throws Exception {
    api.put("kv/saved/key", "before").orFail();
    String file = folder.resolve("state.snap").toString();
    assertThat(printed("snapshot", "save", file))
        .matches("Saved and verified snapshot to index \\d+\n");
    assertThat(printed("snapshot", "inspect", file)).containsPattern("Index +\\d+\n");

    api.put("kv/saved/key", "after").orFail();
    api.put("kv/saved/other", "after").orFail();
    assertThat(printed("snapshot", "restore", file)).isEqualTo("Restored snapshot\n");
    assertThat(api.get("kv/saved/key?raw").body()).isEqualTo("before");
    assertThat(api.get("kv/saved/other").status()).isEqualTo(404);
  }

  @Test
  void aWatchRunsItsCommandAtEachChange() throws Exception {
    String handler = "echo at $CONSUL_INDEX; cat";
    try (RunningAgent watch = started("watch", "-type=key", "-key=seen", handler)) {
      awaitLine(watch, "at \\d+");
      awaitLine(watch, "null");
      api.put("kv/seen", "1").orFail();
      awaitLine(watch, "\"Value\":\"MQ==\"");
      api.delete("kv/seen").orFail();
      assertThat(watch.stop()).isZero();
    }
  }

  @Test
  void anEventReachesWhoWatchesIt() throws Exception {
    try (RunningAgent watch =
        started("watch", "-type=event", "-name=deploy", "-shell=false", "cat")) {
      awaitLine(watch, "\\[]");
      assertThat(printed("event", "-name=deploy", "1.2.3")).startsWith("Event ID: ");
      awaitLine(watch, "\"Name\":\"deploy\",\"Payload\":\"MS4yLjM=\"");
    }
  }

  @Test
  void maintenanceTakesAnInstanceOutOfTraffic() throws Exception {
    api.put("agent/service/register", "{\"Name\":\"worn\",\"ID\":\"worn-1\"}").orFail();
    printed("maint", "-enable", "-service=worn-1", "-reason=new disks");
    assertThat(api.get("health/service/worn?passing").json()).isEmpty();
    assertThat(printed("maint")).containsSubsequence("ID: ", "worn-1", "Reason: ", "new disks");
    printed("maint", "-disable", "-service=worn-1");
    assertThat(api.get("health/service/worn?passing").json()).hasSize(1);
  }

  @Test
  void entriesAndServicesInHclThroughASocketFile() throws Exception {
    String entry =
        """
        Kind          = "service-resolver" # as Consul's documentation writes them
        Name          = "sorted"
        DefaultSubset = "v1"
        Subsets "v1" { Filter = "Service.Meta.version == v1" }
        Subsets "v2" { Filter = "Service.Meta.version == v2" }
        """;
    String here = "-http-addr=" + socket;
    assertThat(printed(command("config", "write", here, "-"), entry))
        .isEqualTo("Config entry written: service-resolver/sorted\n");
    String read = printed("config", "read", here, "-kind=service-resolver", "-name=sorted");
    assertThat(read).contains("\"v1\": {", "\"v2\": {", "version == v2");
    Path again = Files.writeString(folder.resolve("entry.json"), read);
    printed("config", "delete", here, "-filename=" + again);
    assertThat(api.get("config/service-resolver/sorted").status()).isEqualTo(404);

    Path services =
        Files.writeString(
            folder.resolve("web.hcl"),
            """
            service {
              name = "sorted"
              tags = ["a"]
              meta { version = "v1" }
              check { ttl = "1h" status = "passing" }
            }
            """);
    assertThat(printed("services", "register", here, services.toString()))
        .isEqualTo("Registered service: sorted\n");
    JsonNode found = api.get("health/service/sorted?passing").json();
    assertThat(found).hasSize(1);
    printed("services", "deregister", here, services.toString());
    assertThat(api.get("catalog/service/sorted").json()).isEmpty();
  }
}
