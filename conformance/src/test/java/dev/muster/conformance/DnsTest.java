package dev.muster.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What is registered by HTTP is found by DNS, in the octets of RFC 1035.
class DnsTest {
  private static final int WAIT_MILLIS = 20_000;
  private static final int ADDRESS = 1;
  private static final int SERVICE = 33;

  @Test
  void aRegisteredServiceIsFoundByUdpAndTcp() throws Exception {
    try (RunningAgent agent = RunningAgent.dev("-datacenter=east");
        Client api = agent.api()) {
      api.put(
              "agent/service/register",
              """
              {"Name": "web", "Address": "10.2.2.2", "Port": 8081}
              """)
          .orFail();
      ByteBuffer byUdp = udp(agent.dnsPort(), query("_web._tcp.service.consul", SERVICE));
      assertThat(answers(byUdp)).as("answers by UDP").isEqualTo(1);
      assertThat(new String(byUdp.array(), StandardCharsets.ISO_8859_1))
          .contains("0a020202\4addr\4east\6consul");
      ByteBuffer byTcp = tcp(agent.dnsPort(), query("web.service.east.consul", ADDRESS));
      assertThat(answers(byTcp)).as("answers by TCP").isEqualTo(1);
      assertThat(byTcp.getInt(byTcp.capacity() - 4)).isEqualTo(0x0A02_0202);
      assertThat(api.get("agent/metrics").orFail().body()).contains("muster.dns.query");
    }
  }

  @Test
  void itCanBeSwitchedOff() throws Exception {
    List<String> arguments = new ArrayList<>(List.of("agent", "-dev", "-dns-port=-1"));
    Muster.FREE_PORTS.stream()
        .filter(port -> !port.startsWith("-dns-port"))
        .forEach(arguments::add);
    try (RunningAgent agent =
        RunningAgent.start(Muster.command(arguments.toArray(String[]::new)))) {
      assertThat(agent.nodeName()).isNotEmpty();
      assertThat(agent.log()).doesNotContain("DNS on");
    }
  }

  /// The flags and codes say that all went well; how many answers there are.
  private static int answers(ByteBuffer message) {
    assertThat(message.getShort(0)).isEqualTo((short) 7);
    assertThat(message.getShort(2) & 0x8FFF).as("an answer with authority").isEqualTo(0x8500);
    return message.getShort(6);
  }

  private static byte[] query(String name, int type) {
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(new byte[] {0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0});
    for (String label : name.split("\\.")) {
      bytes.write(label.length());
      bytes.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
    }
    bytes.writeBytes(new byte[] {0, 0, (byte) type, 0, 1});
    return bytes.toByteArray();
  }

  private static ByteBuffer udp(int port, byte[] query) throws IOException {
    try (var socket = new DatagramSocket()) {
      socket.connect(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(WAIT_MILLIS);
      socket.send(new DatagramPacket(query, query.length));
      var packet = new DatagramPacket(new byte[512], 512);
      socket.receive(packet);
      return ByteBuffer.wrap(Arrays.copyOf(packet.getData(), packet.getLength()));
    }
  }

  private static ByteBuffer tcp(int port, byte[] query) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(WAIT_MILLIS);
      socket.getOutputStream().write(new byte[] {0, (byte) query.length});
      socket.getOutputStream().write(query);
      var in = new DataInputStream(socket.getInputStream());
      byte[] answer = new byte[in.readUnsignedShort()];
      in.readFully(answer);
      return ByteBuffer.wrap(answer);
    }
  }
}
