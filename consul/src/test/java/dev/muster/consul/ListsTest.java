package dev.muster.consul;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// What requests say about which elements of a list they want, and in which order.
class ListsTest {
  private static Consul consul;

  @BeforeAll
  static void start() throws IOException {
    consul = new Consul();
    register("alpha", "10.0.0.1", "r1", "web", "v1", 80, "passing");
    register("beta", "10.0.0.2", "r2", "web", "v2", 81, "critical");
    register("gamma", "127.0.0.1", "r2", "db", "v1", 82, "passing");
    consul.put(
        "/v1/agent/service/register",
        """
        {"Name":"own","Tags":["here"],"Port":9,"Meta":{"a_b":"c"},
         "Check":{"CheckID":"beat","TTL":"1h","Status":"warning"}}
        """);
    consul.put("/v1/agent/service/register", "{\"Name\":\"other\"}");
  }

  private static void register(
      String node,
      String address,
      String rack,
      String service,
      String tag,
      int port,
      String state) {
    Consul.Answer answer =
        consul.put(
            "/v1/catalog/register",
            """
            {"Node":"%s","Address":"%s","NodeMeta":{"rack":"%s"},
             "Service":{"Service":"%s","Tags":["%s","all"],"Port":%d},
             "Check":{"CheckID":"c-%s","Name":"c","Status":"%s","ServiceID":"%s"}}
            """
                .formatted(node, address, rack, service, tag, port, node, state, service));
    assertThat(answer.body()).isEqualTo("true\n");
  }

  @AfterAll
  static void close() {
    consul.close();
  }

  private static String filter(String text) {
    return "filter=" + URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static List<String> names(String path, String pointer) {
    JsonNode list = consul.get(path).json();
    assertThat(list.isArray()).as(list.toString()).isTrue();
    return list.valueStream().map(each -> each.at(pointer).asString()).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "catalog/nodes?|/Node|Meta.rack == r2|beta gamma",
        "catalog/nodes?node-meta=rack:r2&|/Node|TaggedAddresses is empty and Node != beta|gamma",
        "catalog/service/web?|/Node|NodeMeta[\"rack\"] == r1 and ServicePort == 80|alpha",
        "catalog/service/web?tag=all&|/Node|v2 in ServiceTags|beta",
        "health/service/web?|/Node/Node|Checks.Status == critical|beta",
        "health/service/web?|/Node/Node|any Checks as c { c.Status == passing }|alpha",
        "health/service/web?|/Node/Node|Service.Weights.Passing == 1 and Node.Meta is not nil|"
            + "alpha beta",
        "health/checks/web?|/CheckID|Status != passing|c-beta",
        "health/state/any?|/CheckID|ServiceName == db or ServiceTags contains v2|c-beta c-gamma",
        "health/node/alpha?|/CheckID|Node == alpha and Type == \"\"|c-alpha"
      })
  void aFilterLeavesOutWhatItDoesNotDescribe(
      String path, String pointer, String filter, String expected) {
    assertThat(names("/v1/" + path + filter(filter), pointer)).containsExactly(expected.split(" "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "agent/services|Meta[\"a_b\"] == c and Port == 9|own",
        "agent/services|Service matches `^o` and Tags is empty|other",
        "agent/checks|Status == warning|beat",
        "catalog/services|v1 in ServiceTags|db web",
        "catalog/services|ServiceName == web|web",
        "catalog/services|NodeMeta.rack == r2 and ServicePort == 82|db"
      })
  void aFilterLeavesOutMembersOfAMap(String path, String filter, String expected) {
    JsonNode map = consul.get("/v1/" + path + "?" + filter(filter)).json();
    assertThat(map.propertyNames()).containsExactly(expected.split(" "));
  }

  @Test
  void theTagsOfServicesAreThoseOfTheInstancesThatAFilterDescribes() {
    JsonNode services = consul.get("/v1/catalog/services?" + filter("Node == beta")).json();
    assertThat(services.toString()).isEqualTo("{\"web\":[\"v2\",\"all\"]}");
  }

  @Test
  void aFilterOfANodesServicesKeepsTheNode() {
    String filter = "?" + filter("Service == nope");
    JsonNode node = consul.get("/v1/catalog/node/alpha" + filter).json();
    assertThat(node.at("/Node/Node").asString()).isEqualTo("alpha");
    assertThat(node.path("Services").isEmpty()).isTrue();
    JsonNode listed = consul.get("/v1/catalog/node-services/alpha" + filter).json();
    assertThat(listed.at("/Node/Node").asString()).isEqualTo("alpha");
    assertThat(listed.path("Services").isArray()).isTrue();
    assertThat(listed.path("Services").isEmpty()).isTrue();
    assertThat(consul.get("/v1/catalog/node-services/alpha").json().at("/Services/0/ID").asString())
        .isEqualTo("web");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "agent/services",
        "agent/checks",
        "catalog/nodes",
        "catalog/services",
        "catalog/node/alpha",
        "catalog/node-services/alpha",
        "catalog/service/web",
        "catalog/connect/web",
        "health/node/alpha",
        "health/checks/web",
        "health/state/any",
        "health/service/web",
        "health/connect/web",
        "health/ingress/web"
      })
  void aBadFilterIsRefusedAtOnceAndNotAfterWaiting(String path) throws Exception {
    CompletableFuture<Consul.Answer> refused =
        consul.getAside("/v1/" + path + "?index=999999&wait=10m&" + filter("Bogus == 1"));
    Consul.Answer answer = refused.get(10, TimeUnit.SECONDS);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body())
        .startsWith(
            "Failed to create boolean expression evaluator:"
                + " Selector \"Bogus\" is not valid at 1:1 (0), expected one of ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "catalog/nodes?near=gamma|/Node|gamma alpha beta dev1",
        "catalog/nodes?near=_agent|/Node|dev1 alpha beta gamma",
        "catalog/nodes?near=_ip|/Node|dev1 alpha beta gamma",
        "catalog/nodes?near=nobody|/Node|alpha beta dev1 gamma",
        "catalog/service/web?near=beta|/Node|beta alpha",
        "health/service/web?near=BETA|/Node/Node|beta alpha",
        "health/checks/web?near=beta|/Node|beta alpha"
      })
  void theNodeThatNearNamesComesFirst(String path, String pointer, String expected) {
    assertThat(names("/v1/" + path, pointer)).containsExactly(expected.split(" "));
  }

  @Test
  void nearTheClientMeansWhomAProxySpeaksFor() {
    JsonNode nodes =
        consul
            .send(
                consul
                    .request("/v1/catalog/nodes?near=_ip")
                    .header("X-Forwarded-For", "10.0.0.2, 10.9.9.9"))
            .json();
    assertThat(nodes.at("/0/Node").asString()).isEqualTo("beta");
  }

  @Test
  void whatPeersExportedIsEmptyAsThereAreNone() {
    assertThat(names("/v1/health/service/web?peer=far", "/Node/Node")).isEmpty();
    assertThat(consul.get("/v1/catalog/services?peer=far").json().isEmpty()).isTrue();
    assertThat(names("/v1/catalog/service/web?merge-central-config", "/Node")).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"catalog/services", "catalog/service/web", "health/service/web"})
  void whoAsksForAKeptAnswerIsToldThatItIsANewOne(String path) {
    for (int i = 0; i < 2; i++) {
      Consul.Answer answer = consul.get("/v1/" + path + "?cached");
      assertThat(answer.header("X-Cache")).isEqualTo("MISS");
      assertThat(answer.header("X-Consul-Query-Backend")).isEqualTo("blocking-query");
    }
    assertThat(consul.get("/v1/" + path).header("X-Cache")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"max-age=30, 200", "'must-revalidate, stale-if-error=5', 200", "no-cache, 200"})
  void cacheControlMustBeWellFormed(String header, int status) {
    assertThat(cacheControl(header).status()).isEqualTo(status);
  }

  @ParameterizedTest
  @ValueSource(strings = {"max-age=", "max-age=x", "max-age", "stale-if-error=-1"})
  void aBadCacheControlIsRefused(String header) {
    Consul.Answer answer = cacheControl(header);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).startsWith("Invalid Cache-Control header.");
  }

  private static Consul.Answer cacheControl(String value) {
    return consul.send(
        consul.request("/v1/catalog/service/web?cached").header("Cache-Control", value));
  }
}
