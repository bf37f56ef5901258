package dev.muster.dns;

import dev.muster.consensus.ConsensusConfig;
import dev.muster.consensus.testing.InMemoryEngine;
import dev.muster.registry.Command;
import dev.muster.registry.Registry;
import dev.muster.registry.Reply;
import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.Node;
import dev.muster.registry.catalog.Probe;
import dev.muster.registry.catalog.Service;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/// A server on a free port over a registry on an engine in memory, and a client of plain sockets.
final class Running implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-11-22T22:08:00Z");
  static final PreparedQueries NONE = (_, _, _) -> Optional.empty();

  private static final int TIMEOUT_MILLIS = 10_000;
  private static final Probe EXTERNAL = new Probe.External(new Probe.None());

  final InMemoryEngine engine = new InMemoryEngine(new InMemoryEngine.Disk(), Integer.MAX_VALUE);
  final Registry registry;
  final DnsServer server;

  Running() throws IOException {
    this(DnsConfig.defaults(), NONE);
  }

  Running(DnsConfig config) throws IOException {
    this(config, NONE);
  }

  Running(DnsConfig config, PreparedQueries queries) throws IOException {
    registry = Registry.start(engine, ConsensusConfig.defaults());
    server =
        DnsServer.start(
            config,
            new InetSocketAddress("127.0.0.1", 0),
            registry,
            queries,
            InstantSource.fixed(NOW),
            System::nanoTime,
            new Random(7));
  }

  Running node(String name, String address, Map<String, String> meta) {
    var node = new Node(name, "", address, Map.of(), meta, 0, 0);
    return submit(new Command.Register(name, node, null, List.of(), false));
  }

  /// An instance of the service with the id of its node, on a node that is there.
  Running service(
      String node,
      String service,
      String address,
      int port,
      Service.Weights weights,
      String... tags) {
    var definition =
        new Service.Definition(
            service, "", List.of(tags), address, port, Map.of(), Map.of(), weights, false);
    var instance = new Service(node, service + "-" + port, definition, 0, 0);
    return submit(new Command.Register(node, null, instance, List.of(), false));
  }

  /// A node with an instance of the service on it.
  Running instance(String node, String address, String service, int port) {
    node(node, address, Map.of());
    return service(node, service, "", port, Service.Weights.EQUAL);
  }

  Running check(String node, String serviceId, Check.Status status) {
    var check = new Check(node, "c1", serviceId, "c", "", status, "", EXTERNAL, 0, 0);
    return submit(new Command.Register(node, null, null, List.of(check), false));
  }

  Running submit(Command command) {
    if (!(registry.submit(command) instanceof Reply.Done)) {
      throw new AssertionError("refused: " + command);
    }
    return this;
  }

  static Message query(String name, int type) {
    return query(name, type, DClass.IN);
  }

  static Message query(String name, int type, int dclass) {
    Message query = new Message();
    query.getHeader().setFlag(Flags.RD);
    query.addRecord(
        Record.newRecord(Name.fromConstantString(name + "."), type, dclass), Section.QUESTION);
    return query;
  }

  static Message withEdns(Message query, int bytes) {
    query.addRecord(new OPTRecord(bytes, 0, 0), Section.ADDITIONAL);
    return query;
  }

  Message udp(String name, int type) throws IOException {
    return new Message(udp(query(name, type).toWire()));
  }

  Message udp(Message query) throws IOException {
    return new Message(udp(query.toWire()));
  }

  byte[] udp(byte[] query) throws IOException {
    try (var socket = new DatagramSocket()) {
      socket.connect(server.address());
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.send(new DatagramPacket(query, query.length));
      var packet = new DatagramPacket(new byte[65_535], 65_535);
      socket.receive(packet);
      return java.util.Arrays.copyOf(packet.getData(), packet.getLength());
    }
  }

  Socket connect() throws IOException {
    var socket = new Socket();
    socket.connect(server.address());
    socket.setSoTimeout(TIMEOUT_MILLIS);
    return socket;
  }

  Message tcp(Message query) throws IOException {
    try (var socket = connect()) {
      socket.getOutputStream().write(framed(query.toWire()));
      return new Message(read(socket));
    }
  }

  static byte[] framed(byte[] message) {
    byte[] framed = new byte[message.length + 2];
    framed[0] = (byte) (message.length >>> 8);
    framed[1] = (byte) message.length;
    System.arraycopy(message, 0, framed, 2, message.length);
    return framed;
  }

  static byte[] read(Socket socket) throws IOException {
    var in = new DataInputStream(socket.getInputStream());
    byte[] message = new byte[in.readUnsignedShort()];
    in.readFully(message);
    return message;
  }

  @Override
  public void close() {
    server.close();
    registry.close();
  }
}
