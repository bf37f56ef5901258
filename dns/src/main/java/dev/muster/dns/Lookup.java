package dev.muster.dns;

import dev.muster.registry.View;
import dev.muster.registry.catalog.Instance;
import dev.muster.registry.catalog.Node;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// Finds what one query asks for in one view. Used once, by one thread.
final class Lookup {

  /// What all lookups share.
  record Sources(DnsConfig config, Zone zone, PreparedQueries queries, Upstream upstream) {}

  /// How often a host name of ours may stand for another one.
  private static final int ALIASES_MAX = 3;

  /// How many host names of others are looked up for one query, because each may take its time.
  private static final int HOSTS_MAX = 16;

  private static final int SERVERS_MAX = 3;

  private final Sources sources;
  private final DnsConfig config;
  private final View view;
  private final Query query;
  private final RandomGenerator random;
  private int hostsLeft = HOSTS_MAX;

  Lookup(Sources sources, View view, Query query, RandomGenerator random) {
    this.sources = sources;
    this.config = sources.config();
    this.view = view;
    this.query = query;
    this.random = random;
  }

  /// @param suffix that of our domains which the queried name is in
  Finding find(Name suffix) {
    return find(query.name(), query.type(), suffix, ALIASES_MAX);
  }

  private Finding find(Name name, int type, Name suffix, int aliasesLeft) {
    var names = new Names(suffix, config.datacenter());
    return switch (Path.of(DnsName.labelsBelow(name, suffix), type, config.datacenter())) {
      case Path.OfService(String service, String tag) -> {
        List<Instance> usable =
            WeightedOrder.usable(
                tagged(view.catalog().instances(service), tag), config.answering().onlyPassing());
        yield instances(
            new InstanceRecords(name, type, names, Ttl.seconds(config.ttls().of(service))),
            WeightedOrder.shuffle(usable, random),
            aliasesLeft);
      }
      case Path.OfQuery(String prepared) -> prepared(prepared, name, type, names, aliasesLeft);
      case Path.OfNode(String node) ->
          view.catalog()
              .node(node)
              .map(it -> node(it, name, type, aliasesLeft))
              .orElse(Finding.NO_NAME);
      case Path.OfAddress(String digits) -> address(digits, name, type);
      case Path.Nowhere() -> Finding.NO_NAME;
    };
  }

  private static List<Instance> tagged(List<Instance> instances, String tag) {
    return tag.isEmpty()
        ? instances
        : instances.stream()
            .filter(
                instance ->
                    instance.service().definition().tags().stream().anyMatch(tag::equalsIgnoreCase))
            .toList();
  }

  private Finding prepared(String prepared, Name name, int type, Names names, int aliasesLeft) {
    var found = sources.queries().execute(view, prepared, query.asker());
    if (found.isEmpty()) {
      return Finding.NO_NAME;
    }
    PreparedQueries.Execution execution = found.get();
    Duration ttl = execution.ttl().orElseGet(() -> config.ttls().of(execution.service()));
    List<Instance> instances = execution.instances();
    return instances(
            new InstanceRecords(name, type, names, Ttl.seconds(ttl)),
            execution.isOrdered() ? instances : WeightedOrder.shuffle(instances, random),
            aliasesLeft)
        .forAskerOnly();
  }

  private Finding instances(InstanceRecords records, List<Instance> instances, int aliasesLeft) {
    if (instances.isEmpty()) {
      return Finding.NO_NAME;
    }
    Finding found =
        records.of(
            instances,
            config.answering(),
            (host, type, ttl) -> resolve(host, type, ttl, aliasesLeft));
    return found.answers().isEmpty() ? Finding.NO_DATA : found;
  }

  private Finding node(Node node, Name name, int type, int aliasesLeft) {
    if (type != Type.A && type != Type.AAAA && type != Type.ANY && type != Type.TXT) {
      return Finding.NOTHING;
    }
    long ttl = Ttl.seconds(config.ttls().node());
    List<Record> answers = new ArrayList<>();
    if (type != Type.TXT) {
      answers.addAll(addresses(node, name, type, ttl, aliasesLeft));
    }
    List<Record> additional = new ArrayList<>();
    boolean asksForText = type == Type.TXT || type == Type.ANY;
    if (asksForText || config.answering().nodeMeta()) {
      List<Record> meta = asksForText ? answers : additional;
      node.meta().forEach((key, value) -> meta.add(Text.record(name, ttl, key, value)));
    }
    return Finding.of(answers, additional);
  }

  private List<Record> addresses(Node node, Name name, int type, long ttl, int aliasesLeft) {
    Optional<Address> address = Address.parse(node.address());
    if (address.isPresent()) {
      return address.get().record(name, type, ttl).stream().toList();
    }
    List<Record> records = new ArrayList<>();
    DnsName.ofHost(node.address())
        .ifPresent(
            host -> {
              records.add(new CNAMERecord(name, DClass.IN, ttl, host));
              records.addAll(resolve(host, type, ttl, aliasesLeft));
            });
    return records;
  }

  /// `0a000001` is 10.0.0.1, whoever has it.
  private Finding address(String digits, Name name, int type) {
    int bytes = digits.length() / 2;
    if (bytes != 4 && bytes != 16) {
      return Finding.NOTHING;
    }
    Address address;
    try {
      address = new Address(HexFormat.of().parseHex(digits));
    } catch (IllegalArgumentException e) {
      return Finding.NO_NAME;
    }
    long ttl = Ttl.seconds(config.ttls().node());
    Optional<Record> asked = address.record(name, type, ttl);
    return asked.isPresent() && type != Type.SRV && type != Type.NS
        ? Finding.of(List.of(asked.get()), List.of())
        : Finding.of(List.of(), address.record(name, Type.ANY, ttl).stream().toList());
  }

  /// The servers of the group as name servers of the domain, with their addresses.
  Finding nameServers(Name suffix) {
    var names = new Names(suffix, config.datacenter());
    long ttl = Ttl.seconds(config.ttls().node());
    List<Record> servers = new ArrayList<>();
    List<Record> glue = new ArrayList<>();
    List<Instance> usable =
        WeightedOrder.usable(view.catalog().instances("consul"), config.answering().onlyPassing());
    for (Instance instance : WeightedOrder.shuffle(usable, random)) {
      Node node = instance.node();
      Optional<Name> name = names.node(node.name());
      if (name.isPresent() && servers.size() < SERVERS_MAX) {
        servers.add(new NSRecord(suffix, DClass.IN, ttl, name.get()));
        glue.addAll(addresses(node, name.get(), Type.ANY, ttl, ALIASES_MAX));
      }
    }
    return Finding.of(servers, glue);
  }

  /// The aliases and addresses of a host: from the registry if it is one of ours, else from other
  /// name servers, if there are any.
  private List<Record> resolve(Name host, int type, long ttl, int aliasesLeft) {
    int wanted = type == Type.SRV || type == Type.NS ? Type.ANY : type;
    Optional<Name> suffix = sources.zone().suffixOf(host);
    List<Record> found;
    if (suffix.isPresent()) {
      found =
          aliasesLeft == 0
              ? List.of()
              : find(host, wanted, suffix.get(), aliasesLeft - 1).answers();
    } else if (hostsLeft > 0) {
      hostsLeft--;
      found = ask(host, wanted == Type.AAAA ? Type.AAAA : Type.A);
    } else {
      found = List.of();
    }
    return found.stream()
        .filter(
            record ->
                switch (record.getType()) {
                  case Type.A, Type.AAAA, Type.CNAME -> true;
                  default -> false;
                })
        .map(
            record ->
                Record.newRecord(
                    record.getName(),
                    record.getType(),
                    DClass.IN,
                    ttl,
                    record.rdataToWireCanonical()))
        .toList();
  }

  private List<Record> ask(Name host, int type) {
    Message question = new Message(random.nextInt(1 << 16));
    question.getHeader().setFlag(Flags.RD);
    question.addRecord(Record.newRecord(host, type, DClass.IN), Section.QUESTION);
    return sources
        .upstream()
        .ask(Wire.encode(question, true), false)
        .map(
            answer -> {
              try {
                return new Message(answer).getSection(Section.ANSWER);
              } catch (IOException e) {
                throw new IllegalStateException("an answer that was read before is malformed", e);
              }
            })
        .orElse(List.of());
  }
}
