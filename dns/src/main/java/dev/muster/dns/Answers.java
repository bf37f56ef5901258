package dev.muster.dns;

import dev.muster.registry.View;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.xbill.DNS.ClientSubnetOption;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// Answers queries from a view of the registry. Does no I/O, except that an [Upstream] may be
/// asked for the addresses of hosts whose names are not ours; the same view, seed and time give
/// the same answer. Thread-safe.
final class Answers {
  private static final Name ARPA = Name.fromConstantString("arpa.");

  /// The smallest record there is: a name that refers to another one, and an IPv4 address.
  private static final int RECORD_BYTES_MIN = 16;

  /// More answers than this help nobody who has no EDNS.
  private static final int PLAIN_ANSWERS_MAX = 8;

  private static final RandomGeneratorFactory<RandomGenerator> GENERATORS =
      RandomGeneratorFactory.of("L64X128MixRandom");

  private final Lookup.Sources sources;
  private final DnsConfig config;
  private final ReverseNames reverse = new ReverseNames();
  private final RandomGenerator random;
  private final InstantSource clock;
  private final Counters counters;

  /// @param random thread-safe; gives one seed per query
  Answers(Lookup.Sources sources, RandomGenerator random, InstantSource clock, Counters counters) {
    this.sources = sources;
    this.config = sources.config();
    this.random = random;
    this.clock = clock;
    this.counters = counters;
  }

  static boolean isReverse(Name name) {
    return name.subdomain(ARPA);
  }

  /// The answer, small enough for the client; empty if the name is not ours.
  Optional<Message> answer(Query query, View view) {
    Name name = query.name();
    if (isReverse(name)) {
      return pointer(query, view).map(finding -> message(query, finding));
    }
    Optional<Name> suffix = sources.zone().suffixOf(name);
    if (suffix.isEmpty()) {
      return Optional.empty();
    }
    Lookup lookup = new Lookup(sources, view, query, GENERATORS.create(random.nextLong()));
    Finding finding = find(query, suffix.get(), lookup);
    if (finding.isNegative()) {
      finding = finding.withAuthority(authority(suffix.get()));
    }
    return Optional.of(message(query, finding));
  }

  private Finding find(Query query, Name suffix, Lookup lookup) {
    return switch (query.type()) {
      case Type.NS -> lookup.nameServers(suffix);
      case Type.SOA -> {
        Finding servers = lookup.nameServers(suffix);
        yield servers.with(List.of(authority(suffix)), servers.answers(), servers.additional());
      }
      case Type.AXFR, Type.IXFR -> Finding.NOT_IMPLEMENTED;
      default -> lookup.find(suffix);
    };
  }

  private Optional<Finding> pointer(Query query, View view) {
    if (query.type() != Type.PTR && query.type() != Type.ANY) {
      return Optional.empty();
    }
    InetAddress address;
    try {
      address = ReverseMap.fromName(query.name());
    } catch (UnknownHostException e) {
      return Optional.empty(); // part of an address
    }
    var names = new Names(sources.zone().domain(), config.datacenter());
    return reverse
        .owner(Address.key(address), view)
        .flatMap(owner -> owner.isNode() ? names.node(owner.name()) : names.service(owner.name()))
        .map(target -> new PTRRecord(query.name(), DClass.IN, 0, target))
        .map(record -> Finding.of(List.of(record), List.of()));
  }

  private Record authority(Name suffix) {
    DnsConfig.Soa soa = config.soa();
    return new SOARecord(
        suffix,
        DClass.IN,
        Ttl.seconds(soa.minTtl()),
        DnsName.of(suffix, "ns").orElse(suffix),
        DnsName.of(suffix, "hostmaster").orElse(suffix),
        clock.instant().getEpochSecond() & 0xFFFF_FFFFL,
        Ttl.seconds(soa.refresh()),
        Ttl.seconds(soa.retry()),
        Ttl.seconds(soa.expire()),
        Ttl.seconds(soa.minTtl()));
  }

  private Message message(Query query, Finding finding) {
    DnsConfig.Answering answering = config.answering();
    int bytesMax = query.bytesMax();
    int answersMax =
        bytesMax == Query.PLAIN_BYTES_MAX
            ? Math.min(PLAIN_ANSWERS_MAX, answering.udpAnswersMax())
            : bytesMax / RECORD_BYTES_MIN;
    Finding fitting =
        Fitting.fit(
            finding,
            answersMax,
            some ->
                Wire.encode(whole(query, some), answering.compressesNames()).length <= bytesMax);
    Message message = whole(query, fitting);
    if (fitting.answers().size() < finding.answers().size()) {
      counters.cut();
      // With nothing in it, the only honest answer is to ask again by TCP.
      if (answering.saysTruncated() || fitting.answers().isEmpty()) {
        message.getHeader().setFlag(Flags.TC);
      }
    }
    return message;
  }

  private Message whole(Query query, Finding finding) {
    Message message = reply(query, finding.rcode());
    Header header = message.getHeader();
    header.setFlag(Flags.AA);
    if (!config.recursion().recursors().isEmpty()) {
      header.setFlag(Flags.RA);
    }
    finding.answers().forEach(record -> message.addRecord(record, Section.ANSWER));
    finding.authority().forEach(record -> message.addRecord(record, Section.AUTHORITY));
    finding.additional().forEach(record -> message.addRecord(record, Section.ADDITIONAL));
    boolean isForNetwork = finding.dependsOnAsker() && finding.rcode() == Rcode.NOERROR;
    addEdns(query, message, 0, isForNetwork);
    return message;
  }

  /// An answer without records that has the flags of every answer.
  static Message reply(Query query, int rcode) {
    Header asked = query.message().getHeader();
    Message message = new Message(asked.getID());
    Header header = message.getHeader();
    header.setFlag(Flags.QR);
    if (asked.getFlag(Flags.RD)) {
      header.setFlag(Flags.RD);
    }
    if (asked.getFlag(Flags.CD)) {
      header.setFlag(Flags.CD);
    }
    header.setRcode(rcode & 0xF);
    message.addRecord(query.message().getQuestion(), Section.QUESTION);
    return message;
  }

  /// Speaks EDNS to who speaks it, and repeats the size that the client gave.
  ///
  /// @param isForNetwork whether the answer holds for the asker's network only
  static void addEdns(Query query, Message message, int rcode, boolean isForNetwork) {
    OPTRecord asked = query.edns();
    if (asked == null) {
      return;
    }
    List<ClientSubnetOption> options =
        query
            .subnet()
            .map(
                subnet ->
                    new ClientSubnetOption(
                        subnet.getSourcePrefixLength(),
                        isForNetwork ? subnet.getSourcePrefixLength() : 0,
                        subnet.getAddress()))
            .stream()
            .toList();
    int flags = asked.getFlags() & ExtendedFlags.DO;
    message.addRecord(
        new OPTRecord(asked.getPayloadSize(), rcode >>> 4, 0, flags, List.copyOf(options)),
        Section.ADDITIONAL);
  }
}
