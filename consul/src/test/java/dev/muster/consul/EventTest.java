package dev.muster.consul;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Events that are fired are heard by everybody who lists them.
@Timeout(30)
class EventTest {
  private final Consul consul = new Consul();

  EventTest() throws IOException {}

  @AfterEach
  void close() {
    consul.close();
  }

  private JsonNode fire(String name) {
    return consul.put("/v1/event/fire/" + name, "x").json();
  }

  @Test
  void whatWasFiredIsListed() {
    JsonNode fired =
        consul.put("/v1/event/fire/deploy?node=%5Eweb&service=web&tag=v1", "go").json();

    assertThat(fired.get("LTime").intValue()).isZero();
    JsonNode listed = consul.get("/v1/event/list").json().get(0);
    assertThat(listed.get("ID")).isEqualTo(fired.get("ID"));
    assertThat(listed.get("Payload").stringValue()).isEqualTo("Z28=");
    assertThat(listed.get("LTime").intValue()).isEqualTo(1);
    assertThat(fire("other").get("Payload").stringValue()).isEqualTo("eA==");
    assertThat(consul.put("/v1/event/fire/silent").json().get("Payload").isNull()).isTrue();
    assertThat(consul.get("/v1/event/list?name=other").json()).hasSize(1);
    assertThat(consul.get("/v1/event/list?name=deploy&node=web-1&service=web&tag=v1").json())
        .hasSize(1);
    assertThat(consul.get("/v1/event/list?name=deploy&node=db-1").json()).isEmpty();
    assertThat(consul.get("/v1/event/list?name=other&node=db-1").json()).hasSize(1);
  }

  @Test
  void onlyTheLatestAreKept() {
    for (int i = 0; i < 300; i++) {
      fire("e" + i);
    }
    JsonNode events = consul.get("/v1/event/list").json();
    assertThat(events).hasSize(256);
    assertThat(events.get(0).get("Name").stringValue()).isEqualTo("e44");
    assertThat(events.get(255).get("LTime").intValue()).isEqualTo(300);
  }

  @Test
  void aReaderThatKnowsTheLastOneWaitsForTheNext() throws Exception {
    fire("a");
    Consul.Answer first = consul.get("/v1/event/list?name=a");
    UUID id = UUID.fromString(first.json().get(0).get("ID").stringValue());
    String index = first.header("X-Consul-Index");
    assertThat(Long.parseUnsignedLong(index))
        .isEqualTo(id.getMostSignificantBits() ^ id.getLeastSignificantBits());

    CompletableFuture<Consul.Answer> waiting =
        consul.getAside("/v1/event/list?name=a&wait=20s&index=" + index);
    fire("b");
    assertThat(waiting.completeOnTimeout(null, 150, TimeUnit.MILLISECONDS).get())
        .as("another event is none of its")
        .isNull();
    CompletableFuture<Consul.Answer> next =
        consul.getAside("/v1/event/list?name=a&wait=20s&index=" + index);
    fire("a");
    assertThat(next.get().json()).hasSize(2);
    assertThat(consul.get("/v1/event/list?wait=20s&index=" + index).json())
        .as("any other index is answered at once")
        .hasSize(3);
    assertThat(consul.get("/v1/event/list?name=none").header("X-Consul-Index")).isEqualTo("1");
  }

  @Test
  void springsPathsAreTheSame() {
    assertThat(consul.send("POST", "/v1/event/fire/springCloudBus", "{}").status()).isEqualTo(200);
    Consul.Answer events = consul.get("/v1/events");
    assertThat(events.json()).hasSize(1);
    assertThat(events.header("X-Consul-Index"))
        .isEqualTo(consul.get("/v1/event/list").header("X-Consul-Index"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x?tag=v1|Cannot provide tag filter without service filter",
        "x?node=(|Invalid node filter: error parsing regexp: missing closing ): `(`",
        "x?service=[|Invalid service filter: error parsing regexp",
        "x?service=a&tag=*|Invalid tag filter: error parsing regexp"
      })
  void filtersThatAreNoneAreRefused(String path, String why) {
    String sent = path;
    for (String special : new String[] {"[", "(", "*"}) {
      sent = sent.replace(special, URLEncoder.encode(special, StandardCharsets.UTF_8));
    }
    Consul.Answer answer = consul.put("/v1/event/fire/" + sent, "");
    assertThat(answer.body()).startsWith(why);
    assertThat(answer.status()).isEqualTo(500);
    assertThat(consul.get("/v1/event/list").json()).isEmpty();
  }

  @Test
  void aHugePayloadIsRefused() {
    assertThat(consul.put("/v1/event/fire/x", "y".repeat(8192)).body())
        .isEqualTo("user event exceeds configured limit of 8192 bytes before encoding");
    assertThat(consul.put("/v1/event/fire/x", "y".repeat(8191)).status()).isEqualTo(200);
  }
}
