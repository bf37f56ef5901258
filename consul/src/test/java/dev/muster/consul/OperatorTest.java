package dev.muster.consul;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// What operators ask of the group; the recording has the rest.
class OperatorTest {
  private final Consul consul = new Consul();

  OperatorTest() throws IOException {}

  @AfterEach
  void close() {
    consul.close();
  }

  @Test
  void autopilotsConfigurationIsKept() {
    String path = "/v1/operator/autopilot/configuration";
    assertThat(consul.put(path + "?cas=0", "{\"LastContactThreshold\":\"500ms\"}").body())
        .isEqualTo("true\n");
    JsonNode kept = consul.get(path).json();
    assertThat(kept.get("LastContactThreshold").stringValue()).isEqualTo("500ms");
    assertThat(kept.get("CleanupDeadServers").booleanValue()).isFalse();
    long index = kept.get("ModifyIndex").asLong();
    assertThat(consul.put(path + "?cas=" + (index - 1), "{}").body()).isEqualTo("false\n");
    assertThat(consul.put(path + "?cas=" + index, "{}").body()).isEqualTo("true\n");
    assertThat(consul.get(path).json().get("CreateIndex").asLong())
        .isEqualTo(kept.get("CreateIndex").asLong());
  }

  @Test
  void theStateOfTheOnlyServer() {
    JsonNode state = consul.get("/v1/operator/autopilot/state").json();
    String id = Consul.SERVER.nodeId();
    assertThat(state.get("Leader").stringValue()).isEqualTo(id);
    assertThat(state.get("Servers").get(id).get("Status").stringValue()).isEqualTo("leader");
    assertThat(state.get("Healthy").booleanValue()).isTrue();
    consul.engine.demote();
    Consul.Answer health = consul.get("/v1/operator/autopilot/health?stale");
    assertThat(health.status()).isEqualTo(429);
    assertThat(health.json().get("Healthy").booleanValue()).isFalse();
  }

  @Test
  void usageCounts() {
    consul.put("/v1/agent/service/register", "{\"ID\":\"w1\",\"Name\":\"web\"}");
    consul.put("/v1/agent/service/register", "{\"ID\":\"w2\",\"Name\":\"web\"}");
    Consul.Answer answer = consul.get("/v1/operator/usage");
    JsonNode usage = answer.json().get("Usage").get("dc1");
    assertThat(usage.get("Nodes").intValue()).isEqualTo(1);
    assertThat(usage.get("Services").intValue()).isEqualTo(2);
    assertThat(usage.get("ServiceInstances").intValue()).isEqualTo(3);
    assertThat(usage.get("BillableServiceInstances").intValue()).isEqualTo(2);
    assertThat(answer.index()).isEqualTo(answer.json().get("Index").asLong());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "DELETE|/v1/operator/raft/peer||400|Must specify either ?id",
        "DELETE|/v1/operator/raft/peer?id=a&address=b||400|Must specify only one of",
        "DELETE|/v1/operator/raft/peer?id=a||500|id \"a\" was not found in the Raft configuration",
        "DELETE|/v1/operator/raft/peer?address=127.0.0.1:8300||500|cannot remove the only server",
        "POST|/v1/operator/raft/transfer-leader||500|cannot find peer",
        "POST|/v1/operator/raft/transfer-leader?id=x||500|id \"x\" was not found",
        "PUT|/v1/operator/autopilot/configuration|{\"X\":1}|400|autopilot config: json:"
            + " unknown field \"X\"",
        "PUT|/v1/operator/autopilot/configuration?cas=x|{}|400|Error parsing cas value",
        "PUT|/v1/operator/keyring|{\"Key\":\"x\"}|500|Keyring is empty (encryption not enabled)",
        "PUT|/v1/operator/keyring|{|400|Request decode failed",
        "PUT|/v1/coordinate/update|{\"Node\":\"x\"}|400|invalid coordinate",
        "PUT|/v1/coordinate/update|{\"Node\":\"x\",\"Coord\":{\"Vec\":[1]}}|400|invalid coordinate",
        "PUT|/v1/coordinate/update|{\"Node\":\"x\",\"Coord\":{\"Vec\":[\"a\"]}}|400|expected a"
            + " number"
      })
  void whatCannotBeIsRefused(String method, String path, String body, int status, String text) {
    Consul.Answer answer = consul.send(method, path, body == null ? "" : body);
    assertThat(answer.body()).contains(text);
    assertThat(answer.status()).isEqualTo(status);
  }

  @Test
  void coordinatesAreThoseOfServers() {
    assertThat(consul.get("/v1/coordinate/nodes?segment=x").json()).isEmpty();
    JsonNode node = consul.get("/v1/coordinate/node/dev1").json().get(0);
    assertThat(node.get("Coord").get("Vec")).hasSize(8);
  }
}
