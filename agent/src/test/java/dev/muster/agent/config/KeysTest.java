package dev.muster.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.agent.hcl.Place;
import dev.muster.agent.hcl.Value;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The table of keys makes sense in itself.
class KeysTest {
  private static final List<Key> ALL = Keys.all().list();

  @Test
  void aNormalValueIsOneOfItsKind() {
    for (Key key : ALL) {
      if (key.hasNormal()) {
        Value normal = key.kind().ofFlag(new Value.Text(key.normal(), Place.of("table")));
        assertThat(key.kind().problem(normal)).as(key.name()).isEmpty();
      }
    }
  }

  @Test
  void anOldKeyNamesOneThatIsKnown() {
    for (Key key : ALL) {
      if (key.effect() == Key.Effect.OLD) {
        int dot = key.text().lastIndexOf('.');
        String group = dot < 0 ? "" : key.text().substring(0, dot);
        assertThat(Keys.all().find(group, key.text().substring(dot + 1)))
            .as(key.name())
            .isPresent()
            .get()
            .satisfies(found -> assertThat(found.effect()).isNotEqualTo(Key.Effect.OLD));
      }
    }
  }

  @Test
  void everyFlagStandsForOneKey() {
    Set<String> flags = new HashSet<>();
    for (Key key : Keys.all().flags()) {
      assertThat(key.flag()).startsWith("-");
      assertThat(flags.add(key.flag())).as(key.flag()).isTrue();
    }
    assertThat(flags)
        .contains(
            "-dev",
            "-server",
            "-bootstrap",
            "-bootstrap-expect",
            "-bind",
            "-client",
            "-node",
            "-datacenter",
            "-http-port",
            "-https-port",
            "-dns-port",
            "-server-port",
            "-data-dir",
            "-pid-file",
            "-join",
            "-retry-join",
            "-log-level",
            "-log-json",
            "-ui",
            "-domain",
            "-alt-domain",
            "-recursor",
            "-node-meta",
            "-enable-script-checks",
            "-enable-local-script-checks",
            "-advertise",
            "-encrypt",
            "-raft-protocol");
  }

  @Test
  void everyKeyThatToolsPassIsKnown() {
    for (String name :
        List.of(
            "ports.http",
            "ports.https",
            "ports.dns",
            "ports.server",
            "ports.grpc",
            "ports.serf_lan",
            "ports.serf_wan",
            "addresses.http",
            "addresses.https",
            "addresses.dns",
            "node_name",
            "node_meta",
            "datacenter",
            "client_addr",
            "bind_addr",
            "data_dir",
            "server",
            "bootstrap",
            "bootstrap_expect",
            "retry_join",
            "start_join",
            "log_level",
            "enable_script_checks",
            "enable_local_script_checks",
            "enable_debug",
            "acl.enabled",
            "acl.default_policy",
            "acl.tokens.initial_management",
            "acl.tokens.master",
            "acl.tokens.agent",
            "acl.tokens.default",
            "acl_master_token",
            "acl_default_policy",
            "performance.raft_multiplier",
            "session_ttl_min",
            "limits.http_max_conns_per_client",
            "dns_config.service_ttl",
            "recursors",
            "domain",
            "alt_domain",
            "services",
            "service",
            "checks",
            "check",
            "watches",
            "telemetry.prometheus_retention_time",
            "tls.defaults",
            "ca_file",
            "cert_file",
            "key_file",
            "verify_incoming",
            "verify_outgoing",
            "disable_update_check",
            "skip_leave_on_interrupt",
            "leave_on_terminate",
            "ui_config.enabled",
            "connect.enabled",
            "gossip_lan.gossip_nodes",
            "gossip_wan.probe_timeout",
            "encrypt")) {
      int dot = name.lastIndexOf('.');
      String group = dot < 0 ? "" : name.substring(0, dot);
      boolean isKnown =
          Keys.all().find(group, name.substring(dot + 1)).isPresent() || Keys.all().isGroup(name);
      assertThat(isKnown).as(name).isTrue();
    }
  }

  @Test
  void everyKeySaysWhatItIs() {
    for (Key key : ALL) {
      assertThat(key.text()).as(key.name()).isNotBlank();
      boolean isSentence = key.effect() == Key.Effect.YES || key.effect() == Key.Effect.RELOAD;
      assertThat(key.text().endsWith(".")).as(key.name()).isEqualTo(isSentence);
    }
  }
}
