// Cap lifted: every key with its default, its value and its mistakes, in one place
package dev.muster.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.muster.agent.hcl.Document.Format;
import dev.muster.balancer.config.AccessLogConfig;
import dev.muster.balancer.config.Telemetry;
import dev.muster.dns.DnsConfig;
import dev.muster.health.probe.ScriptChecks;
import dev.muster.http.HttpTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  private static final Path TLS = Path.of("../http/src/test/resources/dev/muster/http/tls");

  @TempDir Path folder;

  private Sources dev() {
    return Sources.dev(folder);
  }

  @Test
  void everyDefault() {
    assertThat(dev().config())
        .isEqualTo(
            new AgentConfig(
                true,
                new AgentConfig.Identity("host-1", Optional.empty(), "dc1", Map.of()),
                Optional.empty(),
                new AgentConfig.Listening(
                    List.of("127.0.0.1"),
                    List.of("127.0.0.1"),
                    List.of("127.0.0.1"),
                    List.of("127.0.0.1"),
                    "127.0.0.1",
                    Optional.empty(),
                    Optional.empty()),
                new AgentConfig.Ports(8500, -1, 8600, 8300, 8080),
                new AgentConfig.Api(
                    Map.of(),
                    List.of(),
                    List.of(),
                    524_288,
                    524_288,
                    200,
                    Duration.ofSeconds(10),
                    Optional.empty()),
                DnsConfig.defaults(),
                ScriptChecks.NONE,
                new AgentConfig.Balancing(
                    Runtime.getRuntime().availableProcessors(),
                    Optional.empty(),
                    false,
                    Duration.ofSeconds(60),
                    Duration.ofMinutes(5),
                    50),
                Telemetry.off(),
                new AgentConfig.Log("info", false),
                Optional.empty(),
                Definitions.NONE));
    assertThat(dev().warnings()).isEmpty();
  }

  @Test
  void everyKeyThatIsObeyed() {
    String id = "a7d5ad4a-29be-46a5-a9d5-0b3f1b8a7a11";
    Sources sources =
        new Sources(folder)
            .file(
                "all.hcl",
                """
                node_name = "n-1"  node_id = "%s"  datacenter = "East"  data_dir = "/var/x"
                node_meta { rack = "7" }  session_ttl_min = "3s"  unix_sockets { mode = "0751" }
                client_addr = "0.0.0.0 ::1"  addresses { http = "127.0.0.2 unix:///run/x" dns = "127.0.0.3" }
                bind_addr = "::1"  advertise_addr = "10.0.0.1"
                log_level = "ERROR"  log_json = true  pid_file = "/run/x.pid"
                server = true  bootstrap = true  bootstrap_expect = 1  consensus = "raft"
                ports { http = 1 https = 2 dns = -1 server = 0 balancer = 65535 }
                balancer {
                  threads = 3 config = "/etc/nginx.conf" warning_is_routable = true
                  drain_deadline = "5s" keep_last_good = "0s" keep_last_good_loss = 90
                  trace_ratio = 0.25
                  access_log = "/var/access.log"  access_log_format = "json"
                }
                telemetry { otlp_endpoint = "http://collector:4318" }
                http_config {
                  response_headers { X-Frame-Options = "DENY" }
                  allow_write_http_from = ["10.0.0.0/8"]
                  block_endpoints = ["/v1/agent/force-leave"]
                }
                limits { kv_max_value_size = 700000 txn_max_req_len = 5 http_max_conns_per_client = 0 }
                tls {
                  defaults { cert_file = "TLS/ec-sec1.pem" key_file = "k" ca_file = "TLS/authority.pem" }
                  https { key_file = "TLS/ec-sec1.key" verify_incoming = true }
                }
                enable_local_script_checks = true
                domain = "Example."  alt_domain = "alt"  recursors = ["10.0.0.1", "[::1]:5353"]
                dns_config {
                  node_ttl = "10s" only_passing = true udp_answer_limit = 5 allow_stale = false
                  service_ttl { "*" = "5s" web = "1m" }
                  soa { min_ttl = 7 }
                }
                """
                    .formatted(id)
                    .replace("TLS", TLS.toString()));
    assertThat(sources.config())
        .isEqualTo(
            new AgentConfig(
                false,
                new AgentConfig.Identity("n-1", Optional.of(id), "east", Map.of("rack", "7")),
                Optional.of(Path.of("/var/x")),
                new AgentConfig.Listening(
                    List.of("0.0.0.0", "0:0:0:0:0:0:0:1"),
                    List.of("127.0.0.2", "unix:///run/x"),
                    List.of("0.0.0.0", "0:0:0:0:0:0:0:1"),
                    List.of("127.0.0.3"),
                    "0:0:0:0:0:0:0:1",
                    Optional.of("10.0.0.1"),
                    Optional.of(PosixFilePermissions.fromString("rwxr-x--x"))),
                new AgentConfig.Ports(1, 2, -1, 0, 65535),
                new AgentConfig.Api(
                    Map.of("X-Frame-Options", "DENY"),
                    List.of(Network.of("10.0.0.0/8").orElseThrow()),
                    List.of("/v1/agent/force-leave"),
                    700_000,
                    700_000,
                    0,
                    Duration.ofSeconds(3),
                    Optional.of(
                        new HttpTls(
                            TLS.resolve("ec-sec1.pem"),
                            TLS.resolve("ec-sec1.key"),
                            TLS.resolve("authority.pem")))),
                dns(),
                ScriptChecks.LOCAL,
                new AgentConfig.Balancing(
                    3,
                    Optional.of(Path.of("/etc/nginx.conf")),
                    true,
                    Duration.ofSeconds(5),
                    Duration.ZERO,
                    90),
                new Telemetry(
                    List.of(
                        AccessLogConfig.of("/var/access.log", new AccessLogConfig.Format.Json())),
                    0.25,
                    Optional.of(URI.create("http://collector:4318"))),
                new AgentConfig.Log("err", true),
                Optional.of(Path.of("/run/x.pid")),
                Definitions.NONE));
  }

  private static DnsConfig dns() {
    DnsConfig usual = DnsConfig.defaults();
    return new DnsConfig(
        "east",
        "example.",
        Optional.of("alt"),
        new DnsConfig.Ttls(
            Duration.ofSeconds(10),
            Map.of("*", Duration.ofSeconds(5), "web", Duration.ofMinutes(1))),
        new DnsConfig.Answering(true, true, 0, 5, false, true),
        new DnsConfig.Soa(
            usual.soa().refresh(),
            usual.soa().retry(),
            usual.soa().expire(),
            Duration.ofSeconds(7)),
        new DnsConfig.Recursion(
            List.of(new InetSocketAddress("10.0.0.1", 53), new InetSocketAddress("::1", 5353)),
            DnsConfig.RecursorStrategy.SEQUENTIAL,
            Duration.ofSeconds(2)),
        false,
        usual.limits());
  }

  @Test
  void laterFilesWinAndFlagsWinOverAll() {
    Sources sources =
        dev()
            .flag("-data-dir", "flag")
            .flag("-http-port", "5")
            .flag("-http-port", "6")
            .file("a.json", "{\"ports\":{\"http\":1,\"dns\":2},\"data_dir\":\"a\"}")
            .file("b.hcl", "ports { http = 3 server = 4 }");
    assertThat(sources.config().ports()).isEqualTo(new AgentConfig.Ports(6, -1, 2, 4, 8080));
    assertThat(sources.config().dataFolder()).contains(Path.of("flag"));
  }

  @Test
  void listsAreAppendedFlagsFirstAndMapsReplaced() {
    Sources sources =
        dev()
            .file("a.hcl", "retry_join = [\"10.0.0.1\"] node_meta { a = \"1\" b = \"2\" }")
            .file("b.hcl", "retry_join = [\"10.0.0.2\"] node_meta { c = \"3\" }")
            .flag("-retry-join", "10.0.0.3");
    assertThat(sources.problems())
        .extracting(problem -> problem.replaceFirst(".*\"(10[^\"]*)\".*", "$1"))
        .containsExactly("10.0.0.3", "10.0.0.1", "10.0.0.2");
    Sources metas =
        dev()
            .file("c.hcl", "node_meta { a = \"1\" b = \"2\" }")
            .file("d.hcl", "node_meta { c = \"3\" }\nnode_meta { d = \"4\" }");
    assertThat(metas.config().identity().nodeMeta()).isEqualTo(Map.of("c", "3", "d", "4"));
    metas.flag("-node-meta", "x:1").flag("-node-meta", "y:2:3");
    assertThat(metas.config().identity().nodeMeta()).isEqualTo(Map.of("x", "1", "y", "2:3"));
  }

  @Test
  void aFolderGivesItsFilesInTheOrderOfTheirNames() throws IOException {
    Path conf = Files.createDirectory(folder.resolve("conf.d"));
    Files.writeString(conf.resolve("20.hcl"), "node_name = \"later\"");
    Files.writeString(conf.resolve("10.json"), "{\"node_name\":\"sooner\",\"datacenter\":\"a\"}");
    Files.writeString(conf.resolve("30.txt"), "no configuration");
    Files.createDirectories(conf.resolve("40.hcl/deeper.hcl"));
    Sources sources = dev();
    sources.settings.add(conf);
    assertThat(sources.config().identity().nodeName()).isEqualTo("later");
    assertThat(sources.config().identity().datacenter()).isEqualTo("a");
  }

  @Test
  void theFormatMayBeGiven() {
    Sources sources = dev().file("a.json", "node_name = \"x\"");
    assertThat(sources.problems())
        .singleElement()
        .asString()
        .startsWith("a.json:1:1: this is not JSON");
    sources.settings.setFormat(Format.HCL);
    assertThat(sources.config().identity().nodeName()).isEqualTo("x");
  }

  @Test
  void piecesFromTheCommandLine() {
    Sources sources = dev().file("a.hcl", "node_name = \"x\"");
    sources.settings.addFragment("-hcl", "node_name = \"y\" ports { http = 7 }");
    assertThat(sources.config().identity().nodeName()).isEqualTo("y");
    sources.settings.addFragment("-hcl", "ports { htp = 7 }");
    assertThat(sources.problems())
        .containsExactly(
            "flag -hcl:1:9: there is no key \"ports.htp\"; did you mean \"ports.http\"?");
  }

  @Test
  void allProblemsOfAllSourcesTogetherEachWithItsPlace() {
    Sources sources =
        new Sources(folder)
            .file(
                "a.hcl",
                """
                node_name = "a b"
                ports {
                  htp = 1
                  server = 70000
                }
                log_level = "loud"
                bootstrap_expect = 3
                server = false
                """)
            .file("b.json", "{\"ports\": {\"http\": }}")
            .file("c.json", "{\n \"telemetri\": 1,\n \"acl\": {\"enabled\": true}\n}")
            .flag("-bind", "here")
            .flag("-balancer-threads", "many")
            .flag("-log-json", "maybe")
            .flag("-node-meta", "nothing");
    sources.settings.add(folder.resolve("none.json"));
    assertThat(sources.problems())
        .containsExactlyInAnyOrder(
            "a.hcl:1:1: node_name: \"a b\" is not 1 to 63 of A-Z a-z 0-9 . _ -",
            "a.hcl:3:3: there is no key \"ports.htp\"; did you mean \"ports.http\"?",
            "a.hcl:4:3: ports.server: the number 70000 is not a whole number from -1 to 65535",
            "a.hcl:6:1: log_level: \"loud\" is not trace, debug, info, warn or err",
            "a.hcl:7:1: bootstrap_expect: groups of several servers are not supported yet; use 1",
            "a.hcl:8:1: server: every agent is a server; leave it out, or true",
            "b.json:1:20: this is not JSON: Unexpected character ('}' (code 125)): expected a"
                + " value",
            "c.json:2:2: there is no key \"telemetri\"; did you mean \"telemetry\"?",
            "c.json:3:10: acl.enabled: access control lists are not supported yet, so every request"
                + " would be let through; take it out, or false",
            "none.json: does not exist",
            "no folder to keep state in: give -data-dir FOLDER, or -dev for a temporary one",
            "flag -bind: bind_addr: \"here\" is not an IP address such as 127.0.0.1 or 0.0.0.0",
            "flag -balancer-threads: balancer.threads: \"many\" is not a whole number from 1 to"
                + " 1024",
            "flag -log-json: log_json: \"maybe\" is not true or false",
            "flag -node-meta: node_meta: \"nothing\" is not key:value");
  }

  @ParameterizedTest
  @CsvSource({
    "node_nam, node_name",
    "nodename, node_name",
    "data-dir, data_dir",
    "port, ports",
    "datacentre, datacenter",
    "gosip_lan, gossip_lan",
    "retryjoin, retry_join",
    "servces, services"
  })
  void anUnknownKeyIsAnsweredWithTheNearest(String key, String nearest) {
    assertThat(dev().file("a.hcl", key + " = 1").problems())
        .containsExactly(
            "a.hcl:1:1: there is no key \"" + key + "\"; did you mean \"" + nearest + "\"?");
  }

  @ParameterizedTest
  @CsvSource({
    "balancer { thread = 1 }, balancer.thread, balancer.threads",
    "ports { htps = 1 }, ports.htps, ports.https",
    "acl { tokens { defalt = 1 } }, acl.tokens.defalt, acl.tokens.default",
    "telemetry { statsd_adress = 1 }, telemetry.statsd_adress, telemetry.statsd_address"
  })
  void soIsOneOfAGroup(String text, String key, String nearest) {
    assertThat(dev().file("a.hcl", text).problems())
        .singleElement()
        .asString()
        .endsWith("there is no key \"" + key + "\"; did you mean \"" + nearest + "\"?");
  }

  @Test
  void aKeyLikeNoOtherIsAnsweredWithoutAGuess() {
    assertThat(
            dev().file("a.json", "{\"watermelons\":{}, \"ports\":{\"raspberries\":1}}").problems())
        .containsExactly(
            "a.json:1:2: there is no key \"watermelons\"",
            "a.json:1:29: there is no key \"ports.raspberries\"");
  }

  @Test
  void caseAndNullsAndEmptyGroupsDoNotMatter() {
    Sources sources =
        dev().file("a.json", "{\"Ports\":{\"HTTP\":1}, \"addresses\":{}, \"node_name\":null}");
    assertThat(sources.config().ports().http()).isEqualTo(1);
    assertThat(sources.config().identity().nodeName()).isEqualTo("host-1");
    assertThat(sources.warnings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "consensus = \"paxos\" | consensus: \"raft\" is the only engine",
        "log_json = \"true\" | log_json: \"true\" is not true or false",
        "ports { http = \"80\" } | ports.http: \"80\" is not a whole number",
        "ports { http = 8.5 } | ports.http: the number 8.5 is not a whole number",
        "ports = 1 | ports: the number 1 is not a group of keys",
        "datacenter = \"a/b\" | datacenter: \"a/b\" is not 1 to 63",
        "datacenter = \"a.b\" | datacenter: \"a.b\" is not 1 to 63 of A-Z a-z 0-9 _ -",
        "datacenter = [\"a\"] | datacenter: a list is not one text",
        "datacenter = 7 | datacenter: the number 7 is not one text",
        "client_addr = \"localhost\" | client_addr: \"localhost\" is not an IP address",
        "client_addr = \"127.0.0.1 1.2.3.400\" | client_addr: \"1.2.3.400\" is not an IP",
        "client_addr = \"{{ GetPrivateIP }}\" | client_addr: templates of go-sockaddr such as {{",
        "bind_addr = \"{{ GetInterfaceIP \\\"eth0\\\" }}\" | bind_addr: templates of go-sockaddr",
        "addresses { dns = \"unix:///x\" } | addresses.dns: only addresses.http and"
            + " addresses.https",
        "ports { https = 0 } | ports.https: HTTPS needs tls.defaults.cert_file",
        "domain = \"a..b\" | domain: ",
        "recursors = [\"ns\"] | recursors: \"ns\" is not an address",
        "dns_config { recursor_strategy = \"x\" } | strategy: \"x\" is not sequential or random",
        "dns_config { service_ttl { web = \"x\" } } | dns_config.service_ttl: web: \"x\" is not a",
        "dns_config { service_ttl { \"*\" = \"-1s\" } } | service_ttl: *: \"-1s\" is not 0s to",
        "dns_config { node_ttl = \"-1s\" } | dns_config.node_ttl: \"-1s\" is not 0s to 2147483647s",
        "dns_config { node_ttl = \"1000000h\" } | dns_config.node_ttl: \"1000000h\" is not 0s to",
        "dns_config { recursor_timeout = \"0s\" } | timeout: \"0s\" is not 1ms to 3600s",
        "dns_config { recursor_timeout = \"61m\" } | timeout: \"61m\" is not 1ms to 3600s",
        "unix_sockets { mode = \"0798\" } | unix_sockets.mode: \"0798\" is not three octal",
        "session_ttl_min = \"-5s\" | session_ttl_min: \"-5s\" is not 1ms to 86400s",
        "retry_join = \"a\" | retry_join: \"a\" is not a list of texts",
        "retry_join = [1] | retry_join: a list is not a list of texts",
        "node_meta { a = 1 } | node_meta: a group of keys is not a group of texts",
        "node_meta { \"a b\" = \"1\" } | node_meta: \"a b\": keys are 1-128 of",
        "node_meta { consul-x = \"1\" } | node_meta: \"consul-x\": consul-… are the server's own",
        "node_id = \"7\" | node_id: \"7\" is not a UUID",
        "acl_datacenter = \"dc1\" | acl_datacenter: it enables access control lists",
        "retry_interval = \"soon\" | retry_interval: \"soon\" is not a duration",
        "retry_join = [\"10.0.0.9\"] | retry_join: \"10.0.0.9\": groups of several servers",
        "start_join = [\"[fd00::1]:8301\"] | start_join: \"[fd00::1]:8301\": groups of several",
        "http_config { allow_write_http_from = [\"10.0.0.1\"] } | from: \"10.0.0.1\" is not a"
            + " network",
        "http_config { response_headers { \"a:\" = \"1\" } } | headers: \"a:\" is no header",
        "partition = \"x\" | partition: partitions are a feature of Consul's commercial"
      })
  void valuesThatCannotBe(String text, String problem) {
    assertThat(dev().file("a.hcl", text).problems())
        .singleElement()
        .asString()
        .startsWith("a.hcl:1:")
        .contains(problem);
  }

  @Test
  void filesOfTlsAreLookedAtWithTheRest() throws IOException {
    Files.writeString(folder.resolve("half.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n");
    Files.writeString(folder.resolve("key.pem"), "nothing");
    String file =
        """
        ports { https = 0 }
        tls {
          defaults {
            cert_file = "DIR/half.pem"
            key_file = "DIR/none.pem"
          }
          https {
            key_file = "DIR/key.pem"
            ca_file = "DIR/none.pem"
            verify_incoming = true
          }
        }
        node_nam = "x"
        """
            .replace("DIR", folder.toString());
    List<String> problems = dev().file("a.hcl", file).problems();
    assertThat(problems)
        .hasSize(4)
        .contains(
            "a.hcl:8:5: tls.https.key_file: there is no private key in PEM in key.pem",
            "a.hcl:9:5: tls.https.ca_file: there is no file none.pem",
            "a.hcl:13:1: there is no key \"node_nam\"; did you mean \"node_name\"?")
        .anySatisfy(
            it ->
                assertThat(it)
                    .startsWith("a.hcl:4:5: tls.defaults.cert_file: half.pem has no certificate"));
    // Off, it is nobody's business.
    assertThat(dev().file("a.hcl", file.replace("https = 0", "https = -1")).problems())
        .singleElement()
        .asString()
        .contains("node_nam");
  }

  @Test
  void whatHasNoEffectIsAcceptedWithOneWarningEach() {
    Sources sources =
        dev()
            .file(
                "a.hcl",
                """
                gossip_lan { gossip_nodes = 3 probe_interval = "1s" }
                encrypt = "x"
                connect { enabled = true }
                telemetry {
                  statsd_address = "a"
                  prometheus_retention_time = "30s"
                }
                encrypt = "y"
                watches = [{ type = "key" }]
                retry_join = ["127.0.0.1:8301"]
                performance { raft_multiplier = 1 }
                """)
            .flag("-ui", "true");
    assertThat(sources.warnings())
        .containsExactlyInAnyOrder(
            "a.hcl:1:14: gossip_lan has no effect: there is no gossip here",
            "a.hcl:8:1: encrypt has no effect: there is no gossip to encrypt",
            "a.hcl:8:1: encrypt was given in line 2 already; this one holds",
            "a.hcl:3:11: connect.enabled has no effect: there is no mesh here",
            "a.hcl:5:3: telemetry.statsd_address has no effect: numbers are asked for at"
                + " /v1/agent/metrics and sent to nobody",
            "a.hcl:6:3: telemetry.prometheus_retention_time has no effect: numbers are asked for at"
                + " /v1/agent/metrics and sent to nobody",
            "a.hcl:9:11: watches has no effect: handlers are run by `muster watch`, not by the"
                + " server",
            "a.hcl:10:15: retry_join has no effect: a server has no need to join itself",
            "a.hcl:11:15: performance.raft_multiplier has no effect: elections are timed by the"
                + " consensus engine",
            "flag -ui: ui has no effect: there is no user interface yet");
  }

  @Test
  void whatHoldsAnywayNeedsNoWarning() {
    Sources sources =
        dev()
            .file(
                "a.hcl",
                """
                disable_update_check = true  leave_on_terminate = true  skip_leave_on_interrupt = true
                acl { enabled = false }  connect { enabled = false }  ports { grpc = -1 }
                max_query_time = "10m"  limits { kv_max_value_size = 524288 }  bootstrap_expect = 1
                """)
            .flag("-bootstrap", "true")
            .flag("-server", "true");
    assertThat(sources.warnings()).isEmpty();
  }

  @Test
  void oldNamesAreKnown() {
    Sources sources =
        dev()
            .file(
                "a.hcl",
                "acl_master_token = \"x\"\n"
                    + "acl_default_policy = \"deny\"\n"
                    + "non_voting_server = true");
    assertThat(sources.warnings())
        .containsExactly(
            "a.hcl:1:1: acl_master_token has no effect: access control is off",
            "a.hcl:2:1: acl_default_policy has no effect: access control is off",
            "a.hcl:3:1: non_voting_server has no effect: every server votes");
  }

  @Test
  void whatChangedAndHasToWaitIsNamed() {
    Sources before =
        dev().file("a.hcl", "datacenter = \"a\" log_level = \"info\" node_name = \"x\"");
    Reading started = before.settings.read();
    before.file("a.hcl", "datacenter = \"b\"\nlog_level = \"debug\"\nports { http = 8500 }");
    assertThat(before.settings.read().waiting(started))
        .extracting(text -> text.replace(folder + "/", ""))
        .containsExactly(
            "a.hcl:1:1: datacenter changed: takes effect at the next start",
            "a.hcl:1:37: node_name changed: takes effect at the next start");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pid_file", "data_dir"})
  void aPathThatIsNone(String key) {
    assertThat(dev().file("a.json", "{\"" + key + "\": \"a\\u0000b\"}").problems())
        .singleElement()
        .asString()
        .startsWith("a.json:1:2: " + key + ": ");
  }

  @Test
  void aFileMayBeCheckedThatIsNotEnoughForAServer() {
    Sources sources = new Sources(folder).file("a.hcl", "service { name = \"web\" }");
    assertThat(sources.settings.check().config().definitions().services()).hasSize(1);
    assertThat(sources.problems()).singleElement().asString().startsWith("no folder to keep state");
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.0.1, true",
    "10.0.0.0/8, 11.0.0.1, false",
    "192.168.4.0/22, 192.168.7.255, true",
    "192.168.4.0/22, 192.168.8.0, false",
    "0.0.0.0/0, 1.2.3.4, true",
    "0.0.0.0/0, ::1, false",
    "fd00::/8, fd12::1, true",
    "127.0.0.1/32, 127.0.0.2, false"
  })
  void aNetworkHoldsItsAddresses(String network, String address, boolean contains)
      throws IOException {
    assertThat(Network.of(network).orElseThrow().contains(InetAddress.getByName(address)))
        .isEqualTo(contains);
  }

  @Test
  void aHostNameThatIsNoNodeNameAsksForOne() {
    var settings = new Settings("host name");
    settings.addFlag("-dev", Keys.all().get("dev_mode"), "true");
    InvalidConfiguration problem = catchThrowableOfType(InvalidConfiguration.class, settings::read);
    assertThat(problem.report()).startsWith("default: node_name: \"host name\" is not 1 to 63");
  }
}
