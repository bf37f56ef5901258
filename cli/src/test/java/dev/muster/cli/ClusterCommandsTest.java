package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.cli.Shell.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Commands about servers, catalog, configuration and services: what they ask, what they print.
class ClusterCommandsTest {
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

  private String printed(String... words) {
    Ended ended = shell.run(words);
    assertThat(ended.exitCode()).as(ended.toString()).isZero();
    return ended.out();
  }

  @Test
  void members() {
    agent.answering(
        "GET /v1/agent/members",
        200,
        """
        [{"Name":"two","Addr":"::1","Port":8301,"Status":4,"Tags":{"dc":"dc1","role":"consul"}},
         {"Name":"dev1","Addr":"127.0.0.1","Port":8301,"Status":1,
          "Tags":{"build":"1.8.7:","dc":"dc1","role":"consul","vsn":"2"}}]
        """);
    assertThat(printed("members"))
        .isEqualTo(
            """
            Node  Address         Status  Type    Build  Protocol  DC   Partition  Segment
            dev1  127.0.0.1:8301  alive   server  1.8.7  2         dc1  default    <all>
            two   [::1]:8301      failed  server                   dc1  default    <all>
            """);
    assertThat(printed("members", "-detailed", "-status=alive"))
        .contains("build=1.8.7:,dc=dc1,role=consul,vsn=2")
        .doesNotContain("two");
    assertThat(shell.run("members", "-status=left").exitCode()).isEqualTo(2);
    assertThat(shell.run("members", "-status=(").err()).contains("status regexp");
    printed("members", "-wan", "-filter=Name == dev1");
    assertThat(agent.asked)
        .last()
        .isEqualTo("GET /v1/agent/members?wan=1&filter=Name%20%3D%3D%20dev1");
  }

  @Test
  void joinAndLeave() {
    agent.answering("PUT /v1/agent/join/10.0.0.7", 200, "");
    agent.answering("PUT /v1/agent/join/10.0.0.8%3A8300", 500, "1 error occurred");
    agent.answering("PUT /v1/agent/leave", 200, "").answering("PUT /v1/agent/reload", 200, "");
    agent.answering("PUT /v1/agent/force-leave/two", 200, "");
    Ended joined = shell.run("join", "10.0.0.7", "10.0.0.8:8300");
    assertThat(joined)
        .isEqualTo(
            new Ended(
                0,
                "Successfully joined cluster by contacting 1 nodes.\n",
                "Error joining address '10.0.0.8:8300': 1 error occurred\n"));
    assertThat(shell.run("join", "10.0.0.8:8300").exitCode()).isEqualTo(1);
    assertThat(printed("leave")).isEqualTo("Graceful leave complete\n");
    assertThat(printed("reload")).isEqualTo("Configuration reload triggered\n");
    assertThat(printed("force-leave", "-prune", "two")).isEmpty();
    assertThat(agent.asked).contains("PUT /v1/agent/force-leave/two?prune");
    assertThat(shell.run("force-leave", "nope").err()).contains("404");
  }

  @Test
  void infoIsSorted() {
    agent.answering(
        "GET /v1/agent/self",
        200,
        """
        {"Stats":{"raft":{"term":"2"},"agent":{"services":"1","checks":"0"}}}
        """);
    assertThat(printed("info"))
        .isEqualTo("agent:\n\tchecks = 0\n\tservices = 1\nraft:\n\tterm = 2\n");
  }

  @Test
  void keysToEncryptWith() {
    String key = printed("keygen");
    assertThat(Base64.getDecoder().decode(key.strip())).hasSize(32);
    assertThat(printed("keygen")).isNotEqualTo(key);
  }

  @Test
  void maintenance() {
    agent.answering("PUT /v1/agent/maintenance", 200, "");
    agent.answering("PUT /v1/agent/service/maintenance/web-1", 200, "");
    assertThat(printed("maint", "-enable", "-reason=new disks"))
        .isEqualTo("Node maintenance is now enabled\n");
    assertThat(printed("maint", "-disable", "-service=web-1"))
        .isEqualTo("Service maintenance is now disabled for \"web-1\"\n");
    assertThat(agent.asked)
        .containsExactly(
            "PUT /v1/agent/maintenance?enable=true&reason=new%20disks",
            "PUT /v1/agent/service/maintenance/web-1?enable=false");
    agent.answering(
        "GET /v1/agent/checks",
        200,
        """
        {"_node_maintenance":{"Node":"dev1","CheckID":"_node_maintenance","Notes":"n"},
         "x":{"CheckID":"x","Notes":""},
         "y":{"CheckID":"_service_maintenance:web-1","ServiceID":"web-1","Notes":"up"}}
        """);
    assertThat(printed("maint"))
        .isEqualTo(
            """
            Node:
              Name:   dev1
              Reason: n

            Service:
              ID:     web-1
              Reason: up

            """);
    assertThat(shell.run("maint", "-enable", "-disable").exitCode()).isEqualTo(1);
    assertThat(shell.run("maint", "-reason=x").exitCode()).isEqualTo(1);
    assertThat(shell.run("maint", "-service=x").exitCode()).isEqualTo(1);
  }

  @Test
  void events() {
    agent.answering("PUT /v1/event/fire/deploy", 200, "{\"ID\":\"0166a665\"}");
    assertThat(printed("event", "-name=deploy", "-service=web", "-tag=v.*", "1.2.3"))
        .isEqualTo("Event ID: 0166a665\n");
    assertThat(agent.asked).containsExactly("PUT /v1/event/fire/deploy?service=web&tag=v.* 1.2.3");
    assertThat(shell.run("event", "-name=deploy", "-node=(").err()).contains("node filter");
    assertThat(shell.run("event", "-name=deploy", "-tag=a").err()).contains("service filter");
  }

  @Test
  void roundTrips() {
    agent.answering(
        "GET /v1/coordinate/nodes",
        200,
        """
        [{"Node":"one","Coord":{"Vec":[0.003,0],"Error":1.5,"Adjustment":0,"Height":0.001}},
         {"Node":"two","Coord":{"Vec":[0,0.004],"Error":1.5,"Adjustment":0,"Height":0.002}}]
        """);
    agent.answering("GET /v1/agent/self", 200, "{\"Config\":{\"NodeName\":\"two\"}}");
    assertThat(printed("rtt", "one"))
        .isEqualTo("Estimated one <-> two rtt: 8.000 ms (using LAN coordinates)\n");
    assertThat(shell.run("rtt", "one", "three").err()).contains("three");
    assertThat(shell.run("rtt", "-wan", "one", "two").exitCode()).isEqualTo(1);
  }

  @Test
  void theLogIsPrintedUntilTheAgentEndsIt() throws Exception {
    agent.answering("GET /v1/agent/monitor", 200, "one\ntwo\n");
    Ended ended = shell.start("monitor", "-log-level=debug", "-log-json").get(20, TimeUnit.SECONDS);
    assertThat(ended.out()).isEqualTo("one\ntwo\n");
    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(agent.asked).containsExactly("GET /v1/agent/monitor?loglevel=debug&logjson=true");
    agent.answering("GET /v1/agent/monitor", 400, "Unknown log level");
    assertThat(shell.run("monitor", "-log-level=loud").err()).contains("Unknown log level");
  }

  @Test
  void theCatalog() {
    agent.answering("GET /v1/catalog/datacenters", 200, "[\"dc1\",\"dc2\"]");
    agent.answering("GET /v1/catalog/services", 200, "{\"web\":[\"b\",\"a\"],\"consul\":[]}");
    agent.answering(
        "GET /v1/catalog/service/web",
        200,
        """
        [{"ID":"11374252-3e77","Node":"one","Address":"10.0.0.1","Datacenter":"dc1",
          "TaggedAddresses":{"wan":"1.2.3.4","lan":"10.0.0.1"},"NodeMeta":{"rack":"r1"}},
         {"ID":"11374252-3e77","Node":"one","Address":"10.0.0.1","Datacenter":"dc1",
          "TaggedAddresses":null,"NodeMeta":null}]
        """);
    agent.answering(
        "GET /v1/catalog/node/one",
        200,
        "{\"Node\":{},\"Services\":{\"w1\":{\"Service\":\"web\",\"Tags\":[\"x\"]}}}");
    agent.answering("GET /v1/catalog/nodes", 200, "[]");
    assertThat(printed("catalog", "datacenters")).isEqualTo("dc1\ndc2\n");
    assertThat(printed("catalog", "services")).isEqualTo("consul\nweb\n");
    assertThat(printed("catalog", "services", "-tags")).isEqualTo("consul\nweb     a,b\n");
    assertThat(printed("catalog", "services", "-node=one", "-tags")).isEqualTo("web  x\n");
    assertThat(printed("catalog", "nodes", "-service=web", "-detailed").lines())
        .hasSize(2)
        .last()
        .asString()
        .contains("11374252-3e77", "lan=10.0.0.1, wan=1.2.3.4", "rack=r1");
    agent.asked.clear();
    assertThat(shell.run("catalog", "nodes", "-node-meta=rack=r1", "-near=_agent"))
        .isEqualTo(
            new Ended(0, "", "No nodes match the given query - try expanding your search.\n"));
    assertThat(agent.asked)
        .containsExactly("GET /v1/catalog/nodes?near=_agent&node-meta=rack%3Ar1");
    assertThat(shell.run("catalog", "nodes", "-node-meta=rack").exitCode()).isEqualTo(1);
  }

  @Test
  void configurationEntries() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("web.json"),
            "{\"kind\":\"service-defaults\",\"Name\":\"web\",\"protocol\":\"http\"}");
    agent.answering("PUT /v1/config", 200, "true");
    agent.answering("GET /v1/config/service-defaults", 200, "[{\"Name\":\"a\"},{\"Name\":\"b\"}]");
    agent.answering("GET /v1/config/service-defaults/web", 200, "{\"Kind\":\"x\",\"Expose\":{}}");
    agent.answering("DELETE /v1/config/service-defaults/web", 200, "{}");
    assertThat(printed("config", "write", file.toString()))
        .isEqualTo("Config entry written: service-defaults/web\n");
    assertThat(printed("config", "list", "-kind", "service-defaults")).isEqualTo("a\nb\n");
    assertThat(printed("config", "read", "-kind=service-defaults", "-name=web"))
        .isEqualTo("{\n    \"Kind\": \"x\",\n    \"Expose\": {}\n}\n");
    assertThat(printed("config", "delete", "-filename=" + file))
        .isEqualTo("Config entry deleted: service-defaults/web\n");
    assertThat(agent.asked)
        .first()
        .isEqualTo(
            "PUT /v1/config"
                + " {\"kind\":\"service-defaults\",\"Name\":\"web\",\"protocol\":\"http\"}");

    agent.answering("PUT /v1/config", 200, "false");
    agent.answering("DELETE /v1/config/service-defaults/web", 200, "false");
    assertThat(shell.run("config", "write", "-cas", "-modify-index=3", file.toString()))
        .isEqualTo(new Ended(1, "", "Config entry not updated: service-defaults/web\n"));
    assertThat(
            shell.run(
                "config",
                "delete",
                "-kind=service-defaults",
                "-name=web",
                "-cas",
                "-modify-index=3"))
        .isEqualTo(new Ended(1, "", "Config entry not deleted: service-defaults/web\n"));
    assertThat(shell.typing("{\"Name\":\"x\"}").run("config", "write", "-").err()).contains("Kind");
    assertThat(shell.typing("Kind = \"a\"\nName = b").run("config", "write", "-"))
        .isEqualTo(
            new Ended(
                1,
                "",
                "Error reading standard input:2:8: expected a value, found b: texts need"
                    + " quotes\n"));
    assertThat(shell.run("config", "delete", "-kind=a").exitCode()).isEqualTo(1);
  }

  @Test
  void definitionsFromFiles() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("web.json"),
            "{\"service\":{\"name\":\"web\",\"port\":80},"
                + "\"services\":[{\"id\":\"db-1\",\"name\":\"db\"}]}");
    agent.answering("PUT /v1/agent/service/register", 200, "");
    agent.answering("PUT /v1/agent/service/deregister/web", 200, "");
    agent.answering("PUT /v1/agent/service/deregister/db-1", 200, "");
    assertThat(printed("services", "register", file.toString()))
        .isEqualTo("Registered service: web\nRegistered service: db\n");
    assertThat(agent.asked)
        .contains("PUT /v1/agent/service/register {\"name\":\"web\",\"port\":80}");
    assertThat(printed("services", "deregister", file.toString()))
        .isEqualTo("Deregistered service: web\nDeregistered service: db-1\n");
    assertThat(shell.typing("{}").run("services", "register", "-").err()).contains("services");
    assertThat(shell.typing("service = 1").run("services", "register", "-").err())
        .contains("standard input:1:11", "the number 1");
    assertThat(shell.run("services", "deregister").err()).contains("--id");
  }
}
