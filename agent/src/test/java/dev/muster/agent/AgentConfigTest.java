package dev.muster.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentConfigTest {
  @TempDir Path folder;

  private final Settings settings = new Settings();

  private AgentConfig config() {
    return AgentConfig.of(settings, "host-1");
  }

  private List<String> problems() {
    InvalidConfiguration problem = catchThrowableOfType(InvalidConfiguration.class, this::config);
    assertThat(problem).as("everything is fine").isNotNull();
    return problem.report().lines().toList();
  }

  private Path file(String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve(name), text);
    settings.addFile(file);
    return file;
  }

  @Test
  void everyDefault() {
    settings.addFlag("-dev", "dev_mode", "true");
    assertThat(config())
        .isEqualTo(
            new AgentConfig(
                true,
                "host-1",
                "dc1",
                Optional.empty(),
                "127.0.0.1",
                "127.0.0.1",
                new AgentConfig.Ports(8500, 8600, 8300, 8080),
                new AgentConfig.Limits(Runtime.getRuntime().availableProcessors(), 200),
                new AgentConfig.Log("info", false),
                Optional.empty()));
  }

  @Test
  void everyKey() throws IOException {
    file(
        "all.json",
        """
        {
          "dev_mode": false, "node_name": "n-1", "datacenter": "east", "data_dir": "/var/x",
          "client_addr": "0.0.0.0", "bind_addr": "::1", "log_level": "ERROR", "log_json": true,
          "pid_file": "/run/x.pid", "server": true, "bootstrap_expect": 1, "consensus": "raft",
          "ports": {"http": 1, "dns": -1, "server": 0, "balancer": 65535},
          "balancer": {"threads": 3, "config": null}, "limits": {"http_max_conns_per_client": 0}
        }
        """);
    assertThat(config())
        .isEqualTo(
            new AgentConfig(
                false,
                "n-1",
                "east",
                Optional.of(Path.of("/var/x")),
                "0.0.0.0",
                "0:0:0:0:0:0:0:1",
                new AgentConfig.Ports(1, -1, 0, 65535),
                new AgentConfig.Limits(3, 0),
                new AgentConfig.Log("err", true),
                Optional.of(Path.of("/run/x.pid"))));
  }

  @Test
  void whatIsGivenLaterWins() throws IOException {
    file("a.json", "{\"ports\":{\"http\":1,\"dns\":2},\"data_dir\":\"a\"}");
    file("b.json", "{\"ports\":{\"http\":3}}");
    settings.addFlag("-data-dir", "data_dir", "c");
    assertThat(config().ports().http()).isEqualTo(3);
    assertThat(config().ports().dns()).isEqualTo(2);
    assertThat(config().dataFolder()).contains(Path.of("c"));
  }

  @Test
  void allProblemsTogetherEachWithItsOrigin() throws IOException {
    Path file =
        file(
            "a.json",
            """
            {"node_name": "a b", "ports": {"htp": 1, "server": 70000}, "log_level": "loud",
             "bootstrap_expect": 3, "server": false}
            """);
    settings.addFlag("-bind", "bind_addr", "here");
    settings.addFlag("-threads", "balancer.threads", "many");
    assertThat(problems())
        .containsExactlyInAnyOrder(
            "file " + file + ": there is no key \"ports.htp\"; did you mean \"ports.http\"?",
            "file " + file + ": node_name: \"a b\" is not 1 to 63 of A-Z a-z 0-9 . _ -",
            "file " + file + ": ports.server: \"70000\" is not a whole number from -1 to 65535",
            "file " + file + ": log_level: \"loud\" is not trace, debug, info, warn or err",
            "file "
                + file
                + ": bootstrap_expect: groups of several servers are not supported yet; use 1",
            "file " + file + ": server: every agent is a server; leave it out, or true",
            "no folder to keep state in: give -data-dir FOLDER, or -dev for a temporary one",
            "flag -bind: bind_addr: \"here\" is not an IP address such as 127.0.0.1 or 0.0.0.0",
            "flag -threads: balancer.threads: \"many\" is not a whole number from 1 to 1024");
  }

  @ParameterizedTest
  @CsvSource({
    "node_nam, node_name",
    "nodename, node_name",
    "data-dir, data_dir",
    "Ports.http, ports.http",
    "ports.https, ports.http",
    "datacentre, datacenter",
    "balancer.thread, balancer.threads"
  })
  void anUnknownKeyIsAnsweredWithTheNearest(String key, String nearest) {
    settings.addFlag("-dev", "dev_mode", "true");
    settings.addFlag("-x", key, "1");
    assertThat(problems())
        .containsExactly(
            "flag -x: there is no key \"" + key + "\"; did you mean \"" + nearest + "\"?");
  }

  @Test
  void aKeyLikeNoOtherIsAnsweredWithoutAGuess() throws IOException {
    settings.addFlag("-dev", "dev_mode", "true");
    Path file = file("a.json", "{\"telemetry\":{}, \"connect\":{\"enabled\":true}}");
    assertThat(problems())
        .containsExactly(
            "file " + file + ": there is no key \"telemetry\"",
            "file " + file + ": there is no key \"connect.enabled\"");
  }

  @Test
  void anEmptyGroupOfKnownKeysIsNothing() throws IOException {
    settings.addFlag("-dev", "dev_mode", "true");
    file("a.json", "{\"ports\":{}, \"node_name\":null}");
    assertThat(config().nodeName()).isEqualTo("host-1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"ports\": {\"http\": }}|line 1, column 20",
        "{|line 1, column",
        "{\"a\": 1} x|line 1, column",
        "[1]|not a JSON object such as",
        "''|not a JSON object such as",
        "{\"node_name\": [\"a\"]}|\"node_name\" takes one value, not a list",
        "{\"ports\": {\"http\": [1, 2]}}|\"ports.http\" takes one value, not a list"
      })
  void aFileThatCannotBeReadIsNamedWithThePlace(String text, String problem) throws IOException {
    settings.addFlag("-dev", "dev_mode", "true");
    Path file = file("a.json", text);
    assertThat(problems())
        .singleElement()
        .asString()
        .startsWith("file " + file + ": ")
        .contains(problem);
  }

  @Test
  void aBrokenLineIsCounted() throws IOException {
    settings.addFlag("-dev", "dev_mode", "true");
    file("a.json", "{\n  \"node_name\": \"a\",\n  \"datacenter\" \"b\"\n}\n");
    assertThat(problems()).singleElement().asString().contains("line 3, column");
  }

  @Test
  void aFileThatIsNotThere() {
    settings.addFlag("-dev", "dev_mode", "true");
    Path file = folder.resolve("none.json");
    settings.addFile(file);
    settings.addFile(folder);
    assertThat(problems())
        .hasSize(2)
        .contains("file " + file + ": does not exist")
        .anyMatch(it -> it.startsWith("file " + folder + ": cannot be read: "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"pid_file", "data_dir"})
  void aPathThatIsNone(String key) {
    settings.addFlag("-dev", "dev_mode", "true");
    settings.addFlag("-x", key, "a\0b");
    assertThat(problems()).singleElement().asString().startsWith("flag -x: " + key + ": ");
  }

  @ParameterizedTest
  @CsvSource({
    "consensus, paxos, \"raft\" is the only engine so far",
    "balancer.config, nginx.conf, files in nginx's language",
    "log_json, yes, want true or false",
    "datacenter, a/b, is not 1 to 63 of",
    "client_addr, localhost, is not an IP address",
    "client_addr, 1.2.3, is not an IP address",
    "client_addr, 1.2.3.400, is not an IP address",
    "ports.http, 8.5, is not a whole number",
    "ports.http, -2, is not a whole number from -1 to 65535",
    "limits.http_max_conns_per_client, many, is not a whole number from -1 to 1000000",
    "balancer.threads, 0, is not a whole number from 1 to 1024"
  })
  void valuesThatCannotBe(String key, String value, String problem) {
    settings.addFlag("-dev", "dev_mode", "true");
    settings.addFlag("-x", key, value);
    assertThat(problems())
        .singleElement()
        .asString()
        .startsWith("flag -x: " + key + ": ")
        .contains(problem);
  }

  @Test
  void aHostNameThatIsNoNodeNameAsksForOne() {
    settings.addFlag("-dev", "dev_mode", "true");
    InvalidConfiguration problem =
        catchThrowableOfType(
            InvalidConfiguration.class, () -> AgentConfig.of(settings, "host name"));
    assertThat(problem.report()).startsWith("default: node_name: \"host name\" is not 1 to 63");
  }
}
