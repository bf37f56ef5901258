package dev.muster.conformance.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.conformance.Client;
import dev.muster.conformance.Eventually;
import dev.muster.conformance.ProcessOutput;
import dev.muster.conformance.RunningAgent;
import dev.muster.conformance.Upstream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// HAProxy finds its servers by SRV records, with their weights; `dig` sees the records.
@Timeout(180)
class HaproxyTest {
  @Test
  void serversAndWeightsFollowTheRegistry(@TempDir Path folder) throws Exception {
    Path haproxy = Tool.require("haproxy");
    try (RunningAgent agent = RunningAgent.dev();
        Client api = agent.api();
        Upstream heavy = Upstream.named("heavy");
        Upstream light = Upstream.named("light")) {
      // HAProxy counts weights in units of 256, and less than one as one.
      register(api, heavy, "heavy", 512);
      register(api, light, "light", 1);
      Path socket = folder.resolve("front.sock");
      Path config = folder.resolve("haproxy.cfg");
      Files.writeString(config, config(agent.dnsPort(), socket));
      try (var _ = Daemon.start(folder, haproxy.toString(), "-f", config.toString())) {
        List<String> answers =
            Eventually.holds(
                "both, by their weights",
                () -> answers(socket, 30),
                found -> Collections.frequency(found, "heavy") == 20);
        assertThat(Collections.frequency(answers, "light")).isEqualTo(10);

        api.put("agent/service/maintenance/heavy?enable=true", "").orFail();
        Eventually.holds(
            "the light one only",
            () -> answers(socket, 10),
            found -> Collections.frequency(found, "light") == 10);
      }
    }
  }

  private static String config(int dnsPort, Path socket) {
    return """
    global
      stats timeout 5s
    resolvers muster
      nameserver one 127.0.0.1:%d
      accepted_payload_size 8192
      hold valid 200ms
      timeout resolve 200ms
      timeout retry 200ms
    defaults
      mode http
      timeout connect 2s
      timeout client 10s
      timeout server 10s
    frontend front
      bind unix@%s
      default_backend web
    backend web
      balance roundrobin
      server-template web 4 _web._tcp.service.consul resolvers muster resolve-opts allow-dup-ip \
    resolve-prefer ipv4 init-addr none check inter 200ms
    """
        .formatted(dnsPort, socket);
  }

  private static void register(Client api, Upstream upstream, String id, int weight)
      throws Exception {
    String more = "\"Weights\": {\"Passing\": %d, \"Warning\": 1}".formatted(weight);
    api.put("agent/service/register", upstream.registration("web", id, more)).orFail();
  }

  private static List<String> answers(Path socket, int count) throws Exception {
    List<String> answers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      var curl =
          new ProcessBuilder(
              "curl", "-s", "--unix-socket", socket.toString(), "http://web.example/");
      answers.add(ProcessOutput.of(curl).text());
    }
    return answers;
  }

  @Test
  void digSeesTheRecords() throws Exception {
    Path dig = Tool.require("dig");
    try (RunningAgent agent = RunningAgent.dev();
        Client api = agent.api();
        Upstream one = Upstream.named("one")) {
      register(api, one, "one", 7);
      String port = Integer.toString(agent.dnsPort());
      for (String transport : List.of("+notcp", "+tcp")) {
        var command =
            new ProcessBuilder(
                dig.toString(),
                "@127.0.0.1",
                "-p",
                port,
                "+short",
                transport,
                "_web._tcp.service.consul",
                "SRV");
        assertThat(ProcessOutput.of(command).text())
            .as(transport)
            .isEqualTo("1 7 %d 7f000001.addr.dc1.consul.\n".formatted(one.port()));
      }
    }
  }
}
