package dev.muster.consul;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Prepared queries, from outside; what they mean is tested with the registry.
@Timeout(30)
class PreparedQueryTest {
  private final Consul consul = new Consul();

  PreparedQueryTest() throws IOException {}

  @BeforeEach
  void register() {
    for (int i = 1; i <= 2; i++) {
      String body =
          """
          {"ID":"web%d","Name":"web","Port":80%d,"Check":{"TTL":"60s","Status":"passing"}}
          """
              .formatted(i, i);
      assertThat(consul.put("/v1/agent/service/register", body).status()).isEqualTo(200);
    }
  }

  @AfterEach
  void close() {
    consul.close();
  }

  private String create(String body) {
    Consul.Answer answer = consul.send("POST", "/v1/query", body);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json().get("ID").stringValue();
  }

  @Test
  void isMadeChangedRunAndRemoved() {
    String id = create("{\"name\":\"q\",\"service\":{\"service\":\"web\",\"only_passing\":true}}");

    JsonNode run = consul.get("/v1/query/q/execute").json();
    assertThat(run.get("Nodes")).hasSize(2);
    assertThat(run.get("Nodes").get(0).get("Service").get("Service").stringValue())
        .isEqualTo("web");
    assertThat(run.get("Nodes").get(0).get("Checks")).hasSize(2);
    assertThat(consul.get("/v1/query/" + id + "/execute?limit=1").json().get("Nodes")).hasSize(1);
    assertThat(consul.get("/v1/query/q/execute?connect=true").json().get("Nodes")).isEmpty();

    String changed = "{\"Name\":\"r\",\"Service\":{\"Service\":\"none\"},\"DNS\":{\"TTL\":\"5s\"}}";
    assertThat(consul.put("/v1/query/" + id, changed).status()).isEqualTo(200);
    assertThat(consul.get("/v1/query/q/execute").status()).isEqualTo(404);
    JsonNode none = consul.get("/v1/query/r/execute?stale").json();
    assertThat(none.get("Nodes")).isEmpty();
    assertThat(none.get("Failovers").intValue()).isZero();
    assertThat(none.get("DNS").get("TTL").stringValue()).isEqualTo("5s");
    assertThat(none.get("ConsistencyLevel").stringValue()).isEqualTo("stale");

    assertThat(consul.delete("/v1/query/" + id).status()).isEqualTo(200);
    assertThat(consul.get("/v1/query").json()).isEmpty();
    assertThat(consul.delete("/v1/query/" + id).body())
        .isEqualTo("Cannot modify non-existent prepared query: '" + id + "'");
  }

  @Test
  void goesWithTheSessionThatItIsBoundTo() {
    String session = consul.put("/v1/session/create").json().get("ID").stringValue();
    String id = create("{\"Session\":\"" + session + "\",\"Service\":{\"Service\":\"web\"}}");
    assertThat(consul.get("/v1/query/" + id + "/execute").json().get("Nodes")).hasSize(2);
    String other = session.toUpperCase(Locale.ROOT);
    String upper = create("{\"Session\":\"" + other + "\",\"Service\":{\"Service\":\"web\"}}");
    consul.put("/v1/session/destroy/" + session);
    assertThat(consul.get("/v1/query/" + upper).status()).isEqualTo(404);
    assertThat(consul.get("/v1/query/" + id).status()).isEqualTo(404);
  }

  @Test
  void explainsWhatATemplateBecomes() {
    create(
        """
        {"Name":"","Template":{"Type":"name_prefix_match","RemoveEmptyTags":true},
         "Service":{"Service":"${name.full}","Tags":["${agent.segment}"]}}
        """);
    JsonNode made = consul.get("/v1/query/web/explain").json().get("Query");
    assertThat(made.get("Service").get("Service").stringValue()).isEqualTo("web");
    assertThat(made.get("Service").get("Tags").isNull()).isTrue();
    assertThat(consul.get("/v1/query/web/execute").json().get("Nodes")).hasSize(2);
  }

  @Test
  void readersWaitForChanges() throws Exception {
    String id = create("{\"Name\":\"q\",\"Service\":{\"Service\":\"web\"}}");
    long index = consul.get("/v1/query").index();
    CompletableFuture<Consul.Answer> all = consul.getAside("/v1/query?wait=20s&index=" + index);
    CompletableFuture<Consul.Answer> one =
        consul.getAside("/v1/query/" + id + "?wait=20s&index=" + index);
    consul.put("/v1/query/" + id, "{\"Name\":\"q\",\"Service\":{\"Service\":\"db\"}}");
    assertThat(all.get().body()).contains("\"db\"");
    assertThat(one.get().body()).contains("\"db\"");
    assertThat(one.get().index()).isGreaterThan(index);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "POST||{\"Name\":\"x\",\"Nope\":1}|400|json: unknown field \"Nope\"",
        "POST||{\"Name\":\"x\",\"Service\":{\"Service\":\"y\",\"Nope\":1}}|400|json: unknown field",
        "POST||{|400|Request decode failed: ",
        "POST||{\"ID\":\"x\",\"Service\":{\"Service\":\"y\"}}|500|ID must be empty when creating a",
        "POST||{\"Service\":{\"Service\":\"y\"}}|500|Invalid prepared query: Must be bound to a"
            + " session",
        "POST||{\"Session\":\"zz\",\"Service\":{\"Service\":\"y\"}}|500|invalid session \"zz\"",
        "POST||{\"Name\":\"x\",\"Service\":{\"Service\":\"y\"},\"DNS\":{\"TTL\":\"x\"}}|500|Bad"
            + " DNS TTL 'x'",
        "POST||{\"Name\":\"x\",\"Service\":{\"Service\":\"y\"},\"DNS\":{\"TTL\":\"-1s\"}}|500|DNS"
            + " TTL '-1000000000', must be >=0",
        "POST||{\"Name\":\"x\",\"Service\":{\"Service\":\"y\"},\"DNS\":{\"TTL\":\"1000000h\"}}|500|DNS"
            + " TTL '1000000h', must be at most 2147483647 seconds",
        "POST||{\"Name\":\"x\",\"Service\":{\"Service\":\"y\",\"Failover\":{\"NearestN\":-1}}}|500|Bad"
            + " NearestN '-1', must be >= 0",
        "POST||{\"Name\":\"x\",\"Service\":{\"Service\":\"y\",\"NodeMeta\":{\"a"
            + " b\":\"c\"}}}|500|Couldn't load metadata pair ('a b', 'c')",
        "POST||{\"Name\":\"x\",\"Token\":\"<hidden>\",\"Service\":{\"Service\":\"y\"}}|500|Bad"
            + " Token '<hidden>'",
        "PUT|/11111111-2222-3333-4444-555555555555|{\"Name\":\"x\",\"Service\":{\"Service\":\"y\"}}|500|Cannot"
            + " modify non-existent prepared query: '11111111-2222-3333-4444-555555555555'",
        "GET|/short||500|failed prepared query lookup: index error: UUID must be 36 characters",
        "GET|/q/execute?limit=x||500|Bad limit: strconv.Atoi: parsing \"x\": invalid syntax",
        "PUT|/q/execute|{}|405|method PUT not allowed",
        "DELETE|||405|method DELETE not allowed"
      })
  void whatMakesNoSenseIsRefused(String method, String path, String body, int status, String text) {
    Consul.Answer answer =
        consul.send(method, "/v1/query" + (path == null ? "" : path), body == null ? "" : body);
    assertThat(answer.body()).contains(text);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(consul.get("/v1/query").json()).isEmpty();
  }
}
