package dev.muster.consul;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Configuration entries, from outside.
@Timeout(30)
class ConfigEntryTest {
  private final Consul consul = new Consul();

  ConfigEntryTest() throws IOException {}

  @AfterEach
  void close() {
    consul.close();
  }

  private void put(String body) {
    Consul.Answer answer = consul.put("/v1/config", body);
    assertThat(answer.body()).isEqualTo("true\n");
  }

  /// The entry without its indexes.
  private JsonNode read(String path) {
    var entry = (tools.jackson.databind.node.ObjectNode) consul.get("/v1/config/" + path).json();
    entry.remove("CreateIndex");
    entry.remove("ModifyIndex");
    return entry;
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }

  @Test
  void isReadAsItWasWrittenWhateverTheSpelling() {
    put("{\"kind\":\"proxy-defaults\",\"config\":{\"protocol\":\"http\",\"a\":[1,{\"b\":1.5}]}}");
    put(
        """
        {"Kind":"service-resolver","Name":"web","connect_timeout":"1500ms",
         "DefaultSubset":"v1","Subsets":{"v1":{"only_passing":true},"v2":{"Filter":"Service.Meta.v == 2"}},
         "Failover":{"*":{"Targets":[{"Datacenter":"dc2"}]}},
         "LoadBalancer":{"Policy":"ring_hash","RingHashConfig":{"MinimumRingSize":5},
           "HashPolicies":[{"field":"cookie","field_value":"s","cookie_config":{"TTL":"1m"}}]},
         "Meta":{"owner":"us"},"Namespace":"default","CreateIndex":0,"ModifyIndex":0}
        """);
    put(
        """
        {"Kind":"service-router","Name":"web","Routes":[{"Match":{"HTTP":{"PathPrefix":"/v2",
         "Header":[{"Name":"x","Exact":"1"}],"Methods":["get"]}},"Destination":{"ServiceSubset":
         "v2","PrefixRewrite":"/","RequestTimeout":2000000000,"NumRetries":"3",
         "RetryOnStatusCodes":[503],"RequestHeaders":{"Set":{"a":"b"}}}}]}
        """);
    put(
        """
        {"Kind":"service-splitter","Name":"api","Splits":[{"Weight":99.5,"Service":"web"},
         {"Weight":0.5,"Service":"web","ServiceSubset":"v2"}]}
        """);
    put(
        """
        {"Kind":"ingress-gateway","Name":"edge","Listeners":[{"Port":80,"Protocol":"HTTP",
         "Services":[{"Name":"web","Hosts":["a.example"]}]}],"TLS":{"Enabled":true}}
        """);
    put(
        """
        {"Kind":"service-defaults","Name":"db","Protocol":"TCP","MaxInboundConnections":7,
         "UpstreamConfig":{"Overrides":[{"Name":"x","Limits":{"MaxConnections":0}}]}}
        """);

    assertThat(read("proxy-defaults/global"))
        .isEqualTo(
            json(
                """
                {"Kind":"proxy-defaults","Name":"global","Config":{"a":[1,{"b":1.5}],
                 "protocol":"http"},"MeshGateway":{},"Expose":{}}
                """));
    assertThat(read("service-resolver/web"))
        .isEqualTo(
            json(
                """
                {"Kind":"service-resolver","Name":"web","DefaultSubset":"v1","Subsets":
                 {"v1":{"OnlyPassing":true},"v2":{"Filter":"Service.Meta.v == 2"}},"Failover":{"*":{"Targets":[{"Datacenter":
                 "dc2"}]}},"ConnectTimeout":"1.5s","LoadBalancer":{"Policy":"ring_hash",
                 "RingHashConfig":{"MinimumRingSize":5},"HashPolicies":[{"Field":"cookie",
                 "FieldValue":"s","CookieConfig":{"TTL":"1m0s"}}]},"Meta":{"owner":"us"}}
                """));
    assertThat(read("service-router/web"))
        .isEqualTo(
            json(
                """
                {"Kind":"service-router","Name":"web","Routes":[{"Match":{"HTTP":{"PathPrefix":
                 "/v2","Header":[{"Name":"x","Exact":"1"}],"Methods":["GET"]}},"Destination":
                 {"ServiceSubset":"v2","PrefixRewrite":"/","RequestTimeout":"2s","NumRetries":3,
                 "RetryOnStatusCodes":[503],"RequestHeaders":{"Set":{"a":"b"}}}}]}
                """));
    assertThat(read("service-splitter/api"))
        .isEqualTo(
            json(
                """
                {"Kind":"service-splitter","Name":"api","Splits":[{"Weight":99.5,"Service":"web"},
                 {"Weight":0.5,"Service":"web","ServiceSubset":"v2"}]}
                """));
    assertThat(read("ingress-gateway/edge"))
        .isEqualTo(
            json(
                """
                {"Kind":"ingress-gateway","Name":"edge","TLS":{"Enabled":true},"Listeners":[
                 {"Port":80,"Protocol":"http","Services":[{"Name":"web","Hosts":["a.example"]}]}]}
                """));
    assertThat(read("service-defaults/db"))
        .isEqualTo(
            json(
                """
                {"Kind":"service-defaults","Name":"db","Protocol":"tcp","MeshGateway":{},
                 "Expose":{},"UpstreamConfig":{"Overrides":[{"Name":"x","Limits":{},
                 "MeshGateway":{}}]},"MaxInboundConnections":7}
                """));
  }

  @Test
  void casWritesAndDeletesOnlyWhatItSaw() {
    String web = "{\"Kind\":\"service-defaults\",\"Name\":\"web\",\"Protocol\":\"%s\"}";
    assertThat(consul.put("/v1/config?cas=5", web.formatted("tcp")).body()).isEqualTo("false\n");
    assertThat(consul.put("/v1/config?cas=0", web.formatted("tcp")).body()).isEqualTo("true\n");
    assertThat(consul.put("/v1/config?cas=0", web.formatted("http")).body()).isEqualTo("false\n");
    long index = consul.get("/v1/config/service-defaults/web").json().get("ModifyIndex").asLong();
    assertThat(consul.put("/v1/config?cas=" + index, web.formatted("http")).body())
        .isEqualTo("true\n");
    assertThat(consul.delete("/v1/config/service-defaults/web?cas=" + index).body())
        .isEqualTo("false\n");
    long later = consul.get("/v1/config/service-defaults/web").json().get("ModifyIndex").asLong();
    assertThat(consul.delete("/v1/config/service-defaults/web?cas=" + later).body())
        .isEqualTo("true\n");
    assertThat(consul.delete("/v1/config/service-defaults/web").body()).isEqualTo("{}\n");
  }

  @Test
  void readersOfAKindWaitForThatKind() throws Exception {
    put("{\"Kind\":\"service-defaults\",\"Name\":\"web\",\"Protocol\":\"http\"}");
    long index = consul.get("/v1/config/service-defaults").index();
    CompletableFuture<Consul.Answer> other =
        consul.getAside("/v1/config/service-resolver?wait=20s&index=" + index);
    CompletableFuture<Consul.Answer> waiting =
        consul.getAside("/v1/config/service-defaults?wait=20s&index=" + index);
    CompletableFuture<Consul.Answer> absent =
        consul.getAside("/v1/config/service-defaults/db?wait=20s&index=" + index);
    put("{\"Kind\":\"service-defaults\",\"Name\":\"db\",\"Protocol\":\"tcp\"}");
    assertThat(waiting.get().json()).hasSize(2);
    assertThat(absent.get().json().get("Name").stringValue()).isEqualTo("db");
    assertThat(other.completeOnTimeout(null, 150, TimeUnit.MILLISECONDS).get()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{|400|Bad request: Request decoding failed: ",
        "[]|400|expected a JSON object",
        "{\"Name\":\"x\"}|400|Payload does not contain a kind/Kind key at the top level",
        "{\"Kind\":7}|400|Kind value in payload is not a string",
        "{\"Kind\":\"mesh\"}|400|config entry kind mesh is not here",
        "{\"Kind\":\"service-defaults\"}|500|Name is required",
        "{\"Kind\":\"service-defaults\",\"Name\":\"x\",\"Nope\":1}|400|invalid config key \"Nope\"",
        "{\"Kind\":\"service-router\",\"Name\":\"x\",\"Routes\":[{\"Match\":{\"HTTP\":{\"Bad\":1}}}]}|400|invalid"
            + " config key \"Routes[0].Match.HTTP.Bad\"",
        "{\"Kind\":\"service-defaults\",\"Name\":\"x\",\"Namespace\":\"team\"}|400|Namespace:"
            + " expected \"default\"",
        "{\"Kind\":\"service-defaults\",\"Name\":\"a\\u0000b\"}|400|control character",
        "{\"Kind\":\"service-resolver\",\"Name\":\"x\",\"ConnectTimeout\":\"5\"}|400|ConnectTimeout:"
            + " expected a duration",
        "{\"Kind\":\"service-resolver\",\"Name\":\"x\",\"Redirect\":{}}|500|Redirect is empty",
        "{\"Kind\":\"service-resolver\",\"Name\":\"x\",\"Redirect\":{\"Service\":\"y\"},\"Failover\":{\"*\":{\"Service\":\"z\"}}}|500|Redirect"
            + " and Failover cannot both be set",
        "{\"Kind\":\"service-resolver\",\"Name\":\"x\",\"Failover\":{\"v1\":{}}}|500|Bad"
            + " Failover[\"v1\"]: not a valid subset subset",
        "{\"Kind\":\"service-resolver\",\"Name\":\"x\",\"LoadBalancer\":{\"Policy\":\"best\"}}|500|Bad"
            + " LoadBalancer policy: \"best\" is not supported",
        "{\"Kind\":\"service-splitter\",\"Name\":\"x\",\"Splits\":[{\"Weight\":99}]}|500|the sum"
            + " of all split weights must be 100, not 99.000000",
        "{\"Kind\":\"service-splitter\",\"Name\":\"x\",\"Splits\":[{\"Weight\":100}]}|500|does"
            + " not permit advanced routing or splitting",
        "{\"Kind\":\"service-router\",\"Name\":\"x\",\"Routes\":[{\"Match\":{\"HTTP\":{\"PathExact\":\"a\"}}}]}|500|Route[0]"
            + " PathExact doesn't start with '/': \"a\"",
        "{\"Kind\":\"ingress-gateway\",\"Name\":\"x\",\"Listeners\":[{\"Port\":1,\"Protocol\":\"ftp\"}]}|500|'ftp'"
            + " is an unsupported protocol",
        "{\"Kind\":\"proxy-defaults\",\"Name\":\"x\"}|500|invalid name (\"x\"), only \"global\" is"
            + " supported",
        "{\"Kind\":\"service-resolver\",\"Name\":\"x\",\"Subsets\":{\"v1\":{\"Filter\":\"=\"}}}|500|Filter"
            + " for subset \"v1\" is not a valid expression"
      })
  void whatMakesNoSenseIsRefused(String body, int status, String text) {
    Consul.Answer answer = consul.put("/v1/config", body);
    assertThat(answer.body()).contains(text);
    assertThat(answer.status()).isEqualTo(status);
    for (String kind : new String[] {"service-defaults", "service-resolver", "service-router"}) {
      assertThat(consul.get("/v1/config/" + kind).json()).isEmpty();
    }
  }

  @Test
  void whatOthersNeedCannotBeDeleted() {
    put("{\"Kind\":\"service-defaults\",\"Name\":\"web\",\"Protocol\":\"http\"}");
    put("{\"Kind\":\"service-splitter\",\"Name\":\"web\",\"Splits\":[{\"Weight\":100}]}");
    Consul.Answer answer = consul.delete("/v1/config/service-defaults/web");
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.body()).contains("does not permit advanced routing");
    assertThat(consul.get("/v1/config/service-defaults/web").status()).isEqualTo(200);
  }

  @Test
  void listsObeyFilters() {
    put("{\"Kind\":\"service-defaults\",\"Name\":\"web\",\"Meta\":{\"team\":\"a\"}}");
    put("{\"Kind\":\"service-defaults\",\"Name\":\"db\"}");
    JsonNode found = consul.get("/v1/config/service-defaults?filter=Meta.team==a").json();
    assertThat(found).hasSize(1);
    assertThat(found.get(0).get("Name").stringValue()).isEqualTo("web");
    assertThat(consul.get("/v1/config/service-defaults?filter=Bogus==a").status()).isEqualTo(400);
  }

  @Test
  void pathsThatAreIncompleteAreRefused() {
    assertThat(consul.delete("/v1/config/service-defaults").body())
        .isEqualTo("Must provide both a kind and name to delete");
    assertThat(consul.delete("/v1/config/bogus/x").body())
        .isEqualTo("Bad request: invalid config entry kind: bogus");
    assertThat(
            consul.put("/v1/config?cas=x", "{\"Kind\":\"service-defaults\",\"Name\":\"a\"}").body())
        .isEqualTo("strconv.ParseUint: parsing \"x\": invalid syntax");
  }
}
