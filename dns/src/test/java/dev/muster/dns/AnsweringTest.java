package dev.muster.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.registry.Command;
import dev.muster.registry.catalog.Check;
import dev.muster.registry.catalog.Service;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.ClientSubnetOption;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/// What the recording does not show: settings, sizes, odd names.
class AnsweringTest {
  private static final Service.Weights EQUAL = Service.Weights.EQUAL;

  private static DnsConfig truncating() {
    return DnsConfig.defaults()
        .withAnswering(new DnsConfig.Answering(false, true, 0, 3, true, true));
  }

  private static List<String> answers(Message message) {
    return message.getSection(Section.ANSWER).stream().map(Record::rdataToString).sorted().toList();
  }

  private static Message query(String name, int type, int bytes) {
    return Running.withEdns(Running.query(name, type), bytes);
  }

  private static void many(Running running, int count) {
    for (int i = 1; i <= count; i++) {
      running.instance("n" + i, "10.1.%d.%d".formatted(i / 250, i % 250), "web", 80);
    }
  }

  @Test
  void cutAnswersSaySoIfWished() throws IOException {
    try (var running = new Running(truncating())) {
      many(running, 5);
      Message plain = running.udp("web.service.consul", Type.A);
      assertThat(answers(plain)).hasSize(3);
      assertThat(plain.getHeader().getFlag(Flags.TC)).isTrue();
      Message large = running.udp(query("web.service.consul", Type.A, 1232));
      assertThat(answers(large)).hasSize(5);
      assertThat(large.getHeader().getFlag(Flags.TC)).isFalse();
      assertThat(running.server.statistics().cut()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"512", "600", "1000", "1232", "4096"})
  void noAnswerIsLargerThanTheClientTakes(int bytes) throws IOException {
    try (var running = new Running(truncating())) {
      many(running, 100);
      for (int type : new int[] {Type.A, Type.SRV}) {
        Message answer = running.udp(query("web.service.consul", type, bytes));
        assertThat(answer.numBytes()).isLessThanOrEqualTo(bytes);
        if (bytes > 512 && answer.getHeader().getFlag(Flags.TC)) {
          int another = type == Type.A ? 16 : 58;
          assertThat(answer.numBytes()).as("filled").isGreaterThan(bytes - another);
        }
        if (type == Type.SRV) {
          assertThat(answer.getSection(Section.ADDITIONAL))
              .as("an address for each target, and EDNS")
              .hasSize(answers(answer).size() + 1);
        }
      }
    }
  }

  @Test
  void byTcpEverythingIsSaid() throws IOException {
    try (var running = new Running()) {
      many(running, 600);
      Message answer = running.tcp(Running.query("web.service.consul", Type.SRV));
      assertThat(answers(answer)).hasSize(600);
      assertThat(answer.getSection(Section.ADDITIONAL)).hasSize(600);
    }
  }

  @Test
  void metadataGivesWayBeforeAddresses() throws IOException {
    try (var running = new Running()) {
      Map<String, String> meta = new HashMap<>();
      for (int i = 0; i < 10; i++) {
        meta.put("key" + i, "v".repeat(100));
      }
      running.node("n1", "10.0.0.1", meta).service("n1", "web", "", 80, EQUAL);
      Message cut = running.udp("web.service.consul", Type.SRV);
      assertThat(cut.getSection(Section.ANSWER)).hasSize(1);
      assertThat(cut.getSection(Section.ADDITIONAL)).singleElement().isInstanceOf(ARecord.class);
      Message whole = running.udp(query("web.service.consul", Type.SRV, 4096));
      assertThat(whole.getSection(Section.ADDITIONAL)).hasSize(12);
      Message text = running.udp("n1.node.consul", Type.TXT);
      assertThat(text.getSection(Section.ANSWER)).hasSize(3);
      assertThat(text.numBytes()).isLessThanOrEqualTo(512);
    }
  }

  @Test
  void oneRecordThatDoesNotFitSendsTheClientToTcp() throws IOException {
    try (var running = new Running()) {
      running.node("n1", "10.0.0.1", Map.of("k", "v".repeat(600)));
      Message cut = running.udp("n1.node.consul", Type.TXT);
      assertThat(cut.getSection(Section.ANSWER)).isEmpty();
      assertThat(cut.getHeader().getFlag(Flags.TC)).isTrue();
      Message whole = running.tcp(Running.query("n1.node.consul", Type.TXT));
      TXTRecord text = (TXTRecord) whole.getSection(Section.ANSWER).getFirst();
      assertThat(String.join("", text.getStrings())).isEqualTo("k=" + "v".repeat(600));
    }
  }

  @Test
  void settingsOfAnswers() throws IOException {
    var settings = new DnsConfig.Answering(true, false, 2, 8, false, true);
    try (var running = new Running(DnsConfig.defaults().withAnswering(settings))) {
      many(running, 12);
      running.check("n1", "", Check.Status.WARNING);
      assertThat(answers(running.udp("web.service.consul", Type.SRV)))
          .as("udp_answer_limit")
          .hasSize(8);
      assertThat(answers(running.udp(query("web.service.consul", Type.SRV, 4096))))
          .as("only_passing")
          .hasSize(11);
      assertThat(answers(running.tcp(Running.query("web.service.consul", Type.A))))
          .as("a_record_limit")
          .hasSize(2);
      running.node("n0", "10.0.0.1", Map.of("a", "b"));
      Message node = running.udp("n0.node.consul", Type.A);
      assertThat(node.getSection(Section.ADDITIONAL)).as("no metadata").isEmpty();
    }
  }

  @Test
  void namesMayBeWrittenOut() throws IOException {
    var settings = new DnsConfig.Answering(false, true, 0, 3, false, false);
    try (var running = new Running(DnsConfig.defaults().withAnswering(settings))) {
      running.node("n0", "10.0.0.1", Map.of());
      byte[] query = Running.query("n0.node.consul", Type.A).toWire();
      int name = 1 + 2 + 1 + 4 + 1 + 6 + 1;
      assertThat(running.udp(query)).hasSize(12 + name + 4 + name + 10 + 4);
      assertThat(answers(new Message(running.udp(query)))).containsExactly("10.0.0.1");
    }
  }

  @Test
  void timesToLive() throws IOException {
    var ttls = new DnsConfig.Ttls(Duration.ofSeconds(5), Map.of("web*", Duration.ofSeconds(9)));
    try (var running = new Running(DnsConfig.defaults().withTtls(ttls))) {
      running.instance("n1", "10.0.0.1", "web-a", 80).instance("n2", "10.0.0.2", "db", 1);
      assertThat(ttl(running.udp("n1.node.consul", Type.A))).isEqualTo(5);
      assertThat(ttl(running.udp("0a000001.addr.consul", Type.A))).isEqualTo(5);
      Message service = running.udp("WEB-a.service.consul", Type.SRV);
      assertThat(ttl(service)).isEqualTo(9);
      assertThat(service.getSection(Section.ADDITIONAL).getFirst().getTTL()).isEqualTo(9);
      assertThat(ttl(running.udp("db.service.consul", Type.A))).isZero();
    }
  }

  private static long ttl(Message message) {
    return message.getSection(Section.ANSWER).getFirst().getTTL();
  }

  @Test
  void twoDomains() throws IOException {
    var config = DnsConfig.defaults().withDomains("muster.", Optional.of("test.muster"));
    try (var running = new Running(config)) {
      running.instance("n1", "10.0.0.1", "web", 80);
      Message alternative = running.udp("web.service.Test.muster", Type.SRV);
      assertThat(answers(alternative)).containsExactly("1 1 80 n1.node.dc1.Test.muster.");
      assertThat(answers(running.udp("web.service.muster", Type.SRV)))
          .containsExactly("1 1 80 n1.node.dc1.muster.");
      Message none = running.udp("gone.service.test.muster", Type.A);
      assertThat(none.getRcode()).isEqualTo(Rcode.NXDOMAIN);
      SOARecord authority = (SOARecord) none.getSection(Section.AUTHORITY).getFirst();
      assertThat(authority.getHost()).hasToString("ns.test.muster.");
      assertThat(running.udp("web.service.consul", Type.A).getRcode()).isEqualTo(Rcode.REFUSED);
    }
  }

  @Test
  void settingsCanBeReplacedWhileRunning() throws IOException {
    try (var running = new Running()) {
      running.instance("n1", "10.0.0.1", "web", 80);
      running.server.configure(DnsConfig.defaults().withDomains("other", Optional.empty()));
      assertThat(running.udp("web.service.consul", Type.A).getRcode()).isEqualTo(Rcode.REFUSED);
      assertThat(answers(running.udp("web.service.other", Type.A))).containsExactly("10.0.0.1");
    }
  }

  @Test
  void heavierInstancesComeFirstMoreOften() throws IOException {
    try (var running = new Running()) {
      running.instance("n1", "10.0.0.1", "x", 80).instance("n2", "10.0.0.2", "x", 80);
      running.service("n1", "web", "", 80, new Service.Weights(9, 1));
      running.service("n2", "web", "", 80, EQUAL);
      int first = 0;
      for (int i = 0; i < 200; i++) {
        Message answer = running.udp("web.service.consul", Type.A);
        String address = answer.getSection(Section.ANSWER).getFirst().rdataToString();
        first += address.equals("10.0.0.1") ? 1 : 0;
      }
      assertThat(first).isBetween(160, 198);
    }
  }

  @Test
  void instancesThatShareATargetAreSaidOnce() throws IOException {
    try (var running = new Running()) {
      running.node("n1", "10.0.0.1", Map.of("a", "b"));
      running.service("n1", "web", "", 80, EQUAL).service("n1", "web", "", 81, EQUAL);
      assertThat(answers(running.udp("web.service.consul", Type.A))).containsExactly("10.0.0.1");
      Message services = running.udp("web.service.consul", Type.SRV);
      assertThat(answers(services))
          .containsExactly("1 1 80 n1.node.dc1.consul.", "1 1 81 n1.node.dc1.consul.");
      assertThat(services.getSection(Section.ADDITIONAL)).as("an address, a text").hasSize(2);
    }
  }

  @Test
  void aNodeWhoseNameDnsCannotSayIsFoundByItsAddress() throws IOException {
    try (var running = new Running()) {
      running.instance("x".repeat(64), "10.0.0.1", "web", 80);
      assertThat(answers(running.udp("web.service.consul", Type.SRV)))
          .containsExactly("1 1 80 0a000001.addr.dc1.consul.");
    }
  }

  @Test
  void aliasesWithinTheDomainAreFollowedAndNotForEver() throws IOException {
    try (var running = new Running()) {
      running.instance("n1", "10.0.0.1", "web", 80);
      running.instance("n2", "web.service.consul", "alias", 80);
      running.instance("n3", "ring.service.consul", "ring", 80);
      Message alias = running.udp("alias.service.consul", Type.A);
      assertThat(answers(alias)).containsExactly("10.0.0.1", "web.service.consul.");
      assertThat(running.udp("ring.service.consul", Type.A).getRcode()).isEqualTo(Rcode.NOERROR);
    }
  }

  @Test
  void anAddressThatIsItsOwnNameMeansTheNode() throws IOException {
    try (var running = new Running()) {
      running.node("n1", "10.0.0.1", Map.of());
      running.service("n1", "web", "web.service.consul", 80, EQUAL);
      assertThat(answers(running.udp("web.service.consul", Type.A))).containsExactly("10.0.0.1");
    }
  }

  @Test
  void reverseNamesFollowTheRegistry() throws IOException {
    try (var running = new Running()) {
      running.node("n6", "fd00::6", Map.of());
      String name = "6.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa";
      assertThat(pointers(running.udp(name, Type.PTR))).containsExactly("n6.node.dc1.consul.");
      running.node("n7", "10.0.0.7", Map.of()).service("n7", "web", "10.7.7.7", 80, EQUAL);
      assertThat(pointers(running.udp("7.7.7.10.in-addr.arpa", Type.PTR)))
          .containsExactly("web.service.dc1.consul.");
      running.submit(new Command.Deregister("n7", "", "", ""));
      Message gone = running.udp("7.7.7.10.in-addr.arpa", Type.PTR);
      assertThat(gone.getRcode()).isEqualTo(Rcode.SERVFAIL);
    }
  }

  private static List<String> pointers(Message message) {
    return message.getSection(Section.ANSWER).stream()
        .map(record -> ((PTRRecord) record).getTarget().toString())
        .toList();
  }

  @Test
  void nameServersAreThreeAtMost() throws IOException {
    try (var running = new Running()) {
      for (int i = 1; i <= 5; i++) {
        running.instance("server" + i, "10.0.0." + i, "consul", 8300);
      }
      Message servers = running.udp("consul", Type.NS);
      assertThat(servers.getSection(Section.ANSWER)).hasSize(3);
      assertThat(servers.getSection(Section.ADDITIONAL)).hasSize(3);
    }
  }

  @Test
  void preparedQueries() throws IOException {
    List<String> asked = new ArrayList<>();
    PreparedQueries queries =
        (view, name, client) -> {
          asked.add(name + " for " + client.getHostAddress());
          return switch (name) {
            case "near.db" ->
                Optional.of(
                    new PreparedQueries.Execution(
                        "web", view.catalog().instances("web"), true, Optional.empty()));
            case "empty" ->
                Optional.of(
                    new PreparedQueries.Execution("web", List.of(), false, Optional.empty()));
            default -> Optional.empty();
          };
        };
    var ttls = new DnsConfig.Ttls(Duration.ZERO, Map.of("web", Duration.ofSeconds(4)));
    try (var running = new Running(DnsConfig.defaults().withTtls(ttls), queries)) {
      many(running, 3);
      Message answer = running.udp(fromNetwork("Near.db.query.consul", "192.0.2.0"));
      assertThat(answer.getSection(Section.ANSWER).stream().map(Record::rdataToString))
          .as("in the order of the query")
          .containsExactly("10.1.0.1", "10.1.0.2", "10.1.0.3");
      assertThat(ttl(answer)).isEqualTo(4);
      assertThat(subnet(answer).getScopePrefixLength()).isEqualTo(24);
      assertThat(answers(running.udp("_near.db._tcp.query.dc1.consul", Type.SRV))).hasSize(3);
      assertThat(running.udp("empty.query.consul", Type.A).getRcode()).isEqualTo(Rcode.NXDOMAIN);
      Message none = running.udp(fromNetwork("none.query.consul", "192.0.2.0"));
      assertThat(none.getRcode()).isEqualTo(Rcode.NXDOMAIN);
      assertThat(subnet(none).getScopePrefixLength()).isZero();
      assertThat(new TreeSet<>(asked))
          .containsExactly(
              "empty for 127.0.0.1",
              "near.db for 127.0.0.1",
              "near.db for 192.0.2.0",
              "none for 192.0.2.0");
    }
  }

  @Test
  void answersAboutServicesHoldForAllNetworks() throws IOException {
    try (var running = new Running()) {
      many(running, 1);
      Message answer = running.udp(fromNetwork("web.service.consul", "192.0.2.0"));
      assertThat(subnet(answer).getSourcePrefixLength()).isEqualTo(24);
      assertThat(subnet(answer).getScopePrefixLength()).isZero();
    }
  }

  private static Message fromNetwork(String name, String network) throws IOException {
    Message query = Running.query(name, Type.A);
    var subnet = new ClientSubnetOption(24, InetAddress.getByName(network));
    query.addRecord(new OPTRecord(1232, 0, 0, 0, List.of(subnet)), Section.ADDITIONAL);
    return query;
  }

  private static ClientSubnetOption subnet(Message message) {
    OPTRecord edns = message.getOPT();
    assertThat(edns).isNotNull();
    return (ClientSubnetOption) edns.getOptions().getFirst();
  }

  @Test
  void onlyTheInternetIsServed() throws IOException {
    try (var running = new Running()) {
      many(running, 1);
      Message chaos = running.udp(Running.query("web.service.consul", Type.A, DClass.CH));
      assertThat(chaos.getRcode()).isEqualTo(Rcode.REFUSED);
      Message any = running.udp(Running.query("web.service.consul", Type.A, DClass.ANY));
      assertThat(answers(any)).containsExactly("10.1.0.1");
    }
  }

  @Test
  void edgesOfNodesAndAddresses() throws IOException {
    try (var running = new Running()) {
      running.node("a.b", "10.0.0.1", Map.of());
      assertThat(answers(running.udp("A.b.node.consul", Type.A))).containsExactly("10.0.0.1");
      Message other = running.udp("a.b.node.consul", Type.AAAA);
      assertThat(other.getRcode()).isEqualTo(Rcode.NOERROR);
      assertThat(other.getSection(Section.AUTHORITY)).isEmpty();
      Message wrong = running.udp("0a000001.addr.consul", Type.AAAA);
      assertThat(wrong.getSection(Section.ANSWER)).isEmpty();
      assertThat(wrong.getSection(Section.ADDITIONAL)).hasSize(1);
      assertThat(running.udp("0a00000x.addr.consul", Type.A).getRcode()).isEqualTo(Rcode.NXDOMAIN);
      assertThat(running.udp("web.connect.consul", Type.A).getRcode()).isEqualTo(Rcode.NXDOMAIN);
    }
  }

  @Test
  void withoutALeaderWhoWantsTheLatestGetsNothing() throws IOException {
    try (var running = new Running()) {
      many(running, 1);
      running.engine.demote();
      assertThat(answers(running.udp("web.service.consul", Type.A))).hasSize(1);
      running.server.configure(DnsConfig.defaults().withAllowStale(false));
      assertThat(running.udp("web.service.consul", Type.A).getRcode()).isEqualTo(Rcode.SERVFAIL);
      assertThat(running.server.statistics().failed()).isEqualTo(1);
    }
  }

  @Test
  void servicesOnBothFamiliesAndTargets() throws IOException {
    try (var running = new Running()) {
      running.node("n1", "10.0.0.1", Map.of());
      running.service("n1", "web", "fd00::1", 80, EQUAL);
      running.service("n1", "web", "", 81, EQUAL);
      assertThat(answers(running.udp("web.service.consul", Type.A))).containsExactly("10.0.0.1");
      assertThat(answers(running.udp("web.service.consul", Type.AAAA)))
          .containsExactly("fd00:0:0:0:0:0:0:1");
      Message services = running.udp("_web._tcp.service.consul", Type.SRV);
      assertThat(
              services.getSection(Section.ANSWER).stream()
                  .map(record -> ((SRVRecord) record).getTarget().toString()))
          .containsExactlyInAnyOrder(
              "fd000000000000000000000000000001.addr.dc1.consul.", "n1.node.dc1.consul.");
    }
  }

  /// A record's time has 31 bits.
  @Test
  void timesThatNoRecordHoldsAreShortened() throws IOException {
    var century = Duration.ofHours(1_000_000);
    PreparedQueries queries =
        (view, _, _) ->
            Optional.of(
                new PreparedQueries.Execution(
                    "web", view.catalog().instances("web"), false, Optional.of(century)));
    DnsConfig config =
        DnsConfig.defaults()
            .withTtls(new DnsConfig.Ttls(Duration.ofSeconds(-1), Map.of("*", century)));
    try (var running = new Running(config, queries)) {
      running.instance("n1", "10.0.0.1", "web", 80);
      assertThat(ttl(running.udp("q.query.consul", Type.A))).isEqualTo(Integer.MAX_VALUE);
      assertThat(ttl(running.udp("web.service.consul", Type.A))).isEqualTo(Integer.MAX_VALUE);
      assertThat(ttl(running.udp("n1.node.consul", Type.A))).isZero();
    }
  }
}
