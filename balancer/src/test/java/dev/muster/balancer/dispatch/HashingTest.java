package dev.muster.balancer.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/// Hashing: the same mapping as nginx, how many keys move, how even the shares are, bounded load.
class HashingTest {
  private static final int KEYS = 100_000;

  private static final int[] EQUAL = {1, 1, 1, 1, 1};
  private static final int[] WEIGHTED = {3, 1, 2, 1, 1};

  private static List<Member> servers(int... weights) {
    List<Member> servers = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      String server = "127.1.0." + (i + 1) + ":18081";
      servers.add(Member.of(server, new Load(), weights[i]));
    }
    return servers;
  }

  private static List<Member> without(List<Member> members, int index) {
    List<Member> rest = new ArrayList<>(members);
    rest.remove(index);
    return rest;
  }

  private static Picker picker(Algorithm algorithm, List<Member> members, double loadFactor) {
    Policy policy = Policy.of(algorithm).withLoadFactor(loadFactor);
    return Members.of(members, policy, 1, null).picker(0);
  }

  private static List<byte[]> keys() {
    List<byte[]> keys = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      keys.add(("key" + i).getBytes(StandardCharsets.UTF_8));
    }
    for (String key : List.of("a", "", "user@example.com")) {
      keys.add(key.getBytes(StandardCharsets.UTF_8));
    }
    return keys;
  }

  private static List<byte[]> addresses() throws UnknownHostException {
    List<byte[]> addresses = new ArrayList<>();
    for (String address :
        ("10.0.0.1 192.168.7.9 8.8.8.8 203.0.113.77 172.16.254.3 1.2.3.4 127.0.0.1"
                + " 100.64.9.1 10.1.2.3 10.9.2.3 77.88.55.66 198.51.100.23"
                + " 2001:db8::1 2001:db8:1:2:3:4:5:6 ::1 fe80::1234:5678:9abc:def0")
            .split(" ")) {
      addresses.add(InetAddress.getByName(address).getAddress());
    }
    return addresses;
  }

  private static String mapping(Algorithm algorithm, List<byte[]> keys, int down, int... weights) {
    List<Member> members = servers(weights);
    if (down >= 0) {
      members.set(down, members.get(down).withHealth(false, false));
    }
    Picker picker = picker(algorithm, members, 0);
    var asking = new Asking(1);
    var mapping = new StringBuilder();
    for (byte[] key : keys) {
      asking.hash = algorithm.hash(key, 0, key.length);
      mapping.append(picker.pick(asking));
    }
    return mapping.toString();
  }

  /// What nginx 1.22.1 answered for these servers, weights and keys, one server marked `down` in
  /// the second case of each.
  @Test
  void mapsAsNginxDoes() throws UnknownHostException {
    assertThat(mapping(Algorithm.RING_HASH, keys(), -1, EQUAL))
        .isEqualTo("132414322201200312444314330414232004111133420133422223412022102");
    assertThat(mapping(Algorithm.RING_HASH, keys(), 2, WEIGHTED))
        .isEqualTo("100410310001000310404314330014030004000133410103400003414030100");
    assertThat(mapping(Algorithm.HASH, keys(), -1, EQUAL))
        .isEqualTo("213312123424400234314414123041031010423232140222123402100401201");
    assertThat(mapping(Algorithm.HASH, keys(), 0, WEIGHTED))
        .isEqualTo("122434444421321343431343213232322143131312233134343431231212422");
    assertThat(mapping(Algorithm.IP_HASH, addresses(), -1, EQUAL)).isEqualTo("0032010204410303");
    assertThat(mapping(Algorithm.IP_HASH, addresses(), 0, WEIGHTED)).isEqualTo("2441443112221221");
  }

  @Test
  void withoutAKeyTheTurnsDecide() {
    for (Algorithm algorithm : List.of(Algorithm.RING_HASH, Algorithm.HASH, Algorithm.MAGLEV)) {
      Picker picker = picker(algorithm, servers(EQUAL), 0);
      var asking = new Asking(1);
      asking.hash = algorithm.hash(new byte[0], 0, 0);
      List<Integer> turns = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        turns.add(picker.pick(asking));
      }
      assertThat(turns).as(algorithm.name()).containsExactly(0, 1, 2, 3, 4);
    }
  }

  @Test
  void hashesAgainWithoutTheKey() {
    Random random = new Random(5);
    for (int round = 0; round < 2000; round++) {
      byte[] key = new byte[random.nextInt(300)];
      random.nextBytes(key);
      int rehash = random.nextInt(30);
      var crc = new CRC32();
      crc.update((rehash == 0 ? "" : "" + rehash).getBytes(StandardCharsets.UTF_8));
      crc.update(key);
      long squeezed = Algorithm.HASH.hash(key, 0, key.length);
      assertThat(Hashes.nginx(squeezed, rehash)).isEqualTo((int) (crc.getValue() >> 16) & 0x7fff);
    }
  }

  @Test
  void membersWithOneKeyTakeTurnsOnItsPoints() {
    List<Member> members =
        List.of(
            Member.of("a1", new Load(), 1).withKey("a:80"),
            Member.of("a2", new Load(), 1).withKey("a:80"),
            Member.of("b", new Load(), 1).withKey("b:80"));
    Picker picker = picker(Algorithm.RING_HASH, members, 0);
    var asking = new Asking(1);
    int[] counts = new int[3];
    for (int key = 0; key < KEYS; key++) {
      asking.hash = key * 2654435761L & 0xffffffffL;
      counts[picker.pick(asking)]++;
    }
    assertThat(counts[0] - counts[1]).isBetween(-1, 1);
    assertThat(counts[2]).isBetween(KEYS / 3, 2 * KEYS / 3);
  }

  /// Where each key goes, as the member's id.
  private static String[] homes(Algorithm algorithm, List<Member> members) {
    Picker picker = picker(algorithm, members, 0);
    var asking = new Asking(1);
    String[] homes = new String[KEYS];
    for (int i = 0; i < KEYS; i++) {
      byte[] key = ("session-" + i).getBytes(StandardCharsets.UTF_8);
      asking.hash = algorithm.hash(key, 0, key.length);
      homes[i] = members.get(picker.pick(asking)).id();
    }
    return homes;
  }

  private static double moved(String[] before, String[] after) {
    int moved = 0;
    for (int i = 0; i < KEYS; i++) {
      moved += before[i].equals(after[i]) ? 0 : 1;
    }
    return (double) moved / KEYS;
  }

  @Test
  void aMemberThatComesOrGoesMovesItsOwnKeysAndFewOthers() {
    for (int n : new int[] {5, 10, 50}) {
      int[] weights = new int[n];
      java.util.Arrays.fill(weights, 1);
      List<Member> all = servers(weights);
      List<Member> fewer = without(all, n / 2);
      for (Algorithm algorithm : List.of(Algorithm.RING_HASH, Algorithm.MAGLEV)) {
        String[] with = homes(algorithm, all);
        String[] without = homes(algorithm, fewer);
        int own = 0;
        int others = 0;
        for (int i = 0; i < KEYS; i++) {
          if (with[i].equals(all.get(n / 2).id())) {
            own++;
          } else if (!with[i].equals(without[i])) {
            others++;
          }
        }
        System.out.printf(
            "%s, %d members: %.4f moved (1/n is %.4f), of these %.4f need not have%n",
            algorithm, n, moved(with, without), 1.0 / n, (double) others / KEYS);
        assertThat(moved(with, without)).isEqualTo((double) (own + others) / KEYS);
        if (algorithm == Algorithm.RING_HASH) {
          assertThat(others).isZero();
          // 160 points each: a share varies by 1/sqrt(160), 8 %; three times that.
          assertThat((double) own / KEYS).isCloseTo(1.0 / n, within(0.24 / n));
        } else {
          assertThat((double) own / KEYS).isCloseTo(1.0 / n, within(0.05 / n));
          assertThat((double) others / KEYS).isLessThan(0.04);
        }
      }
    }
  }

  @Test
  void anUnhealthyMemberMovesItsOwnKeysOnly() {
    List<Member> all = servers(1, 1, 1, 1, 1, 1, 1, 1, 1);
    List<Member> ill = new ArrayList<>(all);
    ill.set(4, all.get(4).withHealth(false, false));
    for (Algorithm algorithm : List.of(Algorithm.RING_HASH, Algorithm.MAGLEV)) {
      String[] before = homes(algorithm, all);
      String[] after = homes(algorithm, ill);
      int[] gained = new int[9];
      for (int i = 0; i < KEYS; i++) {
        if (!before[i].equals(all.get(4).id())) {
          assertThat(after[i]).isEqualTo(before[i]);
        } else {
          gained[after[i].charAt(8) - '1']++;
        }
      }
      assertThat(gained[4]).isZero();
    }
  }

  @Test
  void sharesFollowWeights() {
    List<Member> members = servers(1, 2, 3, 4);
    for (Algorithm algorithm : List.of(Algorithm.RING_HASH, Algorithm.MAGLEV)) {
      int[] counts = new int[4];
      for (String home : homes(algorithm, members)) {
        counts[home.charAt(8) - '1']++;
      }
      for (int i = 0; i < 4; i++) {
        double tolerance = algorithm == Algorithm.RING_HASH ? 0.24 : 0.05;
        double share = (i + 1) / 10.0;
        assertThat((double) counts[i] / KEYS).isCloseTo(share, within(share * tolerance));
      }
    }
  }

  @Test
  void maglevDoesNotDependOnTheOrderOfMembers() {
    List<Member> members = servers(1, 2, 3, 4);
    assertThat(homes(Algorithm.MAGLEV, members))
        .isEqualTo(homes(Algorithm.MAGLEV, members.reversed()));
  }

  @Test
  void aBigClusterGetsABiggerTable() {
    int[] weights = new int[1000];
    java.util.Arrays.fill(weights, 1);
    assertThat(homes(Algorithm.MAGLEV, servers(weights)))
        .satisfies(homes -> assertThat(java.util.Set.of(homes[0], homes[1])).hasSize(2));
  }

  @Test
  void hugeWeightsDoNotTakeHugeTables() {
    List<Member> members = servers(1_000_000, 3_000_000);
    int second = 0;
    for (String home : homes(Algorithm.RING_HASH, members)) {
      second += home.equals(members.get(1).id()) ? 1 : 0;
    }
    assertThat((double) second / KEYS).isCloseTo(0.75, within(0.02));
  }

  @Test
  void aPopularKeyNeverLoadsAMemberAboveTheBound() {
    for (Algorithm algorithm : List.of(Algorithm.RING_HASH, Algorithm.MAGLEV)) {
      for (int[] weights : new int[][] {EQUAL, WEIGHTED}) {
        List<Member> members = servers(weights);
        Picker picker = picker(algorithm, members, Policy.LOAD_FACTOR);
        var asking = new Asking(11);
        int totalWeight = java.util.Arrays.stream(weights).sum();
        for (int requests = 1; requests <= 2000; requests++) {
          // Half of the requests are for one key.
          byte[] key = {(byte) (asking.random.nextBoolean() ? 1 : asking.random.nextInt(100))};
          asking.hash = algorithm.hash(key, 0, 1);
          int slot = picker.pick(asking);
          members.get(slot).load().begin();
          double fair = (double) requests * weights[slot] / totalWeight;
          assertThat(members.get(slot).load().active())
              .isLessThanOrEqualTo((int) Math.ceil(Policy.LOAD_FACTOR * fair - 1e-9));
        }
      }
    }
  }

  @Test
  void anUnchangedClusterKeepsItsTable() {
    Policy policy = Policy.of(Algorithm.MAGLEV);
    List<Member> all = servers(EQUAL);
    Members before = Members.of(all, policy, 1, null);
    all.set(1, all.get(1).withHealth(false, false));
    Members same = Members.of(all, policy, 1, before);
    assertThat(same.levels().getFirst().table()).isSameAs(before.levels().getFirst().table());
    Members fewer = Members.of(without(all, 0), policy, 1, same);
    assertThat(fewer.levels().getFirst().table()).isNotSameAs(same.levels().getFirst().table());
  }
}
