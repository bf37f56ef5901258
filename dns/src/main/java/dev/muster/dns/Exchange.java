package dev.muster.dns;

import dev.muster.registry.RegistryUnavailable;
import dev.muster.registry.View;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// From the bytes of a query to those of its answer: what is no query is dropped or refused, what
/// is ours is answered, the rest is passed on. Blocks while others are asked. Thread-safe.
final class Exchange {
  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
  private static final int HEADER_BYTES = 12;

  /// Whoever can make a query fail can do so thousands of times a second.
  private static final long NANOS_BETWEEN_WARNINGS = TimeUnit.SECONDS.toNanos(10);

  private final Answers answers;
  private final Supplier<View> views;
  private final Upstream upstream;
  private final DnsConfig config;
  private final Counters counters;
  private final LongSupplier nanoTime;
  private final AtomicLong nextWarning;

  Exchange(
      Answers answers,
      Supplier<View> views,
      Upstream upstream,
      DnsConfig config,
      Counters counters,
      LongSupplier nanoTime) {
    this.answers = answers;
    this.views = views;
    this.upstream = upstream;
    this.config = config;
    this.counters = counters;
    this.nanoTime = nanoTime;
    nextWarning = new AtomicLong(nanoTime.getAsLong());
  }

  /// The answer; empty if none is due.
  Optional<byte[]> answer(byte[] packet, InetAddress client, boolean byTcp) {
    counters.query(byTcp);
    Optional<Header> readable = header(packet);
    if (readable.isEmpty() || readable.get().getFlag(Flags.QR)) {
      counters.malformed(); // an answer to an answer might go back and forth for ever
      return Optional.empty();
    }
    Header header = readable.get();
    if (header.getOpcode() != Opcode.QUERY) {
      return Optional.of(bare(header, Rcode.NOTIMP));
    }
    Message message;
    try {
      message = new Message(packet);
    } catch (IOException | RuntimeException e) {
      LOG.debug("malformed query from {}: {}", client, e.toString());
      return malformed(header);
    }
    if (!isPlausible(header, message)) {
      return malformed(header);
    }
    return Optional.of(answer(packet, new Query(message, client, byTcp)));
  }

  private static Optional<Header> header(byte[] packet) {
    if (packet.length < HEADER_BYTES) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Header(packet));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private Optional<byte[]> malformed(Header header) {
    counters.malformed();
    return Optional.of(bare(header, Rcode.FORMERR));
  }

  /// One question, and beside it not more than extensions need (a signature, EDNS once).
  private static boolean isPlausible(Header header, Message message) {
    return header.getCount(Section.QUESTION) == 1
        && message.getQuestion() != null // the library forgives a query that says it was cut
        && header.getCount(Section.ANSWER) <= 1
        && header.getCount(Section.AUTHORITY) <= 1
        && header.getCount(Section.ADDITIONAL) <= 2
        && message.getSection(Section.ADDITIONAL).stream()
                .map(Record::getType)
                .filter(type -> type == Type.OPT)
                .count()
            <= 1;
  }

  private byte[] answer(byte[] packet, Query query) {
    try {
      OPTRecord edns = query.edns();
      if (edns != null && edns.getVersion() > 0) {
        return refusal(query, Rcode.BADVERS);
      }
      int dclass = query.message().getQuestion().getDClass();
      if (dclass != DClass.IN && dclass != DClass.ANY) {
        return refusal(query, Rcode.REFUSED);
      }
      Optional<Message> answer = answers.answer(query, views.get());
      return answer.isPresent() ? encode(answer.get()) : passOn(packet, query);
    } catch (RegistryUnavailable e) {
      LOG.debug("{} cannot be answered: {}", query.name(), e.getMessage());
    } catch (RuntimeException e) {
      warn(query, e);
    }
    counters.failed();
    return refusal(query, Rcode.SERVFAIL);
  }

  private void warn(Query query, RuntimeException failure) {
    LOG.debug("answering failed", failure);
    long now = nanoTime.getAsLong();
    long due = nextWarning.get();
    if (now - due >= 0 && nextWarning.compareAndSet(due, now + NANOS_BETWEEN_WARNINGS)) {
      LOG.warn(
          "answering {} of type {} failed (told every {} s at most): {}",
          query.name(),
          Type.string(query.type()),
          TimeUnit.NANOSECONDS.toSeconds(NANOS_BETWEEN_WARNINGS),
          failure.toString());
    }
  }

  private byte[] passOn(byte[] packet, Query query) {
    boolean isReverse = Answers.isReverse(query.name());
    if (config.recursion().recursors().isEmpty() && !isReverse) {
      return refusal(query, Rcode.REFUSED);
    }
    return upstream
        .ask(packet, query.byTcp())
        .orElseGet(
            () -> {
              Message failure = Answers.reply(query, Rcode.SERVFAIL);
              failure.getHeader().setFlag(Flags.RA);
              Answers.addEdns(query, failure, 0, false);
              return encode(failure);
            });
  }

  private byte[] refusal(Query query, int rcode) {
    Message refusal = Answers.reply(query, rcode);
    Answers.addEdns(query, refusal, rcode, false);
    return encode(refusal);
  }

  private byte[] encode(Message message) {
    return Wire.encode(message, config.answering().compressesNames());
  }

  /// The answer to a query that could not be taken for want of room.
  static Optional<byte[]> overloaded(byte[] packet) {
    return header(packet)
        .filter(header -> !header.getFlag(Flags.QR))
        .map(header -> bare(header, Rcode.SERVFAIL));
  }

  /// Says no more than that: the query behind the header may be anything.
  private static byte[] bare(Header asked, int rcode) {
    Header header = new Header(asked.getID());
    header.setFlag(Flags.QR);
    header.setOpcode(asked.getOpcode());
    if (asked.getFlag(Flags.RD)) {
      header.setFlag(Flags.RD);
    }
    header.setRcode(rcode);
    return header.toWire();
  }
}
