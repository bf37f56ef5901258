package dev.muster.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.catalog.Service;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// Names that are not ours, with name servers of the test's own behind us.
class RecursorsTest {
  private static final byte[] ADDRESS = {(byte) 192, 0, 2, 1};

  /// Another name server, by UDP and TCP on one port.
  private static final class Other implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final DatagramSocket socket =
        new DatagramSocket(listener.getLocalPort(), InetAddress.getLoopbackAddress());
    private final UnaryOperator<Message> answer;
    final AtomicInteger asked = new AtomicInteger();

    Other(UnaryOperator<Message> answer) throws IOException {
      this.answer = answer;
      Thread.ofVirtual().start(this::serveUdp);
      Thread.ofVirtual().start(this::serveTcp);
    }

    InetSocketAddress address() {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.getLocalPort());
    }

    private void serveUdp() {
      var packet = new DatagramPacket(new byte[4096], 4096);
      try {
        while (true) {
          socket.receive(packet);
          asked.incrementAndGet();
          byte[] bytes = java.util.Arrays.copyOf(packet.getData(), packet.getLength());
          byte[] reply = answer.apply(new Message(bytes)).toWire();
          socket.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
        }
      } catch (SocketException e) {
        // closed
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    private void serveTcp() {
      try {
        while (true) {
          try (Socket client = listener.accept()) {
            asked.incrementAndGet();
            byte[] reply = answer.apply(new Message(Running.read(client))).toWire();
            client.getOutputStream().write(Running.framed(reply));
          }
        }
      } catch (SocketException e) {
        // closed
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    @Override
    public void close() throws IOException {
      listener.close();
      socket.close();
    }
  }

  private static Message reply(Message query, int rcode, Record... answers) {
    Message reply = new Message(query.getHeader().getID());
    reply.getHeader().setFlag(Flags.QR);
    reply.getHeader().setFlag(Flags.RA);
    reply.getHeader().setRcode(rcode);
    reply.addRecord(query.getQuestion(), Section.QUESTION);
    for (Record record : answers) {
      reply.addRecord(record, Section.ANSWER);
    }
    return reply;
  }

  private static Message knows(Message query) {
    Record question = query.getQuestion();
    return reply(query, Rcode.NOERROR, new ARecord(question.getName(), DClass.IN, 77, ADDRESS));
  }

  private static DnsConfig asking(Duration timeout, InetSocketAddress... others) {
    return DnsConfig.defaults()
        .withRecursion(
            new DnsConfig.Recursion(
                List.of(others), DnsConfig.RecursorStrategy.SEQUENTIAL, timeout));
  }

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(150);

  private static String only(Message message) {
    List<Record> answers = message.getSection(Section.ANSWER);
    assertThat(answers).hasSize(1);
    return answers.getFirst().rdataToString();
  }

  @Test
  void namesOfOthersArePassedOn() throws IOException {
    try (var other = new Other(RecursorsTest::knows);
        var running = new Running(asking(LONG, other.address()))) {
      Message query = Running.query("Example.com", Type.A);
      Message byUdp = running.udp(query);
      assertThat(byUdp.getHeader().getID()).isEqualTo(query.getHeader().getID());
      assertThat(only(byUdp)).isEqualTo("192.0.2.1");
      assertThat(byUdp.getHeader().getFlag(Flags.AA)).isFalse();
      assertThat(only(running.tcp(query))).isEqualTo("192.0.2.1");
      assertThat(running.server.statistics().recursions()).isEqualTo(2);
      assertThat(running.udp("gone.service.consul", Type.A).getHeader().getFlag(Flags.RA)).isTrue();
      assertThat(only(running.udp("1.2.0.192.in-addr.arpa", Type.PTR)))
          .as("reverse names that we do not have, too")
          .isEqualTo("192.0.2.1");
    }
  }

  @Test
  void thatThereIsNoSuchNameIsAnAnswer() throws IOException {
    try (var first = new Other(query -> reply(query, Rcode.NXDOMAIN));
        var second = new Other(RecursorsTest::knows);
        var running = new Running(asking(LONG, first.address(), second.address()))) {
      assertThat(running.udp("example.com", Type.A).getRcode()).isEqualTo(Rcode.NXDOMAIN);
      assertThat(second.asked).hasValue(0);
    }
  }

  @Test
  void theNextIsAskedIfOneFails() throws IOException {
    try (var failing = new Other(query -> reply(query, Rcode.REFUSED));
        var good = new Other(RecursorsTest::knows);
        var running = new Running(asking(LONG, failing.address(), good.address()))) {
      assertThat(only(running.udp("example.com", Type.A))).isEqualTo("192.0.2.1");
      assertThat(failing.asked).hasValue(1);
    }
  }

  @Test
  void theNextIsAskedIfOneIsSilent() throws IOException {
    try (var silent = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        var good = new Other(RecursorsTest::knows);
        var running =
            new Running(
                asking(
                    Duration.ofMillis(500),
                    (InetSocketAddress) silent.getLocalSocketAddress(),
                    good.address()))) {
      assertThat(only(running.udp("example.com", Type.A))).isEqualTo("192.0.2.1");
    }
  }

  @Test
  void ifNobodyKnowsThatIsSaid() throws IOException {
    try (var silent = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        var running =
            new Running(asking(SHORT, (InetSocketAddress) silent.getLocalSocketAddress()))) {
      Message answer = running.udp(Running.withEdns(Running.query("example.com", Type.A), 1232));
      assertThat(answer.getRcode()).isEqualTo(Rcode.SERVFAIL);
      assertThat(answer.getHeader().getFlag(Flags.RA)).isTrue();
      assertThat(answer.getOPT()).isNotNull();
      assertThat(running.server.statistics().unresolved()).isEqualTo(1);
    }
  }

  @Test
  void answersToOtherQuestionsAreNotBelieved() throws IOException {
    try (var forger = new Other(query -> knows(Running.query("evil.example.com", Type.A)));
        var running = new Running(asking(SHORT, forger.address()))) {
      assertThat(running.udp("example.com", Type.A).getRcode()).isEqualTo(Rcode.SERVFAIL);
      assertThat(running.tcp(Running.query("example.com", Type.A)).getRcode())
          .isEqualTo(Rcode.SERVFAIL);
    }
  }

  @Test
  void theAddressesBehindAnAliasAreAdded() throws IOException {
    try (var other = new Other(RecursorsTest::knows);
        var running = new Running(asking(LONG, other.address()))) {
      running.node("n1", "10.0.0.1", Map.of());
      running.service("n1", "out", "svc.example.net", 443, Service.Weights.EQUAL);
      running.node("n2", "host.example.net", Map.of());
      assertThat(texts(running.udp("out.service.consul", Type.A), Section.ANSWER))
          .containsExactly(
              "out.service.consul. CNAME svc.example.net.", "svc.example.net. A 192.0.2.1");
      assertThat(texts(running.udp("out.service.consul", Type.SRV), Section.ADDITIONAL))
          .containsExactly("svc.example.net. A 192.0.2.1");
      assertThat(texts(running.udp("n2.node.consul", Type.A), Section.ANSWER))
          .containsExactly(
              "n2.node.consul. CNAME host.example.net.", "host.example.net. A 192.0.2.1");
    }
  }

  private static List<String> texts(Message message, int section) {
    return message.getSection(section).stream()
        .map(
            record -> {
              assertThat(record.getTTL()).as("ours").isZero();
              return record.getName()
                  + " "
                  + Type.string(record.getType())
                  + " "
                  + record.rdataToString();
            })
        .toList();
  }

  @Test
  void whoWaitsForOthersDoesNotHoldUpOurNames() throws Exception {
    var entered = new CountDownLatch(1);
    var leave = new CountDownLatch(1);
    UnaryOperator<Message> slow =
        query -> {
          entered.countDown();
          try {
            leave.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return knows(query);
        };
    try (var other = new Other(slow);
        var running =
            new Running(
                asking(LONG, other.address())
                    .withLimits(new DnsConfig.Limits(10, 1, 10, 10, 4, LONG)));
        Socket waiting = running.connect()) {
      running.instance("n1", "10.0.0.1", "web", 80);
      Message query = Running.query("example.com", Type.A);
      waiting.getOutputStream().write(Running.framed(query.toWire()));
      entered.await();
      Message ours = Running.query("web.service.consul", Type.A);
      waiting.getOutputStream().write(Running.framed(ours.toWire()));
      assertThat(only(new Message(Running.read(waiting)))).as("overtakes").isEqualTo("10.0.0.1");
      assertThat(running.udp("example.org", Type.A).getRcode())
          .as("one recursion is allowed")
          .isEqualTo(Rcode.SERVFAIL);
      leave.countDown();
      assertThat(only(new Message(Running.read(waiting)))).isEqualTo("192.0.2.1");
    }
  }

  @Test
  void theOrderMayBeRandom() throws IOException {
    try (var first = new Other(RecursorsTest::knows);
        var second = new Other(RecursorsTest::knows);
        var running =
            new Running(
                DnsConfig.defaults()
                    .withRecursion(
                        new DnsConfig.Recursion(
                            List.of(first.address(), second.address()),
                            DnsConfig.RecursorStrategy.RANDOM,
                            LONG)))) {
      for (int i : IntStream.range(0, 30).toArray()) {
        assertThat(only(running.udp("h" + i + ".example.com", Type.A))).isEqualTo("192.0.2.1");
      }
      assertThat(first.asked.get()).isBetween(1, 29);
      assertThat(first.asked.get() + second.asked.get()).isEqualTo(30);
    }
  }
}
