package dev.muster.conformance.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.conformance.Client;
import dev.muster.conformance.Eventually;
import dev.muster.conformance.RunningAgent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Patroni elects PostgreSQL's primary by a lock here: when that one is killed, the replica holds
// it.
@Timeout(300)
class PatroniTest {
  @Test
  void theReplicaTakesOverWhenThePrimaryIsKilled(@TempDir Path folder) throws Exception {
    Path patroni = Tool.require("patroni");
    Path binaries = postgres();
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    try (RunningAgent agent = RunningAgent.dev();
        Client api = agent.api();
        Member one = Member.start("one", patroni, binaries, folder, agent)) {
      leader(api, "one");
      try (Member _ = Member.start("two", patroni, binaries, folder, agent)) {
        Eventually.holds(
            "streaming from the primary",
            () -> api.get("kv/service/shop/members/two?raw").body(),
            member -> member.contains("\"state\":\"running\""));
        assertThat(api.get("session/list").json().size()).isGreaterThanOrEqualTo(2);

        one.kill9();
        leader(api, "two");
        Eventually.holds(
            "promoted",
            () -> api.get("kv/service/shop/members/two?raw").body(),
            member -> member.contains("\"role\":\"master\"") || member.contains("\"primary\""));
      }
    }
  }

  private static void leader(Client api, String name) {
    Eventually.holds(
        name + " leads",
        () -> api.get("kv/service/shop/leader?raw").body(),
        leader -> leader.equals(name));
  }

  private static Path postgres() throws IOException {
    Path versions = Path.of("/usr/lib/postgresql");
    if (Files.isDirectory(versions)) {
      try (var found = Files.list(versions)) {
        var binaries =
            found.map(it -> it.resolve("bin")).filter(it -> Files.exists(it.resolve("initdb")));
        var first = binaries.findFirst();
        if (first.isPresent()) {
          return first.get();
        }
      }
    }
    return Tool.require("initdb");
  }

  /// One of the cluster: Patroni and the PostgreSQL that it runs, neither of them as root.
  private record Member(Daemon daemon) implements AutoCloseable {
    static Member start(String name, Path patroni, Path binaries, Path folder, RunningAgent agent)
        throws IOException {
      Path config = folder.resolve(name + ".yml");
      Path data = folder.resolve(name);
      String yaml =
          """
          scope: shop
          name: %1$s
          restapi: {listen: "127.0.0.1:%2$d", connect_address: "127.0.0.1:%2$d"}
          consul: {host: "%3$s", register_service: true}
          bootstrap:
            dcs: {ttl: 20, loop_wait: 1, retry_timeout: 3}
            initdb: [{encoding: UTF8}, {auth: trust}]
            pg_hba: ["local all all trust", "host all all 127.0.0.1/32 trust", "host replication \
          all 127.0.0.1/32 trust"]
          postgresql:
            listen: 127.0.0.1:%4$d
            connect_address: 127.0.0.1:%4$d
            data_dir: %5$s
            bin_dir: %6$s
            pgpass: %7$s
            authentication:
              superuser: {username: postgres, password: unused}
              replication: {username: replicator, password: unused}
            parameters: {unix_socket_directories: "%8$s", fsync: "off", shared_buffers: 16MB}
          """
              .formatted(
                  name,
                  freePort(),
                  agent.httpAddress(),
                  freePort(),
                  data,
                  binaries,
                  folder.resolve(name + ".pass"),
                  folder);
      Files.writeString(config, yaml);
      List<String> command = new ArrayList<>();
      if (System.getProperty("user.name").equals("root")) {
        command.addAll(
            List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
      }
      command.addAll(List.of(patroni.toString(), config.toString()));
      var environment = Map.of("HOME", folder.toString(), "PATH", "/usr/bin:/bin:" + binaries);
      return new Member(Daemon.start(folder, environment, command.toArray(String[]::new)));
    }

    private static int freePort() throws IOException {
      try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      }
    }

    void kill9() {
      daemon.kill9();
    }

    @Override
    public void close() {
      daemon.close();
    }
  }
}
