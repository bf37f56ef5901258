package dev.muster.balancer.variable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.balancer.request.Request;
import dev.muster.balancer.request.Requests;
import dev.muster.balancer.variable.Mapping.Key;
import dev.muster.balancer.variable.Mapping.Line;
import dev.muster.balancer.variable.SplitClients.Share;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Variables that are looked up: `map`, `geo`, `split_clients`.
class LookupTest {
  private final Variables variables = new Variables();

  private Template text(String source) throws UnknownVariable {
    return Template.compile(source, variables);
  }

  @ParameterizedTest
  @CsvSource({
    "Plain, whole",
    "www.example.org, exact host",
    "a.www.example.org, below www",
    "x.example.org, below",
    "x.example.org., below",
    "example.org, default:example.org",
    "mail.test, mail",
    "mail.x.test, mail x",
    "word12, number 12 of word",
    "WORD12, default:WORD12",
    "anyCASE, any"
  })
  void mapsAskInOrder(String arg, String expected) throws Exception {
    int slot = variables.declareSlot("what");
    Mapping mapping =
        new Mapping(
            text("$arg_x"),
            List.of(
                new Line(
                    new Key.Matching(
                        Pattern.compile("^(?<word>[a-z]+)(\\d+)$"), Map.of("word", slot)),
                    text("number $2 of $what")),
                new Line(
                    new Key.Matching(
                        Pattern.compile("^anycase$", Pattern.CASE_INSENSITIVE), Map.of()),
                    text("any")),
                new Line(new Key.Text("plain"), text("whole")),
                new Line(new Key.Text("PLAIN"), text("second")),
                new Line(new Key.Text("www.example.org"), text("exact host")),
                new Line(new Key.Below(".example.org"), text("below")),
                new Line(new Key.Below(".www.example.org"), text("below www")),
                new Line(new Key.Starting("mail."), text("mail")),
                new Line(new Key.Starting("mail.x."), text("mail x"))),
            text("default:$arg_x"),
            true);
    assertThat(mapping.value(Requests.get("/?x=" + arg))).isEqualTo(expected);
  }

  @Test
  void aSearchThatTakesTooLongFindsNothing() throws Exception {
    Mapping mapping =
        new Mapping(
            text("$arg_x"),
            List.of(
                new Line(
                    new Key.Matching(Pattern.compile("^a*a*a*a*a*a*b?$"), Map.of()), text("as"))),
            text("default"),
            false);
    assertThat(mapping.value(Requests.get("/?x=aaaa"))).isEqualTo("as");
    assertThat(mapping.value(Requests.get("/?x=" + "a".repeat(200) + "!"))).isEqualTo("default");
  }

  @ParameterizedTest
  @CsvSource({
    "'', 0",
    "a, 2456313694",
    "ab, 446775395",
    "abc, 324500635",
    "abcd, 646393889",
    "192.0.2.7, 2524411716"
  })
  void hashesAreThoseOfNginx(String key, long hash) {
    assertThat(SplitClients.hash(key.getBytes(StandardCharsets.ISO_8859_1))).isEqualTo(hash);
  }

  @Test
  void sharesAreWhatTheySay() throws Exception {
    SplitClients split =
        new SplitClients(
            text("$arg_k"),
            List.of(new Share(50, "half a percent"), new Share(2000, "fifth"), new Share(0, "*")));
    int[] counts = new int[3];
    for (int i = 0; i < 100_000; i++) {
      switch (split.of(("user" + i).getBytes(StandardCharsets.ISO_8859_1))) {
        case "half a percent" -> counts[0]++;
        case "fifth" -> counts[1]++;
        default -> counts[2]++;
      }
    }
    assertThat(counts[0]).isBetween(400, 600);
    assertThat(counts[1]).isBetween(19_500, 20_500);
    assertThat(split.value(Requests.get("/?k=user1")))
        .isEqualTo(split.of("user1".getBytes(StandardCharsets.ISO_8859_1)));
    assertThatThrownBy(
            () -> new SplitClients(text("$uri"), List.of(new Share(9999, "a"), new Share(2, "b"))))
        .hasMessage("percent total is greater than 100%");
  }

  @Test
  void theSmallestNetworkCounts() throws Exception {
    AddressTable.Builder<String> builder = new AddressTable.Builder<>();
    assertThat(builder.network("10.1.0.0/16", "sixteen")).isTrue();
    assertThat(builder.network("10.1.2.3", "one")).isTrue();
    assertThat(builder.network("10.0.0.0/8", "eight")).isTrue();
    assertThat(builder.network("10.9.0.0/16", "gone")).isTrue();
    assertThat(builder.remove("10.9.0.0/16")).isTrue();
    assertThat(builder.network("2001:db8::/32", "six")).isTrue();
    assertThat(builder.network("10.0.0.0/33", "x")).isFalse();
    assertThat(builder.network("ten", "x")).isFalse();
    AddressTable<String> table = builder.build();
    assertThat(find(table, "10.1.2.3")).isEqualTo("one");
    assertThat(find(table, "10.1.2.4")).isEqualTo("sixteen");
    assertThat(find(table, "10.2.0.0")).isEqualTo("eight");
    assertThat(find(table, "10.9.0.1")).isEqualTo("eight");
    assertThat(find(table, "11.0.0.0")).isNull();
    assertThat(find(table, "9.255.255.255")).isNull();
    assertThat(find(table, "2001:db8:1::1")).isEqualTo("six");
    assertThat(find(table, "2001:db9::1")).isNull();
  }

  private static @Nullable String find(AddressTable<String> table, String address)
      throws Exception {
    return table.find(InetAddress.getByName(address));
  }

  @Test
  void rangesAreFoundAsByALinearSearch() throws Exception {
    SplittableRandom random = new SplittableRandom(3);
    for (int round = 0; round < 500; round++) {
      AddressTable.Builder<String> builder = new AddressTable.Builder<>();
      List<int[]> ranges = new ArrayList<>();
      for (int i = random.nextInt(8); i > 0; i--) {
        int from = random.nextInt(256);
        int to = from + random.nextInt(256 - from);
        ranges.add(new int[] {from, to});
        String value = Integer.toString(ranges.size());
        assertThat(builder.range("1.2.3." + from + "-1.2.3." + to, value)).isTrue();
      }
      AddressTable<String> table = builder.build();
      for (int last = 0; last < 256; last += 1 + random.nextInt(9)) {
        String expected = null;
        for (int i = 0; i < ranges.size(); i++) {
          boolean isIn = ranges.get(i)[0] <= last && last <= ranges.get(i)[1];
          expected = isIn ? Integer.toString(i + 1) : expected;
        }
        assertThat(find(table, "1.2.3." + last)).isEqualTo(expected);
      }
    }
  }

  @Test
  void whoIsTrustedSaysWhoAsks() {
    AddressTable.Builder<Boolean> trusted = new AddressTable.Builder<>();
    assertThat(trusted.network("192.0.2.0/24", true)).isTrue();
    assertThat(trusted.network("10.0.0.0/8", true)).isTrue();
    ForwardedFor once = new ForwardedFor(trusted.build(), false);
    ForwardedFor recursive = new ForwardedFor(trusted.build(), true);
    assertThat(found(once, "1.1.1.1, 10.0.0.1")).isEqualTo("10.0.0.1:0");
    assertThat(found(recursive, "6.6.6.6, 1.1.1.1, 10.0.0.1,")).isEqualTo("1.1.1.1:0");
    assertThat(found(recursive, "10.0.0.3, 10.0.0.2:81")).isEqualTo("10.0.0.3:0");
    assertThat(found(recursive, "nonsense, 10.0.0.2:81")).isEqualTo("10.0.0.2:81");
    assertThat(found(once, "[2001:db8::1]:80")).isEqualTo("2001:db8:0:0:0:0:0:1:80");
    assertThat(found(once, "nonsense")).isEqualTo("null");
    assertThat(found(once, "")).isEqualTo("null");
    ForwardedFor nobody = new ForwardedFor(new AddressTable.Builder<Boolean>().build(), true);
    assertThat(found(nobody, "1.1.1.1")).isEqualTo("null");
  }

  private static String found(ForwardedFor trusted, String list) {
    var found = trusted.find(Requests.get("/"), list);
    return found == null ? "null" : found.getAddress().getHostAddress() + ":" + found.getPort();
  }

  @Test
  void placesAreThoseOfAddresses() throws Exception {
    AddressTable.Builder<String> builder = new AddressTable.Builder<>();
    assertThat(builder.network("192.0.2.0/24", "here")).isTrue();
    assertThat(builder.network("1.1.1.1", "there")).isTrue();
    assertThat(builder.network("255.255.255.255", "nowhere")).isTrue();
    AddressTable<String> table = builder.build();
    Request request = Requests.get("/?ip=1.1.1.1&bad=x");
    Geo ofClient = new Geo(Optional.empty(), Optional.empty(), table, "default");
    assertThat(ofClient.value(request)).isEqualTo("here");
    Geo ofText = new Geo(Optional.of(text("$arg_ip")), Optional.empty(), table, "default");
    assertThat(ofText.value(request)).isEqualTo("there");
    Geo ofNonsense = new Geo(Optional.of(text("$arg_bad")), Optional.empty(), table, "default");
    assertThat(ofNonsense.value(request)).isEqualTo("nowhere");
    Geo other = new Geo(Optional.of(text("2.2.2.2")), Optional.empty(), table, "default");
    assertThat(other.value(request)).isEqualTo("default");
  }
}
