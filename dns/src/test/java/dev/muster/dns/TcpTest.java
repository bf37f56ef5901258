package dev.muster.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// Connections: many queries in one, a bound on everything.
class TcpTest {
  private static DnsConfig limits(int queries, int connections, int perConnection, Duration idle) {
    return DnsConfig.defaults()
        .withLimits(new DnsConfig.Limits(queries, 1, connections, 3, perConnection, idle));
  }

  private static final Duration LONG = Duration.ofMinutes(1);

  private static byte[] query(int id) {
    Message query = Running.query("web.service.consul", Type.A);
    query.getHeader().setID(id);
    return Running.framed(query.toWire());
  }

  private static Set<Integer> readIds(Socket socket, int count) throws IOException {
    Set<Integer> ids = new HashSet<>();
    for (int i = 0; i < count; i++) {
      Message answer = new Message(Running.read(socket));
      assertThat(answer.getSection(Section.ANSWER)).hasSize(1);
      ids.add(answer.getHeader().getID());
    }
    return ids;
  }

  @Test
  void manyQueriesAreSentWithoutWaiting() throws IOException {
    try (var running = new Running(limits(100, 10, 4, LONG))) {
      running.instance("n1", "10.0.0.1", "web", 80);
      try (Socket socket = running.connect()) {
        var all = new ByteArrayOutputStream();
        for (int id = 0; id < 500; id++) {
          all.writeBytes(query(id));
        }
        socket.getOutputStream().write(all.toByteArray());
        assertThat(readIds(socket, 500)).hasSize(500);
      }
      assertThat(running.server.statistics().tcpQueries()).isEqualTo(500);
    }
  }

  @Test
  void aQueryMayComeByteByByte() throws IOException {
    try (var running = new Running()) {
      running.instance("n1", "10.0.0.1", "web", 80);
      try (Socket socket = running.connect()) {
        socket.setTcpNoDelay(true);
        for (byte part : query(7)) {
          socket.getOutputStream().write(part);
        }
        assertThat(readIds(socket, 1)).containsExactly(7);
      }
    }
  }

  @Test
  void aClientThatSaysNoMoreStillGetsItsAnswers() throws IOException {
    try (var running = new Running()) {
      running.instance("n1", "10.0.0.1", "web", 80);
      try (Socket socket = running.connect()) {
        socket.getOutputStream().write(query(1));
        socket.getOutputStream().write(query(2));
        socket.shutdownOutput();
        assertThat(readIds(socket, 2)).containsExactlyInAnyOrder(1, 2);
        assertThat(socket.getInputStream().read()).as("closed").isEqualTo(-1);
      }
    }
  }

  @Test
  void idleConnectionsAreClosedAlsoThoseThatTrickle() throws IOException {
    try (var running = new Running(limits(10, 10, 4, Duration.ofMillis(200)))) {
      try (Socket silent = running.connect();
          Socket trickling = running.connect()) {
        trickling.getOutputStream().write(query(1), 0, 5);
        assertThat(silent.getInputStream().read()).isEqualTo(-1);
        assertThat(trickling.getInputStream().read()).isEqualTo(-1);
      }
    }
  }

  @Test
  void whatIsNoQueryEndsTheConnection() throws IOException {
    try (var running = new Running();
        Socket socket = running.connect()) {
      socket.getOutputStream().write(Running.framed(new byte[5]));
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
      assertThat(running.server.statistics().malformed()).isEqualTo(1);
    }
  }

  private static void assertAnswers(Socket socket, int id) throws IOException {
    socket.getOutputStream().write(query(id));
    assertThat(readIds(socket, 1)).containsExactly(id);
  }

  @Test
  void beyondTheLimitTheLongestIdleConnectionMakesRoom() throws IOException {
    try (var running = new Running(limits(10, 2, 4, LONG))) {
      running.instance("n1", "10.0.0.1", "web", 80);
      try (Socket first = running.connect();
          Socket second = running.connect()) {
        assertAnswers(first, 1);
        assertAnswers(second, 2);
        assertAnswers(first, 3);
        try (Socket third = running.connect()) {
          assertAnswers(third, 4);
          assertThat(second.getInputStream().read()).as("closed").isEqualTo(-1);
          assertAnswers(first, 5);
        }
      }
    }
  }

  @Test
  void oneAddressHasOnlySoManyConnections() throws IOException {
    try (var running = new Running(limits(10, 100, 4, LONG))) {
      running.instance("n1", "10.0.0.1", "web", 80);
      try (Socket first = running.connect();
          Socket second = running.connect();
          Socket third = running.connect();
          Socket fourth = running.connect();
          Socket other = new Socket()) {
        assertThat(fourth.getInputStream().read()).as("closed").isEqualTo(-1);
        assertAnswers(first, 1);
        assertAnswers(second, 2);
        assertAnswers(third, 3);
        other.bind(new InetSocketAddress("127.0.0.2", 0));
        other.connect(running.server.address());
        assertAnswers(other, 4);
        assertThat(running.server.statistics().shed()).isEqualTo(1);
      }
    }
  }

  @Test
  void queriesBeyondTheLimitAreTurnedAway() throws Exception {
    var entered = new CountDownLatch(1);
    var leave = new CountDownLatch(1);
    PreparedQueries slow =
        (_, _, _) -> {
          entered.countDown();
          try {
            leave.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return Optional.empty();
        };
    try (var running = new Running(limits(1, 10, 4, LONG), slow);
        Socket busy = running.connect()) {
      Message query = Running.query("slow.query.consul", Type.A);
      busy.getOutputStream().write(Running.framed(query.toWire()));
      entered.await();
      Message turnedAway = running.tcp(Running.query("web.service.consul", Type.A));
      assertThat(turnedAway.getRcode()).isEqualTo(Rcode.SERVFAIL);
      leave.countDown();
      assertThat(new Message(Running.read(busy)).getRcode()).isEqualTo(Rcode.NXDOMAIN);
      assertThat(running.server.statistics().shed()).isEqualTo(1);
    }
  }
}
