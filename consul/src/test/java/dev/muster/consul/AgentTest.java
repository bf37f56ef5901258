package dev.muster.consul;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.consul.serving.Server;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// What the endpoints do, beyond the forms of their answers.
class AgentTest {
  private final Consul consul = new Consul();

  AgentTest() throws IOException {}

  @AfterEach
  void close() {
    consul.close();
  }

  private JsonNode check(String id) {
    return consul.get("/v1/agent/checks").json().path(id);
  }

  private void ok(Consul.Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
  }

  @Test
  void itselfInTheMembersThatClientsRead() {
    JsonNode self = consul.get("/v1/agent/self").json();
    assertThat(self.propertyNames())
        .containsExactly("Config", "DebugConfig", "Coord", "Member", "Stats", "Meta", "xDS");
    assertThat(self.at("/Config/Datacenter").asString()).isEqualTo("dc1");
    assertThat(self.at("/Config/NodeName").asString()).isEqualTo("dev1");
    assertThat(self.at("/Config/NodeID").asString()).isEqualTo(Consul.SERVER.nodeId());
    assertThat(self.at("/Config/Server").asBoolean()).isTrue();
    assertThat(self.at("/Config/Version").asString()).isEqualTo(Server.CONSUL_VERSION);
    assertThat(self.at("/Member/Addr").asString()).isEqualTo("127.0.0.1");
    assertThat(self.at("/Member/Tags/role").asString()).isEqualTo("consul");
    assertThat(self.at("/Stats/consul/leader").asString()).isEqualTo("true");
    assertThat(self.at("/Stats/raft/state").asString()).isEqualTo("Leader");
    assertThat(self.at("/Coord/Vec").size()).isEqualTo(8);
    JsonNode members = consul.get("/v1/agent/members").json();
    assertThat(members.size()).isEqualTo(1);
    assertThat(members.at("/0/Name").asString()).isEqualTo("dev1");
    assertThat(members.at("/0/Status").asInt()).isEqualTo(1);
  }

  @Test
  void metricsCarryTheCountersOfTheServer() {
    JsonNode metrics = consul.get("/v1/agent/metrics").json();
    assertThat(metrics.path("Timestamp").asString()).isEqualTo("2026-11-22 22:08:00 +0000 UTC");
    assertThat(metrics.at("/Counters/0/Name").asString()).isEqualTo("muster.test");
    assertThat(metrics.at("/Counters/0/Count").asInt()).isEqualTo(7);
    assertThat(metrics.at("/Counters/0/Labels/a").asString()).isEqualTo("b");
  }

  @ParameterizedTest
  @CsvSource({"pass, passing", "warn, warning", "fail, critical"})
  void beats(String verb, String status) {
    ok(consul.put("/v1/agent/service/register", "{\"Name\":\"web\",\"Check\":{\"TTL\":\"60s\"}}"));
    ok(consul.put("/v1/agent/check/" + verb + "/service:web?note=it+is%20so;really"));
    assertThat(check("service:web").path("Status").asString()).isEqualTo(status);
    assertThat(check("service:web").path("Output").asString()).isEqualTo("it is so;really");
  }

  @Test
  void aBeatWithALongOutputIsCut() {
    ok(consul.put("/v1/agent/check/register", "{\"Name\":\"c\",\"TTL\":\"60s\"}"));
    String body = "{\"Status\":\"passing\",\"Output\":\"%s\"}".formatted("x".repeat(10_000));
    ok(consul.put("/v1/agent/check/update/c", body));
    assertThat(check("c").path("Output").asString())
        .isEqualTo("x".repeat(4096) + " ... (captured 4096 of 10000 characters)");
  }

  @Test
  void beatsOfAPassingCheckAreNotWritten() {
    ok(consul.put("/v1/agent/service/register", "{\"Name\":\"web\",\"Check\":{\"TTL\":\"60s\"}}"));
    ok(consul.put("/v1/agent/check/pass/service:web"));
    int written = consul.disk.size();
    for (int i = 0; i < 5; i++) {
      ok(consul.put("/v1/agent/check/pass/service:web"));
    }
    assertThat(consul.disk.size()).isEqualTo(written);
  }

  @Test
  void registeringAgainKeepsTheStateAndAddsNothingToIt() {
    String body = "{\"Name\":\"web\",\"Check\":{\"TTL\":\"60s\"}}";
    ok(consul.put("/v1/agent/service/register", body));
    ok(consul.put("/v1/agent/check/pass/service:web"));
    long index = consul.get("/v1/health/service/web").index();
    ok(consul.put("/v1/agent/service/register", body));
    assertThat(consul.get("/v1/health/service/web?passing").json().size()).isEqualTo(1);
    assertThat(consul.get("/v1/health/service/web").index()).isEqualTo(index);
  }

  @Test
  void checksThatAreNotNamedStayUnlessTheyAreReplaced() {
    ok(
        consul.put(
            "/v1/agent/service/register",
            "{\"Name\":\"web\",\"Checks\":[{\"TTL\":\"60s\"},{\"CheckID\":\"b\",\"TTL\":\"60s\"}]}"));
    String body = "{\"Name\":\"web\",\"Check\":{\"CheckID\":\"b\",\"TTL\":\"60s\"}}";
    ok(consul.put("/v1/agent/service/register", body));
    assertThat(consul.get("/v1/agent/checks").json().propertyNames())
        .containsExactly("b", "service:web:1");
    ok(consul.put("/v1/agent/service/register?replace-existing-checks", body));
    assertThat(consul.get("/v1/agent/checks").json().propertyNames()).containsExactly("b");
  }

  @Test
  void maintenanceTakesAnInstanceOutAndBack() {
    ok(consul.put("/v1/agent/service/register", "{\"Name\":\"web\"}"));
    ok(consul.put("/v1/agent/service/maintenance/web?enable=true&reason=up"));
    assertThat(consul.get("/v1/health/service/web?passing").json().size()).isZero();
    assertThat(check("_service_maintenance:web").path("Notes").asString()).isEqualTo("up");
    assertThat(check("_service_maintenance:web").path("Type").asString()).isEqualTo("maintenance");
    ok(consul.put("/v1/agent/service/maintenance/web?enable=true&reason=down"));
    assertThat(check("_service_maintenance:web").path("Notes").asString()).isEqualTo("down");
    ok(consul.put("/v1/agent/service/maintenance/web?enable=False"));
    ok(consul.put("/v1/agent/service/maintenance/web?enable=0"));
    assertThat(consul.get("/v1/health/service/web?passing").json().size()).isEqualTo(1);
    ok(consul.put("/v1/agent/maintenance?enable=1"));
    assertThat(check("_node_maintenance").path("Notes").asString()).contains("no reason");
    assertThat(consul.get("/v1/health/service/web?passing").json().size()).isZero();
    ok(consul.put("/v1/agent/maintenance?enable=false"));
    assertThat(consul.get("/v1/health/service/web?passing").json().size()).isEqualTo(1);
  }

  /// Any server is asked about any instance, as long as its id means only one.
  @Test
  void instancesOfOtherNodesAreReachedByTheirId() {
    for (String node : List.of("n2", "n3")) {
      consul.put(
          "/v1/catalog/register",
          """
          {"Node":"%s","Address":"10.0.0.2","Service":{"ID":"both","Service":"db"}}
          """
              .formatted(node));
    }
    consul.put(
        "/v1/catalog/register",
        "{\"Node\":\"n2\",\"Address\":\"10.0.0.2\",\"Service\":{\"ID\":\"one\",\"Service\":\"db\"}}");
    ok(consul.get("/v1/agent/service/one"));
    assertThat(consul.get("/v1/agent/service/both").status()).isEqualTo(404);
    ok(consul.put("/v1/agent/service/deregister/one"));
    assertThat(consul.get("/v1/catalog/service/db").json().size()).isEqualTo(2);
  }

  @Test
  void anExternalCheckIsSetByTheCatalog() {
    for (String status : List.of("passing", "critical", "warning")) {
      consul.put(
          "/v1/catalog/register",
          """
          {"Node":"n2","Address":"10.0.0.2","Service":{"Service":"db"},
           "Check":{"CheckID":"c","Name":"c","ServiceID":"db","Status":"%s"}}
          """
              .formatted(status));
      assertThat(consul.get("/v1/health/checks/db").json().at("/0/Status").asString())
          .isEqualTo(status);
    }
  }

  @Test
  void theContentHashChangesWithTheDefinitionOnly() {
    ok(consul.put("/v1/agent/service/register", "{\"Name\":\"web\",\"Check\":{\"TTL\":\"60s\"}}"));
    String hash = consul.get("/v1/agent/service/web").header("X-Consul-ContentHash");
    assertThat(hash).matches("[0-9a-f]{16}");
    ok(consul.put("/v1/agent/check/pass/service:web"));
    assertThat(consul.get("/v1/agent/service/web").header("X-Consul-ContentHash")).isEqualTo(hash);
    ok(consul.put("/v1/agent/service/register", "{\"Name\":\"web\",\"Port\":1}"));
    assertThat(consul.get("/v1/agent/service/web").header("X-Consul-ContentHash"))
        .isNotEqualTo(hash);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"3304740253564472344", "16210313421097356768", "18446744073709551615", "0"})
  void flagsAreWholeUnsignedNumbers(String flags) {
    consul.put("/v1/kv/lock?flags=" + flags, "me");
    assertThat(consul.get("/v1/kv/lock").body()).contains("\"Flags\": " + flags + ",");
  }

  @Test
  void valuesComeBackAsTheyWere() {
    consul.put("/v1/kv/a%2Fb%20%C3%BC", "line\nü");
    assertThat(consul.get("/v1/kv/a/b%20%C3%BC?raw").body()).isEqualTo("line\nü");
    JsonNode entry = consul.get("/v1/kv/a/?recurse=1").json().get(0);
    assertThat(entry.path("Key").asString()).isEqualTo("a/b ü");
    assertThat(Base64.getDecoder().decode(entry.path("Value").asString()))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("line\nü");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "?keys|a,b/c/1,b/c/2,b/d",
        "?keys&separator=/|a,b/",
        "?keys&seperator=/|a,b/",
        "b/?keys&separator=/|b/c/,b/d",
        "b?keys&separator=/|b/",
        "?keys=&separator=c/|a,b/c/,b/d",
        "b/c?keys|b/c/1,b/c/2"
      })
  void namesOfKeysFoldAtTheSeparator(String query, String names) {
    for (String key : List.of("a", "b/c/1", "b/c/2", "b/d")) {
      consul.put("/v1/kv/" + key, "v");
    }
    assertThat(consul.get("/v1/kv/" + query).json().valueStream().map(JsonNode::asString))
        .containsExactly(names.split(","));
  }

  @Test
  void comparingAndSettingAndDeleting() {
    assertThat(consul.put("/v1/kv/a?cas=0", "1").body()).isEqualTo("true\n");
    assertThat(consul.put("/v1/kv/a?cas=0", "2").body()).isEqualTo("false\n");
    long index = consul.get("/v1/kv/a").json().at("/0/ModifyIndex").asLong();
    assertThat(consul.put("/v1/kv/a?cas=" + index, "2").body()).isEqualTo("true\n");
    assertThat(consul.delete("/v1/kv/a?cas=" + index).body()).isEqualTo("false\n");
    assertThat(consul.get("/v1/kv/a?raw").body()).isEqualTo("2");
    assertThat(consul.delete("/v1/kv/?recurse").body()).isEqualTo("true\n");
    assertThat(consul.get("/v1/kv/?keys").body()).isEqualTo("[]\n");
  }

  @Test
  void optionsListsTheMethods() {
    Consul.Answer answer = consul.send("OPTIONS", "/v1/agent/service/register", "");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Allow")).isEqualTo("OPTIONS,PUT");
    assertThat(answer.header("X-Consul-Default-Acl-Policy")).isEqualTo("allow");
    assertThat(consul.send("HEAD", "/v1/kv/a", "").status()).isEqualTo(405);
  }
}
