package dev.muster.dns;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;

/// Passes queries on to the configured name servers, one after the other until one knows. Each
/// question has an id and a socket of its own, so that a forged answer has to guess both.
/// Thread-safe; blocks.
final class Recursors implements Upstream {
  private static final Logger LOG = LoggerFactory.getLogger(Recursors.class);

  private final DnsConfig.Recursion recursion;
  private final Semaphore permits;
  private final LongSupplier nanoTime;
  private final RandomGenerator random;
  private final Counters counters;

  /// @param permits one for each question that may wait at the same time
  Recursors(
      DnsConfig.Recursion recursion,
      Semaphore permits,
      LongSupplier nanoTime,
      RandomGenerator random,
      Counters counters) {
    this.recursion = recursion;
    this.permits = permits;
    this.nanoTime = nanoTime;
    this.random = random;
    this.counters = counters;
  }

  @Override
  public Optional<byte[]> ask(byte[] query, boolean byTcp) {
    if (recursion.recursors().isEmpty()) {
      return Optional.empty();
    }
    if (!permits.tryAcquire()) {
      counters.shed();
      return Optional.empty();
    }
    try {
      counters.recursed();
      Optional<byte[]> answer = askInTurn(query, byTcp);
      if (answer.isEmpty()) {
        counters.unresolved();
      }
      return answer;
    } finally {
      permits.release();
    }
  }

  private Optional<byte[]> askInTurn(byte[] query, boolean byTcp) {
    byte[] renamed = query.clone();
    int id = random.nextInt(1 << 16);
    renamed[0] = (byte) (id >>> 8);
    renamed[1] = (byte) id;
    for (InetSocketAddress recursor : order()) {
      try {
        byte[] answer = byTcp ? askByTcp(recursor, renamed) : askByUdp(recursor, renamed);
        int rcode = answer[3] & 0xF;
        if (rcode == Rcode.NOERROR || rcode == Rcode.NXDOMAIN) {
          answer[0] = query[0];
          answer[1] = query[1];
          return Optional.of(answer);
        }
        LOG.debug("recursor {} answered {}", recursor, Rcode.string(rcode));
      } catch (IOException e) {
        LOG.debug("recursor {} gave no answer: {}", recursor, e.toString());
      }
    }
    return Optional.empty();
  }

  private List<InetSocketAddress> order() {
    return switch (recursion.strategy()) {
      case SEQUENTIAL -> recursion.recursors();
      case RANDOM -> {
        List<InetSocketAddress> shuffled = new ArrayList<>(recursion.recursors());
        Collections.shuffle(shuffled, Random.from(random));
        yield shuffled;
      }
    };
  }

  private byte[] askByUdp(InetSocketAddress recursor, byte[] query) throws IOException {
    long deadline = nanoTime.getAsLong() + recursion.timeout().toNanos();
    try (var socket = new DatagramSocket()) {
      socket.connect(recursor); // the kernel drops what others send
      socket.send(new DatagramPacket(query, query.length));
      var packet = new DatagramPacket(new byte[Query.TCP_BYTES_MAX], Query.TCP_BYTES_MAX);
      while (true) {
        socket.setSoTimeout(millisLeft(deadline));
        socket.receive(packet);
        byte[] answer = Arrays.copyOf(packet.getData(), packet.getLength());
        if (isAnswer(answer, query)) {
          return answer;
        }
      }
    }
  }

  private byte[] askByTcp(InetSocketAddress recursor, byte[] query) throws IOException {
    long deadline = nanoTime.getAsLong() + recursion.timeout().toNanos();
    try (var socket = new Socket()) {
      socket.connect(recursor, millisLeft(deadline));
      var out = new DataOutputStream(socket.getOutputStream());
      byte[] framed = new byte[query.length + 2];
      framed[0] = (byte) (query.length >>> 8);
      framed[1] = (byte) query.length;
      System.arraycopy(query, 0, framed, 2, query.length);
      out.write(framed); // at once: some servers want the length and the message in one segment
      var in = new DataInputStream(socket.getInputStream());
      socket.setSoTimeout(millisLeft(deadline));
      byte[] answer = new byte[in.readUnsignedShort()];
      int filled = 0;
      while (filled < answer.length) {
        socket.setSoTimeout(millisLeft(deadline));
        int read = in.read(answer, filled, answer.length - filled);
        if (read < 0) {
          throw new IOException("it closed the connection within an answer");
        }
        filled += read;
      }
      if (!isAnswer(answer, query)) {
        throw new IOException("it answered something else");
      }
      return answer;
    }
  }

  private int millisLeft(long deadline) throws SocketTimeoutException {
    long left = deadline - nanoTime.getAsLong();
    if (left <= 0) {
      throw new SocketTimeoutException("it took longer than " + recursion.timeout());
    }
    return (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(left));
  }

  private static boolean isAnswer(byte[] answer, byte[] query) {
    try {
      Message message = new Message(answer);
      return answer[0] == query[0]
          && answer[1] == query[1]
          && message.getHeader().getFlag(Flags.QR)
          && message.getQuestion() != null
          && message.getQuestion().equals(new Message(query).getQuestion());
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }
}
