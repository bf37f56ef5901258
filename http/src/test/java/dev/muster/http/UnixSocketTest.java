package dev.muster.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A server that listens on a file.
@Timeout(30)
class UnixSocketTest {
  @TempDir private Path folder;
  private UnixDomainSocketAddress address;
  private HttpServer server;

  @BeforeEach
  void choose() {
    address = UnixDomainSocketAddress.of(folder.resolve("api.sock"));
  }

  private void start() throws IOException {
    var limits = HttpLimits.defaults().withConnectionsPerClient(1);
    server =
        HttpServer.start(
            HttpConfig.on(address).with(limits),
            request -> Response.text(200, request.path() + " of " + request.client()));
  }

  @AfterEach
  void close() {
    if (server != null) {
      server.close();
    }
  }

  private String get(String path) throws IOException {
    try (var client = SocketChannel.open(address)) {
      String request = "GET " + path + " HTTP/1.1\r\nConnection: close\r\n\r\n";
      client.write(ByteBuffer.wrap(request.getBytes(UTF_8)));
      var all = new ByteArrayOutputStream();
      ByteBuffer some = ByteBuffer.allocate(1_000);
      while (client.read(some) >= 0) {
        all.write(some.array(), 0, some.position());
        some.clear();
      }
      return all.toString(UTF_8);
    }
  }

  @Test
  void itsClientsAreAtHomeAndNotCountedByAddress() throws IOException {
    start();
    try (var another = SocketChannel.open(address)) {
      assertThat(another.isConnected()).isTrue();
      assertThat(get("/a")).startsWith("HTTP/1.1 200 OK").contains("/a of ", "127.0.0.1");
    }
    assertThatThrownBy(server::address).isInstanceOf(IllegalStateException.class);
    server.close();
    assertThat(address.getPath()).doesNotExist();
  }

  @Test
  void whatAKilledServerLeftIsReplaced() throws IOException {
    try (var killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      killed.bind(address);
    }
    assertThat(address.getPath()).exists();
    start();
    assertThat(get("/a")).contains("/a of ");
  }

  @Test
  void whatIsInUseOrNoSocketIsLeftAlone() throws IOException {
    start();
    assertThatThrownBy(() -> HttpServer.start(HttpConfig.on(address), _ -> Response.empty(200)))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("api.sock", "in use");
    assertThat(get("/a")).contains("/a of ");
    address = UnixDomainSocketAddress.of(folder.resolve("file"));
    Files.writeString(address.getPath(), "mine");
    assertThatThrownBy(() -> HttpServer.start(HttpConfig.on(address), _ -> Response.empty(200)))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("file", "no socket");
    assertThat(address.getPath()).hasContent("mine");
  }
}
