package dev.muster.health.probe;

import static dev.muster.registry.catalog.Check.Status.CRITICAL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.catalog.Probe;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SocketProbesTest {
  private final Look look = new Look();

  @AfterEach
  void close() {
    look.close();
  }

  private static Probe.Tcp tcp(String target, Probe.Tls tls) {
    return new Probe.Tcp(target, Look.RHYTHM, tls);
  }

  @Test
  void aConnectionThatIsAcceptedIsPassing() throws Exception {
    try (var target = new Target()) {
      assertThat(look.at(tcp(target.address(), Probe.Tls.NONE)))
          .isEqualTo(Result.passing("TCP connect " + target.address() + ": Success"));
      String byName = "localhost:" + target.port();
      assertThat(look.at(tcp(byName, Probe.Tls.NONE)))
          .isEqualTo(Result.passing("TCP connect " + byName + ": Success"));
      var soon = Look.within(Duration.ofMillis(200));
      assertThat(look.at(new Probe.Tcp(target.address(), soon, Look.UNVERIFIED)))
          .isEqualTo(Result.critical("TLS handshake timeout"));
    }
    String closed = "127.0.0.1:" + Target.closedPort();
    assertThat(look.at(tcp(closed, Probe.Tls.NONE)))
        .isEqualTo(Result.critical("dial tcp " + closed + ": connect: connection refused"));
    assertThat(look.at(tcp("host.invalid:1", Probe.Tls.NONE)))
        .isEqualTo(Result.critical("dial tcp: lookup host.invalid: no such host"));
    assertThat(look.at(tcp("host", Probe.Tls.NONE)))
        .isEqualTo(Result.critical("dial tcp: address host: missing port in address"));
  }

  @Test
  void overTlsHandsMustBeShaken() throws Exception {
    try (Target target = Target.overTls()) {
      String success = "TCP connect " + target.address() + ": Success";
      assertThat(look.at(tcp(target.address(), Look.NAMED))).isEqualTo(Result.passing(success));
      assertThat(look.at(tcp(target.address(), Look.UNVERIFIED)))
          .isEqualTo(Result.passing(success));
      assertThat(look.at(tcp(target.address(), Look.UNNAMED)).status()).isEqualTo(CRITICAL);
    }
  }

  @Test
  void aDatagramThatIsAnsweredIsPassing() throws Exception {
    try (var echo = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      Thread server = Thread.startVirtualThread(() -> echo(echo));
      String target = "127.0.0.1:" + echo.getLocalPort();
      assertThat(look.at(new Probe.Udp(target, Look.RHYTHM)))
          .isEqualTo(Result.passing("UDP connect " + target + ": Success"));
      server.join();
    }
  }

  private static void echo(DatagramSocket socket) {
    try {
      var packet = new DatagramPacket(new byte[16], 16);
      socket.receive(packet);
      packet.setLength(1);
      socket.send(packet);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aDatagramThatIsNotRefusedIsPassing() throws Exception {
    try (var silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      String target = "127.0.0.1:" + silent.getLocalPort();
      var probe = new Probe.Udp(target, Look.within(Duration.ofMillis(100)));
      assertThat(look.at(probe)).isEqualTo(Result.passing("UDP connect " + target + ": Success"));
    }
  }

  @Test
  void aDatagramThatIsRefusedIsCritical() throws Exception {
    int port;
    try (var socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    Result result = look.at(new Probe.Udp("127.0.0.1:" + port, Look.RHYTHM));
    assertThat(result)
        .isEqualTo(
            Result.critical("read udp 127.0.0.1:%d: read: connection refused".formatted(port)));
    assertThat(look.at(new Probe.Udp("host.invalid:1", Look.RHYTHM)).output())
        .isEqualTo("dial udp: lookup host.invalid: no such host");
  }
}
