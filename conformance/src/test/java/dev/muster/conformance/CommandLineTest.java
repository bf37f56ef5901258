package dev.muster.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.conformance.Muster.Ended;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The commands, as people type them, against a running server.
@Timeout(120)
class CommandLineTest {
  private static RunningAgent agent;

  @TempDir Path folder;

  @BeforeAll
  static void startAgent() throws IOException {
    agent = RunningAgent.dev("-node=here", "-datacenter=east");
  }

  @AfterAll
  static void stopAgent() {
    agent.close();
  }

  private Ended muster(String... arguments) throws IOException, InterruptedException {
    return Muster.run(asking(agent, Muster.command(arguments)), "");
  }

  private static ProcessBuilder asking(RunningAgent agent, ProcessBuilder command) {
    command.environment().put("CONSUL_HTTP_ADDR", agent.httpAddress());
    return command;
  }

  /// What a command that succeeds prints.
  private String printed(String... arguments) throws IOException, InterruptedException {
    return printed(muster(arguments));
  }

  private static String printed(Ended ended) {
    assertThat(ended.exitCode()).as(ended.toString()).isZero();
    assertThat(ended.err()).isEmpty();
    return ended.out();
  }

  private static void assertFailed(Ended ended, String... words) {
    assertThat(ended.exitCode()).as(ended.toString()).isEqualTo(1);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err()).containsSubsequence(words).doesNotContain("Exception", "\tat ");
  }

  /// The commands of the source this program was built to, word for word; the ports alone are not
  /// the usual ones.
  @Test
  void theSourcesCommandsThroughALinkFromAnotherFolder() throws Exception {
    Path consul = Files.createSymbolicLink(folder.resolve("consul"), Muster.LAUNCHER);
    List<String> arguments = new ArrayList<>(List.of("agent", "-dev", "-client=0.0.0.0"));
    arguments.addAll(Muster.FREE_PORTS);
    ProcessBuilder start = Muster.command(consul, arguments).directory(folder.toFile());
    try (RunningAgent own = RunningAgent.start(start)) {
      for (String line :
          List.of(
              "consul register -name user-service -id 1 -tag \"http\" -port 5000",
              "consul register -name order-service -id 2 -tag \"http\" -port 5000")) {
        ProcessBuilder command =
            asking(own, Muster.command(Path.of("bash"), List.of("-c", line)))
                .directory(folder.toFile());
        command.environment().merge("PATH", folder.toString(), (path, first) -> first + ":" + path);
        assertThat(printed(Muster.run(command, ""))).startsWith("Registered service: ");
      }
      try (Client api = own.api()) {
        assertThat(api.get("health/service/user-service?passing").json()).hasSize(1);
        assertThat(api.get("catalog/services").json().path("order-service").toString())
            .isEqualTo("[\"http\"]");
      }
      assertThat(own.log()).contains("HTTP API on 0.0.0.0:");
    } finally {
      Files.delete(consul); // JUnit would warn that it leads out of the folder
    }
  }

  @Test
  void services() throws Exception {
    assertThat(
            printed(
                "services", "register", "-name=web", "-id=web-1", "-port=80", "-tag=a", "-tag=b"))
        .isEqualTo("Registered service: web\n");
    assertThat(printed("register", "-name", "single", "-address", "10.0.0.7", "-meta", "k=v"))
        .isEqualTo("Registered service: single\n");
    assertThat(printed("catalog", "services").lines()).contains("consul", "single", "web");
    assertThat(printed("catalog", "services", "-tags").lines())
        .anyMatch(line -> line.matches("web +a,b"))
        .contains("consul");
    try (Client api = agent.api()) {
      assertThat(api.get("catalog/service/single").body())
          .containsPattern("\"ServiceAddress\": ?\"10.0.0.7\"")
          .containsPattern("\"k\": ?\"v\"");
    }

    assertFailed(muster("services", "deregister", "-id=web"), "Unknown service ID \"web\"");
    assertThat(printed("services", "deregister", "-id", "web-1"))
        .isEqualTo("Deregistered service: web-1\n");
    assertThat(printed("deregister", "-id=single")).isEqualTo("Deregistered service: single\n");
    assertThat(printed("catalog", "services").lines()).doesNotContain("single", "web");
  }

  @Test
  void nodesAndMembers() throws Exception {
    List<String> nodes = printed("catalog", "nodes").lines().toList();
    assertThat(nodes.get(0).split(" +")).containsExactly("Node", "ID", "Address", "DC");
    assertThat(nodes.get(1).split(" +")).startsWith("here").endsWith("127.0.0.1", "east");
    List<String> members = printed("members").lines().toList();
    assertThat(members).hasSize(2);
    assertThat(members.get(1)).startsWith("here").contains("127.0.0.1:", "alive", "east");
  }

  @Test
  void keys() throws Exception {
    assertThat(printed("kv", "put", "a/limit", "5"))
        .isEqualTo("Success! Data written to: a/limit\n");
    assertThat(printed("kv", "get", "a/limit")).isEqualTo("5\n");
    assertThat(printed("kv", "get", "-base64", "a/limit")).isEqualTo("NQ==\n");
    assertFailed(muster("kv", "get", "a/none"), "No key exists at: a/none");

    printed("kv", "put", "-base64", "a/b/decoded", "w6k=");
    assertThat(printed("kv", "get", "a/b/decoded")).isEqualTo("é\n");
    printed("kv", "put", "-flags=42", "a/empty");
    assertThat(printed("kv", "get", "-detailed", "a/empty"))
        .containsPattern("Flags +42\n")
        .containsPattern("Key +a/empty\n");

    assertThat(printed("kv", "get", "-recurse", "a/"))
        .isEqualTo("a/b/decoded:é\na/empty:\na/limit:5\n");
    assertThat(printed("kv", "get", "-keys", "a/")).isEqualTo("a/b/\na/empty\na/limit\n");
    assertThat(printed("kv", "get", "-keys", "-separator=", "a/b")).isEqualTo("a/b/decoded\n");

    assertThat(printed("kv", "delete", "a/limit")).isEqualTo("Success! Deleted key: a/limit\n");
    assertFailed(muster("kv", "get", "a/limit"), "No key exists");
    printed("kv", "delete", "-recurse", "a/");
    assertThat(printed("kv", "get", "-recurse", "a/")).isEmpty();
  }

  @Test
  void keysComparedAndSet() throws Exception {
    printed("kv", "put", "-cas", "-modify-index=0", "cas/key", "1");
    assertFailed(muster("kv", "put", "-cas", "-modify-index=0", "cas/key", "2"), "CAS failed");
    assertThat(printed("kv", "get", "cas/key")).isEqualTo("1\n");
    Matcher index =
        Pattern.compile("ModifyIndex +(\\d+)")
            .matcher(printed("kv", "get", "-detailed", "cas/key"));
    assertThat(index.find()).isTrue();
    String at = "-modify-index=" + index.group(1);
    printed("kv", "put", "-cas", at, "cas/key", "2");
    assertFailed(muster("kv", "delete", "-cas", at, "cas/key"), "CAS failed");
    assertThat(printed("kv", "get", "cas/key")).isEqualTo("2\n");
  }

  @Test
  void keysFromFilesAndStandardInput() throws Exception {
    Path file = Files.writeString(folder.resolve("value"), "of a\nfile");
    printed("kv", "put", "from/file", "@" + file);
    assertThat(printed("kv", "get", "from/file")).isEqualTo("of a\nfile\n");
    assertFailed(muster("kv", "put", "from/file", "@" + file + "s"), "Cannot read", file + "s");

    ProcessBuilder put = asking(agent, Muster.command("kv", "put", "from/stdin", "-"));
    printed(Muster.run(put, "of a pipe"));
    assertThat(printed("kv", "get", "from/stdin")).isEqualTo("of a pipe\n");
  }

  @Test
  void keysMoveFromOnePrefixToAnother() throws Exception {
    printed("kv", "put", "-flags=7", "move/a", "1");
    String exported = printed("kv", "export", "move/");
    ProcessBuilder moved = asking(agent, Muster.command("kv", "import", "-prefix=to/", "-"));
    assertThat(printed(Muster.run(moved, exported))).isEqualTo("Imported: to/move/a\n");
    assertThat(printed("kv", "get", "-detailed", "to/move/a")).containsPattern("Flags +7\n");
    assertThat(printed("watch", "-type=key", "-key=to/move/a")).contains("\"Flags\": 7");
  }

  @Test
  void aCommandOfConsulThatIsNotHere() throws Exception {
    assertFailed(Muster.run("acl", "token", "list"), "no command acl", "access control", "kv");
  }

  @Test
  void theFlagNamesTheAgentBeforeTheEnvironment() throws Exception {
    ProcessBuilder command = Muster.command("members", "-http-addr=" + agent.httpAddress());
    command.environment().put("CONSUL_HTTP_ADDR", "127.0.0.1:1");
    assertThat(printed(Muster.run(command, ""))).contains("here");
    Ended url = Muster.run("members", "-http-addr", "http://" + agent.httpAddress() + "/");
    assertThat(printed(url)).contains("here");
  }

  @Test
  void noAgentIsOneSentence() throws Exception {
    String nobody;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = "127.0.0.1:" + socket.getLocalPort();
    }
    for (String command : List.of("members", "kv get a", "register -name a")) {
      List<String> words = new ArrayList<>(List.of(command.split(" ")));
      words.add("-http-addr=" + nobody);
      Ended refused = Muster.run(words.toArray(String[]::new));
      assertFailed(refused, nobody, "Connection refused", "agent -dev", "-http-addr");
      assertThat(refused.err().lines()).hasSize(1);
    }
  }

  /// Each and every command is looked at where it is made; this is what the launcher adds.
  @Test
  void commandsExplainThemselvesWithAnExample() throws Exception {
    for (String words : List.of("-help", "kv -help", "operator raft list-peers --help")) {
      String help = printed(Muster.run(words.split(" ")));
      assertThat(help).contains("Usage: muster").containsPattern("\nExamples?:\n  muster ");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "kv put -caas a b, -caas, -cas",
    "register -nam=x, -nam, -name",
    "agent -dve, -dve, -dev",
    "agent -dev --http-prot=0, --http-prot, --http-port",
    "kv pt a b, pt, put",
    "catlog services, catlog, catalog",
    "agnet -dev, agnet, agent",
    "service register, service, services"
  })
  void aMistypedWordIsNamedWithTheNearest(String line, String wrong, String right)
      throws Exception {
    Ended refused = Muster.run(line.split(" "));
    assertFailed(refused, " " + wrong, "did you mean " + right + "?", "-help");
    assertThat(refused.err().lines()).hasSize(2);
  }

  @Test
  void aWordFarFromAllIsNamed() throws Exception {
    assertFailed(Muster.run("watermelon"), "watermelon.", "-help");
    assertFailed(Muster.run("members", "-x"), "-x.", "-help");
    assertFailed(Muster.run("members", "of", "what"), "'of'", "-help");
    assertFailed(Muster.run("agent", "-dev", "true"), "'true'", "-help");
    assertFailed(Muster.run("agent", "-dev=maybe"), "-dev", "true or false");
    assertFailed(Muster.run("register"), "--name", "-help");
  }

  @Test
  void nothingAskedForIsExplained() throws Exception {
    for (String[] words : new String[][] {{}, {"kv"}}) {
      Ended ended = Muster.run(words);
      assertThat(ended.exitCode()).as(Arrays.toString(words)).isEqualTo(1);
      assertThat(ended.out()).contains("Usage: muster", "Commands:");
    }
  }
}
