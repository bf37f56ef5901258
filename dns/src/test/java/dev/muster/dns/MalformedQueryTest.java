package dev.muster.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// What is no query is counted and hurts nobody.
class MalformedQueryTest {
  private static final int SEEDS = 1_000;
  private Running running;

  @BeforeEach
  void start() throws IOException {
    running = new Running();
    running.instance("n1", "10.0.0.1", "web", 80);
  }

  @AfterEach
  void stop() {
    running.close();
  }

  private static byte[] good() {
    return Running.query("web.service.consul", Type.A).toWire();
  }

  private void assertServes() throws IOException {
    assertThat(new Message(running.udp(good())).getSection(Section.ANSWER)).hasSize(1);
  }

  private void assertDropped(byte[]... packets) throws IOException {
    try (var socket = new DatagramSocket()) {
      socket.connect(running.server.address());
      socket.setSoTimeout(10_000);
      for (byte[] packet : packets) {
        socket.send(new DatagramPacket(packet, packet.length));
      }
      // The answer to a query behind them is the first that comes.
      byte[] query = good();
      socket.send(new DatagramPacket(query, query.length));
      var answer = new DatagramPacket(new byte[512], 512);
      socket.receive(answer);
      assertThat(Arrays.copyOf(answer.getData(), 2)).isEqualTo(Arrays.copyOf(query, 2));
    }
    assertThat(running.server.statistics().malformed()).isEqualTo(packets.length);
  }

  private Header refused(byte[] query) throws IOException {
    byte[] answer = running.udp(query);
    assertThat(answer).as("a header alone").hasSize(12);
    Header header = new Header(answer);
    assertThat(header.getID()).isEqualTo(new Header(query).getID());
    assertThat(header.getFlag(Flags.QR)).isTrue();
    return header;
  }

  @Test
  void lessThanAHeaderIsDropped() throws IOException {
    assertDropped(new byte[1], Arrays.copyOf(good(), 11));
  }

  @Test
  void answersAreDropped() throws IOException {
    byte[] answer = good();
    answer[2] |= (byte) 0x80;
    assertDropped(answer);
  }

  @Test
  void whatEndsWithinTheQuestionIsMalformed() throws IOException {
    for (int length : new int[] {12, 13, 20, good().length - 1}) {
      assertThat(refused(Arrays.copyOf(good(), length)).getRcode()).isEqualTo(Rcode.FORMERR);
    }
    assertThat(running.server.statistics().malformed()).isEqualTo(4);
    assertServes();
  }

  @Test
  void namesThatReferToThemselvesAreMalformed() throws IOException {
    byte[] loop = Arrays.copyOf(good(), 18);
    loop[12] = (byte) 0xC0;
    loop[13] = 12;
    assertThat(refused(loop).getRcode()).isEqualTo(Rcode.FORMERR);
    byte[] forward = Arrays.copyOf(good(), 18);
    forward[12] = (byte) 0xC0;
    forward[13] = 16;
    assertThat(refused(forward).getRcode()).isEqualTo(Rcode.FORMERR);
    assertServes();
  }

  @Test
  void aQueryThatSaysItWasCutIsMalformedIfItWas() throws IOException {
    byte[] cut = Arrays.copyOf(good(), 20);
    cut[2] |= 0x02;
    assertThat(refused(cut).getRcode()).isEqualTo(Rcode.FORMERR);
  }

  @Test
  void thereIsOneQuestion() throws IOException {
    Message two = Running.query("web.service.consul", Type.A);
    two.addRecord(two.getQuestion(), Section.QUESTION);
    assertThat(refused(two.toWire()).getRcode()).isEqualTo(Rcode.FORMERR);
    Message none = new Message();
    assertThat(refused(none.toWire()).getRcode()).isEqualTo(Rcode.FORMERR);
    Message twice = Running.withEdns(Running.query("web.service.consul", Type.A), 512);
    Record edns = new OPTRecord(1232, 0, 0);
    twice.addRecord(edns, Section.ADDITIONAL);
    assertThat(refused(twice.toWire()).getRcode()).isEqualTo(Rcode.FORMERR);
  }

  @Test
  void onlyQueriesAreImplemented() throws IOException {
    Message update = Running.query("consul", Type.SOA);
    update.getHeader().setOpcode(Opcode.UPDATE);
    Header header = refused(update.toWire());
    assertThat(header.getRcode()).isEqualTo(Rcode.NOTIMP);
    assertThat(header.getOpcode()).isEqualTo(Opcode.UPDATE);
    for (int type : new int[] {Type.AXFR, Type.IXFR}) {
      Message answer = running.tcp(Running.query("consul", type));
      assertThat(answer.getRcode()).isEqualTo(Rcode.NOTIMP);
    }
  }

  @Test
  void aNewerEdnsIsAnswered() throws IOException {
    Message query = Running.query("web.service.consul", Type.A);
    query.addRecord(new OPTRecord(1232, 0, 1), Section.ADDITIONAL);
    Message answer = running.udp(query);
    assertThat(answer.getRcode()).isEqualTo(Rcode.BADVERS);
    assertThat(answer.getOPT()).isNotNull();
  }

  @Test
  void randomBytesAndBrokenQueriesLeaveItRunning() throws IOException {
    var random = new Random(20_261_123);
    long sent = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      byte[] packet = random.nextBoolean() ? noise(random) : broken(random);
      try (var socket = new DatagramSocket()) {
        socket.connect(running.server.address());
        socket.send(new DatagramPacket(packet, packet.length));
        sent++;
      }
      if (seed % 100 == 0) {
        assertServes();
        sent++;
      }
    }
    assertServes();
    try (Socket socket = running.connect()) {
      socket.getOutputStream().write(Running.framed(noise(random)));
      socket.getOutputStream().write(noise(random));
    }
    assertServes();
    assertThat(running.server.statistics().failed()).as("errors of ours").isZero();
    assertThat(running.server.statistics().malformed()).isBetween(sent / 4, sent);
  }

  private static byte[] noise(Random random) {
    byte[] bytes = new byte[random.nextInt(600)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] broken(Random random) {
    byte[] bytes = good();
    for (int i = random.nextInt(4); i >= 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    return random.nextBoolean() ? bytes : Arrays.copyOf(bytes, random.nextInt(bytes.length));
  }
}
