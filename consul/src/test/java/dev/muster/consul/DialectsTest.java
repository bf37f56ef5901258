package dev.muster.consul;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.consul.form.Fields;
import dev.muster.consul.form.Json;
import dev.muster.consul.form.ServiceForm;
import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.CheckRef;
import dev.muster.registry.catalog.Probe;
import dev.muster.registry.catalog.Service;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests as the clients that are out there send them (consul.md, request dialects).
class DialectsTest {
  private final Consul consul = new Consul();

  DialectsTest() throws IOException {}

  @AfterEach
  void close() {
    consul.close();
  }

  private void register(String body) {
    Consul.Answer answer = consul.put("/v1/agent/service/register", body);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.status()).isEqualTo(200);
  }

  private Service service(String id) {
    return consul.registry.view().catalog().service("dev1", id).orElseThrow();
  }

  private Check check(String id) {
    return consul.registry.view().catalog().check(new CheckRef("dev1", id)).orElseThrow();
  }

  @Test
  void namesOfMembersWithoutRegardToCaseAndUnderscores() {
    register(
        """
        {"name":"web","id":"w1","TAGS":["a"],"enable_tag_override":true,"tagged_addresses":
         {"lan":{"address":"10.0.0.1","port":7}},"check":{"ttl":"10s","check_id":"c",
         "deregister_critical_service_after":"2m","status":"passing"}}
        """);
    assertThat(service("w1").definition().enableTagOverride()).isTrue();
    assertThat(service("w1").definition().taggedAddresses())
        .containsEntry("lan", new Service.Address("10.0.0.1", 7));
    assertThat(check("c").status()).isEqualTo(Check.Status.PASSING);
    assertThat(check("c").probe())
        .isEqualTo(new Probe.Ttl(Duration.ofSeconds(10), Duration.ofMinutes(2)));
  }

  @Test
  void nullsAsSpringSendsThem() {
    register(
        """
        {"ID":"app-1","Name":"app","Tags":["secure=false"],"Address":"10.0.0.1","Meta":{"k":null},
         "Port":8080,"EnableTagOverride":null,"Check":{"Script":null,"DockerContainerID":null,
         "Shell":null,"Interval":"10s","TTL":null,"HTTP":"http://10.0.0.1:8080/actuator/health",
         "Method":null,"Header":{},"TCP":null,"Timeout":null,"DeregisterCriticalServiceAfter":null,
         "TLSSkipVerify":null,"Status":null,"GRPC":null,"GRPCUseTLS":null,"Args":null,"Body":null},
         "Checks":null,"Weights":null,"TaggedAddresses":null,"Proxy":null,"Connect":null,
         "Namespace":null}
        """);
    assertThat(service("app-1").definition().meta()).isEqualTo(Map.of("k", ""));
    var probe = (Probe.Http) check("service:app-1").probe();
    assertThat(probe.method()).isEqualTo("GET");
    assertThat(probe.rhythm().timeout()).isEqualTo(Duration.ofSeconds(10));
  }

  /// Libraries that write out every member of their structures.
  @Test
  void zerosOfMembersThatWereLeftAlone() {
    register(
        """
        {"ID":"","Name":"web","Kind":"","Tags":null,"Port":0,"Address":"","Meta":{},
         "Connect":{"Native":false,"SidecarService":null},
         "Proxy":{"MeshGateway":{},"Expose":{}},"Namespace":"default","Partition":"default",
         "Check":{"TTL":"10s","Args":[],"GRPC":"","GRPCUseTLS":false,"AliasNode":"","HTTP":"",
         "TCP":"","Interval":"","SuccessBeforePassing":0,"FailuresBeforeWarning":0}}
        """);
    assertThat(check("service:web").probe()).isInstanceOf(Probe.Ttl.class);
    Consul.Answer answer =
        consul.put(
            "/v1/catalog/register",
            """
            {"Node":"n2","Address":"10.0.0.2","TaggedAddresses":null,"NodeMeta":null,
             "Service":{"ID":"","Service":"db","Port":1,"Weights":{"Passing":0,"Warning":0},
             "Meta":null,"ContentHash":"","CreateIndex":0,"ModifyIndex":0},"Check":null,
             "Checks":null,"SkipNodeUpdate":false}
            """);
    assertThat(answer.body()).isEqualTo("true\n");
    assertThat(
            consul
                .registry
                .view()
                .catalog()
                .service("n2", "db")
                .orElseThrow()
                .definition()
                .weights())
        .isEqualTo(Service.Weights.EQUAL);
  }

  @Test
  void durationsOfPythonAndGoAndInNanoseconds() {
    register("{\"Name\":\"a\",\"Check\":{\"TTL\":\"15.0s\"}}");
    register("{\"Name\":\"b\",\"Check\":{\"TTL\":\"1h30m\"}}");
    register("{\"Name\":\"c\",\"Check\":{\"TTL\":2000000000}}");
    assertThat(((Probe.Ttl) check("service:a").probe()).ttl()).hasSeconds(15);
    assertThat(((Probe.Ttl) check("service:b").probe()).ttl()).hasMinutes(90);
    assertThat(((Probe.Ttl) check("service:c").probe()).ttl()).hasSeconds(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"text/plain", "application/x-www-form-urlencoded", "application/json", ""})
  void anyContentTypeOrNoneAndAnEmptyToken(String type) {
    HttpRequest.Builder request =
        consul.request("/v1/agent/service/register").header("X-Consul-Token", "");
    if (!type.isEmpty()) {
      request.header("Content-Type", type);
    }
    request.PUT(HttpRequest.BodyPublishers.ofString("{\"Name\":\"web\"}"));
    assertThat(consul.send(request).status()).isEqualTo(200);
    assertThat(service("web").id()).isEqualTo("web");
  }

  @Test
  void bodiesInChunks() {
    byte[] value = "x".repeat(100_000).getBytes(StandardCharsets.UTF_8);
    var publisher = HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(value));
    assertThat(consul.send(consul.request("/v1/kv/a").PUT(publisher)).body()).isEqualTo("true\n");
    assertThat(consul.get("/v1/kv/a?raw").body()).hasSize(100_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ns=default", "partition=default", "ns=", "dc=dc1", "token=", "pretty"})
  void parametersThatSayWhatIsSoAnyway(String parameter) {
    assertThat(consul.get("/v1/catalog/services?" + parameter).status()).isEqualTo(200);
  }

  @Test
  void aCallerFromAnotherHostRegistersItsOwnAddress() {
    Fields body = Fields.of(Json.parse("{\"Name\":\"web\"}".getBytes(StandardCharsets.UTF_8)));
    Service.Definition definition = ServiceForm.ofAgent(body, "10.0.0.7").definition();
    assertThat(definition.address()).isEqualTo("10.0.0.7");
    assertThat(definition.taggedAddresses()).containsOnlyKeys("lan_ipv4", "wan_ipv4");
    Fields own =
        Fields.of(
            Json.parse(
                "{\"Name\":\"web\",\"Address\":\"10.0.0.1\"}".getBytes(StandardCharsets.UTF_8)));
    assertThat(ServiceForm.ofAgent(own, "10.0.0.7").definition().address()).isEqualTo("10.0.0.1");
    register("{\"Name\":\"here\"}");
    assertThat(service("here").definition().address()).as("a caller on this host").isEmpty();
  }

  @Test
  void tagsAndNodeMetaNarrowLists() {
    register("{\"ID\":\"w1\",\"Name\":\"web\",\"Tags\":[\"Blue\",\"v1\"]}");
    register("{\"ID\":\"w2\",\"Name\":\"web\",\"Tags\":[\"v1\"],\"Check\":{\"TTL\":\"9s\"}}");
    consul.put(
        "/v1/catalog/register",
        """
        {"Node":"n2","Address":"10.0.0.2","NodeMeta":{"rack":"r1"},
         "Service":{"Service":"db","Tags":["p"]},"Checks":[{"CheckID":"c","ServiceID":"db"}]}
        """);
    for (String path : List.of("/v1/health/service/web", "/v1/catalog/service/web")) {
      assertThat(consul.get(path + "?tag=blue").json().size()).isEqualTo(1);
      assertThat(consul.get(path + "?tag=v1").json().size()).isEqualTo(2);
      assertThat(consul.get(path + "?tag=v1&tag=blue").json().size()).isEqualTo(1);
      assertThat(consul.get(path + "?tag=no").json().size()).isZero();
      assertThat(consul.get(path + "?node-meta=rack:r1").json().size()).isZero();
    }
    assertThat(consul.get("/v1/catalog/services?node-meta=rack:r1").json().propertyNames())
        .containsExactly("db");
    assertThat(consul.get("/v1/catalog/nodes?node-meta=rack:r1").json().size()).isEqualTo(1);
    assertThat(consul.get("/v1/health/state/critical").json().size()).isEqualTo(2);
    assertThat(consul.get("/v1/health/state/critical?node-meta=rack:r1").json().size())
        .isEqualTo(1);
  }
}
