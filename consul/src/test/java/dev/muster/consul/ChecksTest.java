package dev.muster.consul;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.CheckRef;
import dev.muster.registry.catalog.Probe;
import dev.muster.registry.tree.WatchSet;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Definitions of checks, as clients write them, and what becomes of them.
@Timeout(30)
class ChecksTest {
  private static final Probe.Tls VERIFIED = new Probe.Tls(true, false, "");
  private Consul consul;

  @BeforeEach
  void start() throws IOException {
    consul = new Consul();
  }

  @AfterEach
  void close() {
    consul.close();
  }

  private static Probe.Rhythm rhythm(int successes, int critical, int warning) {
    return new Probe.Rhythm(
        Duration.ofHours(1),
        Duration.ofSeconds(2),
        Duration.ofMinutes(3),
        successes,
        critical,
        warning);
  }

  private Probe registered(String definition) {
    String body =
        "{\"Name\":\"c\",\"Interval\":\"1h\",\"timeout\":\"2s\",\"DeregisterCriticalServiceAfter\":\"3m\","
            + definition.replace('\'', '"')
            + "}";
    Consul.Answer answer = consul.put("/v1/agent/check/register", body);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.status()).isEqualTo(200);
    return check("c").probe();
  }

  private Check check(String id) {
    return consul.registry.view().catalog().check(new CheckRef("dev1", id)).orElseThrow();
  }

  @Test
  void everyKindIsReadWithWhatBelongsToIt() {
    assertThat(
            registered(
                "'HTTP':'http://my_host/','Method':'patch','Header':{'A':['1','2']},'Body':'b',"
                    + "'TLSSkipVerify':true,'tls_server_name':'n','DisableRedirects':true,"
                    + "'OutputMaxSize':10,'SuccessBeforePassing':1,'FailuresBeforeWarning':2,"
                    + "'FailuresBeforeCritical':3"))
        .isEqualTo(
            new Probe.Http(
                "http://my_host/",
                "PATCH",
                Map.of("A", List.of("1", "2")),
                "b",
                true,
                rhythm(1, 3, 2),
                "n",
                true,
                10));
    Probe.Rhythm plain = rhythm(0, 0, 0);
    assertThat(registered("'TCP':'h:1'")).isEqualTo(new Probe.Tcp("h:1", plain));
    assertThat(registered("'TCP':'h:1','TCPUseTLS':true,'TLSServerName':'n'"))
        .isEqualTo(new Probe.Tcp("h:1", plain, new Probe.Tls(true, false, "n")));
    assertThat(registered("'UDP':'h:1'")).isEqualTo(new Probe.Udp("h:1", plain));
    assertThat(registered("'grpc':'h:1/a/b','grpc_use_tls':true,'TLSSkipVerify':true"))
        .isEqualTo(new Probe.Grpc("h:1/a/b", plain, new Probe.Tls(true, true, "")));
    assertThat(registered("'H2PING':'h:1'")).isEqualTo(new Probe.H2Ping("h:1", plain, VERIFIED));
    assertThat(registered("'H2PING':'h:1','H2PingUseTLS':false"))
        .isEqualTo(new Probe.H2Ping("h:1", plain, Probe.Tls.NONE));
    assertThat(registered("'os_service':'nginx'")).isEqualTo(new Probe.OsService("nginx", plain));
  }

  @Test
  void anAliasNeedsNoInterval() throws InterruptedException {
    consul.put("/v1/agent/service/register", "{\"Name\":\"web\"}");
    String alias =
        "{\"Name\":\"proxy\",\"Check\":{\"AliasService\":\"web\",\"CheckID\":\"alias\"}}";
    assertThat(consul.put("/v1/agent/service/register", alias).status()).isEqualTo(200);
    assertThat(check("alias").probe()).isEqualTo(new Probe.Alias("", "web", Duration.ZERO));
    awaitOutput("alias", "All checks passing."); // the node's own
    consul.put("/v1/agent/service/maintenance/web?enable=true");
    awaitOutput("alias", "Aliased check \"Service Maintenance Mode\" failing: ");
    assertThat(check("alias").status()).isEqualTo(Check.Status.CRITICAL);
  }

  private void awaitOutput(String id, String output) throws InterruptedException {
    while (true) {
      WatchSet watches = new WatchSet();
      consul.registry.localView().catalog().checksIn(null, watches);
      if (check(id).output().equals(output)) {
        return;
      }
      assertThat(watches.await(TimeUnit.SECONDS.toNanos(10))).as(check(id).output()).isTrue();
    }
  }

  @Test
  void aCheckTellsItsKindItsRhythmAndWhatItFound() throws Exception {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String target = "127.0.0.1:" + socket.getLocalPort();
      registered("'TCP':'" + target + "'");
      awaitOutput("c", "TCP connect " + target + ": Success");
    }
    JsonNode shown = consul.get("/v1/agent/checks").json().path("c");
    assertThat(shown.path("Type").stringValue()).isEqualTo("tcp");
    assertThat(shown.path("Interval").stringValue()).isEqualTo("1h0m0s");
    assertThat(shown.path("Timeout").stringValue()).isEqualTo("2s");
    assertThat(shown.path("Status").stringValue()).isEqualTo("passing");
    registered("'UDP':'127.0.0.1:9'");
    assertThat(consul.get("/v1/agent/checks").json().path("c").path("Type").stringValue())
        .isEqualTo("udp");
  }

  /// The catalog shows what it was told, and runs nothing of it.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "http|'HTTP':'http://h','Method':'PUT','Header':{'A':['1']},'Body':'b',"
            + "'DisableRedirects':true,'TLSSkipVerify':true,'TLSServerName':'n','OutputMaxSize':7",
        "tcp|'TCP':'h:1','TCPUseTLS':true,'TLSServerName':'n'",
        "udp|'UDP':'h:1'",
        "grpc|'GRPC':'h:1/s','GRPCUseTLS':true",
        "h2ping|'H2PING':'h:1','H2PingUseTLS':true,'TLSSkipVerify':true",
        "script|'ScriptArgs':['rm','-r']",
        "os_service|'OSService':'nginx'"
      })
  void theCatalogShowsADefinitionAsItWasGiven(String type, String members) {
    String definition =
        ("{'Interval':'10s','Timeout':'1s','DeregisterCriticalServiceAfter':'1m0s',"
                + members
                + "}")
            .replace('\'', '"');
    String body =
        "{\"Node\":\"n\",\"Address\":\"x\",\"Check\":{\"CheckID\":\"c\",\"Status\":\"passing\","
            + "\"Definition\":"
            + definition
            + "}}";
    assertThat(consul.put("/v1/catalog/register", body).body()).isEqualTo("true\n");
    JsonNode shown = consul.get("/v1/health/node/n").json().get(0);
    assertThat(shown.path("Type").stringValue()).isEqualTo(type);
    assertThat(shown.path("Definition").toString()).isEqualTo(definition);
    assertThat(shown.path("Status").stringValue()).isEqualTo("passing");
  }
}
