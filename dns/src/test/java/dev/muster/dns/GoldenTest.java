package dev.muster.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.Command;
import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.Node;
import dev.muster.registry.catalog.Probe;
import dev.muster.registry.catalog.Service;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// Asks what was asked of Consul 1.8.7, query by query over real sockets, and compares: status,
/// flags, counts, records as sets, and the size of the message.
class GoldenTest {

  /// Where we answer otherwise, and why.
  ///
  /// @param extraBytes by how much our message is larger
  private record Deviation(String query, int extraBytes, String reason) {}

  private static final List<Deviation> DEVIATIONS =
      List.of(
          new Deviation(
              "example.com A",
              11,
              "a refusal speaks EDNS to who speaks it (RFC 6891, 6.1.1): a resolver that learnt"
                  + " otherwise from it would ask us for 3 short answers from then on"));

  private static final Set<Deviation> USED = new LinkedHashSet<>();

  /// As a section of dig's output; `records` by section, without the OPT record.
  record Recorded(
      String query,
      String status,
      Set<String> flags,
      List<Integer> counts,
      boolean hasEdns,
      List<Set<String>> records,
      int bytes) {
    @Override
    public String toString() {
      return query;
    }

    boolean isTransferFailed() {
      return status.isEmpty();
    }

    /// Which of many instances are in the answer is up to chance.
    boolean isCut() {
      return query.startsWith("dbig") && counts.get(1) < 60;
    }
  }

  private static final List<String> SECTIONS = List.of("ANSWER", "AUTHORITY", "ADDITIONAL");
  private static Running running;

  static List<Recorded> recorded() throws IOException {
    try (InputStream in = GoldenTest.class.getResourceAsStream("dns-1.8.7.txt")) {
      assertThat(in).isNotNull();
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Arrays.stream(text.split("(?m)^## dig "))
          .filter(Predicate.not(String::isBlank))
          .map(GoldenTest::read)
          .toList();
    }
  }

  private static Recorded read(String part) {
    List<String> lines = part.lines().toList();
    String status = "";
    Set<String> flags = Set.of();
    List<Integer> counts = List.of();
    boolean hasEdns = false;
    List<Set<String>> records = List.of(new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
    int bytes = 0;
    int section = -1;
    for (String line : lines.subList(1, lines.size())) {
      if (line.startsWith(";; ->>HEADER<<-")) {
        status = line.replaceFirst(".*status: (\\w+),.*", "$1");
      } else if (line.startsWith(";; flags: ")) {
        flags = new TreeSet<>(List.of(line.substring(10, line.indexOf(';', 10)).split(" ")));
        counts =
            Stream.of(line.replaceAll("^.*QUERY: |[A-Z]+: ", "").split(", "))
                .map(Integer::valueOf)
                .toList();
      } else if (line.startsWith("; EDNS:")) {
        hasEdns = true;
      } else if (line.startsWith(";; MSG SIZE")) {
        bytes = Integer.parseInt(line.replaceFirst(".*: ", ""));
      } else if (line.startsWith(";; ")) {
        section = SECTIONS.indexOf(line.split(" ")[1]);
      } else if (section >= 0 && !line.startsWith(";")) {
        records.get(section).add(normal(line));
      }
    }
    return new Recorded(lines.getFirst(), status, flags, counts, hasEdns, records, bytes);
  }

  /// One blank between fields; quotes and addresses in one form; of a SOA without the serial, which
  /// is the time.
  private static String normal(String record) {
    return record
        .replaceAll("\\s+", " ")
        .replace("\"", "")
        .replace("fd00:0:0:0:0:0:0:6", "fd00::6")
        .replaceFirst("(hostmaster\\.consul\\.) \\d+", "$1 now");
  }

  @BeforeAll
  static void start() throws IOException {
    PreparedQueries queries =
        (view, name, _) ->
            name.equals("pq1")
                ? Optional.of(
                    new PreparedQueries.Execution(
                        "dweb",
                        WeightedOrder.usable(view.catalog().instances("dweb"), true),
                        false,
                        Optional.of(Duration.ofSeconds(7))))
                : Optional.empty();
    running = new Running(DnsConfig.defaults(), queries);
    register(
        "dev1",
        "127.0.0.1",
        Map.of("consul-network-segment", ""),
        service("consul", "", 8300, 1, 1));
    register(
        "n1",
        "10.0.0.1",
        Map.of("rack", "r1", "rfc1035-foo", "bar", "a=b", "c`d"),
        service("dweb", "", 80, 10, 1, "v1", "a.b"),
        Check.Status.PASSING);
    register(
        "n2",
        "10.0.0.2",
        Map.of(),
        service("dweb", "10.2.2.2", 81, 5, 3, "v2"),
        Check.Status.WARNING);
    register("n3", "10.0.0.3", Map.of(), service("dweb", "", 82, 1, 1), Check.Status.CRITICAL);
    register("n4", "ext.example.com", Map.of(), service("dext", "", 443, 1, 1));
    register("n5", "10.0.0.5", Map.of(), service("dfq", "svc.example.net", 443, 1, 1));
    register("n6", "fd00::6", Map.of(), service("dv6", "", 6, 1, 1));
    for (int i = 1; i <= 60; i++) {
      register("big" + i, "10.9.0." + i, Map.of(), service("dbig", "", 1000 + i, 1, 1));
    }
  }

  private static Service.Definition service(
      String name, String address, int port, int passing, int warning, String... tags) {
    return new Service.Definition(
        name,
        "",
        List.of(tags),
        address,
        port,
        Map.of(),
        Map.of(),
        new Service.Weights(passing, warning),
        false);
  }

  private static void register(
      String node,
      String address,
      Map<String, String> meta,
      Service.Definition definition,
      Check.Status... status) {
    var probe = new Probe.External(new Probe.None());
    List<Check> checks =
        Stream.of(status)
            .map(it -> new Check(node, "c1", "s1", "c", "", it, "", probe, 0, 0))
            .toList();
    running.submit(
        new Command.Register(
            node,
            new Node(node, "", address, Map.of(), meta, 0, 0),
            new Service(node, "s1", definition, 0, 0),
            checks,
            false));
  }

  @AfterAll
  static void stop() {
    running.close();
    assertThat(USED).as("deviations that are none").hasSameElementsAs(DEVIATIONS);
  }

  @Test
  void nothingOfTheRecordingIsLeftOut() throws IOException {
    assertThat(recorded()).hasSize(47);
  }

  @ParameterizedTest
  @MethodSource("recorded")
  void answersAsConsul(Recorded recorded) throws IOException {
    Message answer = ask(recorded.query());
    if (recorded.isTransferFailed()) {
      assertThat(Rcode.string(answer.getRcode())).isEqualTo("NOTIMP");
      return;
    }
    Optional<Deviation> deviation =
        DEVIATIONS.stream().filter(it -> it.query().equals(recorded.query())).findAny();
    deviation.ifPresent(USED::add);
    boolean hasEdns = recorded.hasEdns() || deviation.isPresent();
    assertThat(Rcode.string(answer.getRcode())).isEqualTo(recorded.status());
    assertThat(flags(answer)).isEqualTo(recorded.flags());
    assertThat(answer.getOPT() != null).as("speaks EDNS").isEqualTo(hasEdns);
    for (int section = 1; section <= 3; section++) {
      boolean isOptCounted = section == 3 && recorded.hasEdns();
      int count = recorded.counts().get(section) - (isOptCounted ? 1 : 0);
      Set<String> records = records(answer, section);
      assertThat(records).as(Section.string(section)).hasSize(count);
      if (!recorded.isCut()) {
        assertThat(records).isEqualTo(recorded.records().get(section - 1));
      }
    }
    int bytes = recorded.bytes() + deviation.map(Deviation::extraBytes).orElse(0);
    if (recorded.isCut()) {
      assertThat(answer.numBytes()).isBetween(bytes - 20, bytes + 20);
      assertThat(records(answer, Section.ANSWER)).isSubsetOf(all(recorded));
    } else {
      assertThat(answer.numBytes()).isEqualTo(bytes);
    }
  }

  /// What was answered to who took all of it.
  private static Set<String> all(Recorded cut) throws IOException {
    String type = cut.query().split(" ")[1];
    return recorded().stream()
        .filter(it -> it.query().startsWith("dbig.service.consul " + type))
        .filter(Predicate.not(Recorded::isCut))
        .findAny()
        .orElseThrow()
        .records()
        .getFirst();
  }

  private static Message ask(String dig) throws IOException {
    List<String> words = new ArrayList<>(List.of(dig.split(" ")));
    boolean byTcp = words.remove("+tcp");
    boolean hasNoEdns = words.remove("+noedns");
    words.remove("+ignore");
    int bytes = 1232;
    String last = words.getLast();
    if (last.startsWith("+bufsize=")) {
      bytes = Integer.parseInt(last.substring(9));
      words.removeLast();
    }
    Message query;
    if (words.getFirst().equals("-x")) {
      List<String> parts = Arrays.asList(words.get(1).split("\\."));
      query = Running.query(String.join(".", parts.reversed()) + ".in-addr.arpa", Type.PTR);
    } else {
      query = Running.query(words.get(0), Type.value(words.get(1)));
    }
    if (!hasNoEdns) {
      Running.withEdns(query, bytes);
    }
    Message answer = byTcp ? running.tcp(query) : running.udp(query);
    assertThat(answer.getQuestion().toString())
        .as("repeats the question")
        .isEqualTo(query.getQuestion().toString());
    if (answer.getOPT() != null) {
      assertThat(answer.getOPT().getPayloadSize()).isEqualTo(bytes);
    }
    return answer;
  }

  private static Set<String> flags(Message message) {
    Set<String> flags = new TreeSet<>();
    for (int flag : new int[] {Flags.QR, Flags.AA, Flags.TC, Flags.RD, Flags.RA, Flags.AD}) {
      if (message.getHeader().getFlag(flag)) {
        flags.add(Flags.string(flag));
      }
    }
    return flags;
  }

  private static Set<String> records(Message message, int section) {
    Set<String> records = new TreeSet<>();
    for (Record record : message.getSection(section)) {
      if (record instanceof SOARecord soa) {
        assertThat(soa.getSerial()).isEqualTo(Running.NOW.getEpochSecond());
      }
      if (record.getType() != Type.OPT) {
        records.add(normal(record.toString()));
      }
    }
    return records;
  }
}
