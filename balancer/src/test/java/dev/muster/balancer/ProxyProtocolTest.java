package dev.muster.balancer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.balancer.config.ListenConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `listen … proxy_protocol`.
class ProxyProtocolTest {
  private static final String REQUEST = "GET / HTTP/1.1\r\nHost: test\r\n\r\n";

  private final Configured server = new Configured();
  private RawUpstream app;

  @BeforeEach
  void start() throws IOException {
    app = RawUpstream.answering("ok");
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    app.close();
  }

  private static ListenConfig listen() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return new ListenConfig("127.0.0.1", free.getLocalPort(), true, true, 511);
    }
  }

  @Test
  void aProxySaysWhoTheClientIs() throws Exception {
    ListenConfig listen = listen();
    server.apply(
        List.of(listen),
        server.to(
            "/",
            app,
            server.header("X-Who", "$remote_addr $proxy_protocol_addr:$proxy_protocol_port")));
    try (RawClient client = new RawClient(listen.port())) {
      client.send("PROXY TCP4 192.0.2.7 ");
      client.send("198.51.100.1 700 80\r\n" + REQUEST);
      assertThat(client.read().status()).isEqualTo(200);
      assertThat(app.heads.getLast()).contains("X-Who: 127.0.0.1 192.0.2.7:700\r\n");
      assertThat(client.send(REQUEST).read().status()).isEqualTo(200);
    }
    try (RawClient client = new RawClient(listen.port())) {
      client.send("\r\n\r\n\0\r\nQUIT\n\u0020\0\0\0" + REQUEST);
      assertThat(client.read().status()).isEqualTo(200);
      assertThat(app.heads.getLast()).contains("X-Who: 127.0.0.1 :\r\n");
    }
    try (RawClient client = new RawClient(listen.port())) {
      assertThat(client.send(REQUEST).rest()).as("without header").isEmpty();
    }
  }

  @Test
  void withoutProxyProtocolNobodySaysWhoTheClientIs() throws Exception {
    server.apply(server.to("/", app));
    try (RawClient client = server.client()) {
      client.send("PROXY TCP4 192.0.2.7 198.51.100.1 700 80\r\n" + REQUEST);
      assertThat(client.read().status()).isEqualTo(400);
    }
    assertThat(app.heads).isEmpty();
  }
}
