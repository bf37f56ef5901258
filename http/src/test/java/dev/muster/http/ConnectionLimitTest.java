package dev.muster.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Clients with too many connections are told so; others are served.
@Timeout(30)
class ConnectionLimitTest {
  private static final InetSocketAddress OTHER = new InetSocketAddress("127.0.0.2", 0);

  private final List<RawClient> clients = new ArrayList<>();
  private HttpServer server;

  private void start(int max, int perClientMax) throws IOException {
    var limits = HttpLimits.defaults().withConnections(max, perClientMax);
    var any = new InetSocketAddress("127.0.0.1", 0);
    server =
        HttpServer.start(
            HttpConfig.on(any).with(limits), request -> Response.text(200, request.path()));
  }

  @AfterEach
  void close() throws IOException {
    for (RawClient each : clients) {
      each.close();
    }
    server.close();
  }

  private RawClient client() throws IOException {
    clients.add(new RawClient(server.address()));
    return clients.getLast();
  }

  private static int statusOf(RawClient client) throws IOException {
    return client.send("GET / HTTP/1.1\r\n\r\n").answer().status();
  }

  @Test
  void oneMoreConnectionOfAnAddressIsAnsweredInConsulsWords() throws Exception {
    start(100, 2);
    assertThat(statusOf(client())).isEqualTo(200);
    assertThat(statusOf(client())).isEqualTo(200);
    RawClient third = client();
    RawClient.Answer answer = third.answer();
    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.headers())
        .containsEntry("connection", "close")
        .containsEntry("content-type", "text/plain");
    assertThat(answer.body())
        .isEqualTo(
            "Your IP is issuing too many concurrent connections, please rate limit your calls\n");
    assertThat(third.isEnded()).isTrue();
    try (var other = new RawClient(server.address(), OTHER)) {
      assertThat(statusOf(other)).isEqualTo(200);
    }
    assertThat(statusOf(clients.getFirst())).isEqualTo(200);
    try (var ordinary = HttpClient.newHttpClient()) {
      var uri = URI.create("http://127.0.0.1:" + server.address().getPort() + "/");
      var request = HttpRequest.newBuilder(uri).version(HttpClient.Version.HTTP_1_1).build();
      var told = ordinary.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(told.statusCode()).isEqualTo(429);
    }
  }

  @Test
  void aClosedConnectionMakesRoom() throws IOException {
    start(100, 1);
    for (int i = 0; i < 3; i++) {
      RawClient client = client();
      client.send("GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
      assertThat(client.answer().status()).isEqualTo(200);
      assertThat(client.isEnded()).isTrue();
    }
  }

  @Test
  void noLimitIsWrittenAsZero() throws IOException {
    start(1_000, 0);
    for (int i = 0; i < 300; i++) {
      assertThat(statusOf(client())).isEqualTo(200);
    }
  }

  @Test
  void aFullServerSaysSo() throws IOException {
    start(2, 100);
    assertThat(statusOf(client())).isEqualTo(200);
    assertThat(statusOf(client())).isEqualTo(200);
    RawClient third = client();
    RawClient.Answer answer = third.answer();
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.body()).contains("as many connections as it can take");
    assertThat(third.isEnded()).isTrue();
    assertThat(statusOf(clients.getFirst())).isEqualTo(200);
  }

  @Test
  void aFloodIsNotKeptWaitingForItsRefusals() throws IOException {
    start(100, 1);
    assertThat(statusOf(client())).isEqualTo(200);
    for (int i = 0; i < 150; i++) {
      client();
    }
    assertThat(clients.get(1).answer().status()).isEqualTo(429);
    assertThat(clients.getLast().isEnded()).isTrue();
    assertThat(statusOf(clients.getFirst())).isEqualTo(200);
  }
}
