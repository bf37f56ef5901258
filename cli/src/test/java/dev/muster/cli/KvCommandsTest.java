package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.cli.Shell.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `kv` asks of an agent, and what it makes of the answers.
class KvCommandsTest {
  private static final String ENTRIES =
      """
      [{"LockIndex":1,"Key":"a/b","Flags":3304740253564472344,"Value":"aGVsbG8=",
        "Session":"6f3d7750-bc9f-09f8-eff7-c491aa6cb8d5","CreateIndex":12,"ModifyIndex":13},
       {"LockIndex":0,"Key":"a/c","Flags":0,"Value":null,"CreateIndex":14,"ModifyIndex":14}]
      """;

  @TempDir Path folder;
  private CannedAgent agent;
  private Shell shell;

  @BeforeEach
  void start() throws IOException {
    agent = new CannedAgent();
    shell = Shell.asking(agent.address());
  }

  @AfterEach
  void stop() {
    agent.close();
  }

  @Test
  void aDetailedKeyWithItsLock() {
    agent.answering("GET /v1/kv/a/b", 200, ENTRIES);
    assertThat(shell.run("kv", "get", "-detailed", "-stale", "/a/b").out())
        .startsWith(
            """
            CreateIndex      12
            Flags            3304740253564472344
            Key              a/b
            LockIndex        1
            ModifyIndex      13
            Session          6f3d7750-bc9f-09f8-eff7-c491aa6cb8d5
            Value            hello

            """)
        .contains("Session          -\n");
    assertThat(agent.asked).containsExactly("GET /v1/kv/a/b?stale");
  }

  @Test
  void locksAreTakenAndGivenBackForASession() {
    agent.answering("PUT /v1/kv/lock", 200, "true");
    assertThat(shell.run("kv", "put", "-acquire", "-session=s1", "lock", "me").out())
        .isEqualTo("Success! Lock acquired on: lock\n");
    assertThat(shell.run("kv", "put", "-release", "-session", "s1", "lock").out())
        .isEqualTo("Success! Lock released on: lock\n");
    assertThat(agent.asked)
        .containsExactly(
            "PUT /v1/kv/lock?flags=0&acquire=s1 me", "PUT /v1/kv/lock?flags=0&release=s1");

    agent.answering("PUT /v1/kv/lock", 200, "false");
    Ended refused = shell.run("kv", "put", "-acquire", "-session=s1", "lock");
    assertThat(refused).isEqualTo(new Ended(1, "", "Error! Did not acquire lock\n"));
    assertThat(shell.run("kv", "put", "-acquire", "lock").err()).contains("Missing -session");
  }

  @Test
  void numbersOf64BitsAndSwitchesWithValues() {
    agent.answering("PUT /v1/kv/a", 200, "true");
    shell.run("kv", "put", "-cas=false", "-flags=18446744073709551615", "a", "x");
    shell.run("kv", "put", "--cas=true", "--modify-index", "18446744073709551615", "a", "true");
    assertThat(agent.asked)
        .containsExactly(
            "PUT /v1/kv/a?flags=18446744073709551615 x",
            "PUT /v1/kv/a?flags=0&cas=18446744073709551615 true");
    assertThat(shell.run("kv", "put", "-flags=18446744073709551616", "a").err())
        .contains("--flags", "2^64-1");
  }

  @Test
  void whatIsExportedCanBeImported() throws Exception {
    agent.answering("GET /v1/kv/a/", 200, ENTRIES);
    String exported = shell.run("kv", "export", "a/").out();
    assertThat(exported)
        .isEqualTo(
            """
            [
            \t{
            \t\t"key": "a/b",
            \t\t"flags": 3304740253564472344,
            \t\t"value": "aGVsbG8="
            \t},
            \t{
            \t\t"key": "a/c",
            \t\t"flags": 0,
            \t\t"value": ""
            \t}
            ]
            """);
    agent.answering("PUT /v1/kv/x/a/b", 200, "true").answering("PUT /v1/kv/x/a/c", 200, "true");
    agent.asked.clear();
    Path file = Files.writeString(folder.resolve("keys.json"), exported);
    assertThat(shell.run("kv", "import", "-prefix=x/", "@" + file).out())
        .isEqualTo("Imported: x/a/b\nImported: x/a/c\n");
    assertThat(agent.asked)
        .containsExactly(
            "PUT /v1/kv/x/a/b?flags=3304740253564472344 hello", "PUT /v1/kv/x/a/c?flags=0");
    assertThat(shell.typing(exported).run("kv", "import", "-prefix=x/", "-").exitCode()).isZero();
  }

  @Test
  void nothingIsExportedAsAnEmptyArray() {
    agent.answering("GET /v1/kv/none", 404, "");
    assertThat(shell.run("kv", "export", "none").out()).isEqualTo("[]\n");
  }

  @Test
  void badDataIsRefusedBeforeTheFirstWrite() {
    for (String data :
        new String[] {"{", "{}", "[{\"key\":\"\"}]", "[{\"key\":\"a\",\"value\":\"%\"}]", ""}) {
      Ended refused = shell.run("kv", "import", data);
      assertThat(refused.exitCode()).as(data).isEqualTo(1);
      assertThat(refused.err()).as(data).startsWith("Error! ").doesNotContain("Exception");
    }
    assertThat(agent.asked).isEmpty();
  }

  @Test
  void contradictionsAreRefused() {
    for (String line :
        new String[] {
          "kv delete -cas -recurse a",
          "kv delete -cas a",
          "kv delete -modify-index=1 a",
          "kv delete ",
          "kv put -modify-index=1 a",
          "kv put -acquire -release -session=s a",
          "kv put -session=s a",
        }) {
      assertThat(shell.run(line.split(" ")).exitCode()).as(line).isEqualTo(1);
    }
    assertThat(agent.asked).isEmpty();
  }

  @Test
  void tokensAndDatacenterAreSentAlong() throws Exception {
    agent.answering("GET /v1/kv/a", 200, ENTRIES);
    Path token = Files.writeString(folder.resolve("token"), "from-file\n");
    shell.run("kv", "get", "-datacenter=dc 2", "-token-file=" + token, "a");
    assertThat(agent.asked).containsExactly("GET /v1/kv/a?dc=dc%202");
    assertThat(agent.headers).containsEntry("X-consul-token", "from-file");
    shell.with("CONSUL_HTTP_TOKEN", "from-environment").with("CONSUL_HTTP_AUTH", "u:p");
    shell.run("kv", "get", "a");
    assertThat(agent.headers)
        .containsEntry("X-consul-token", "from-environment")
        .containsEntry("Authorization", "Basic dTpw");
  }
}
