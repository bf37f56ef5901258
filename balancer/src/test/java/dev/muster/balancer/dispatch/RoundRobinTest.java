package dev.muster.balancer.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Smooth weighted round robin: nginx's order, shares, what is skipped, what survives a change.
class RoundRobinTest {
  private static final long SEED = 7;
  private static final Policy POLICY = Policy.of(Algorithm.ROUND_ROBIN);

  static List<Member> members(int... weights) {
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < weights.length; i++) {
      members.add(Member.of("i" + i, new Load(), weights[i]));
    }
    return members;
  }

  private static Members cluster(int... weights) {
    return Members.of(members(weights), POLICY, 1, null);
  }

  private static List<Integer> turns(Picker picker, Choice choice, int count) {
    List<Integer> turns = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      turns.add(picker.pick(choice));
    }
    return turns;
  }

  @Test
  void spreadsHeavyTurnsAsNginxDoes() {
    assertThat(turns(cluster(5, 1, 1).picker(0), new Asking(1), 7))
        .containsExactly(0, 0, 1, 0, 2, 0, 0);
    assertThat(turns(cluster(4, 2, 1).picker(0), new Asking(1), 7))
        .containsExactly(0, 1, 0, 2, 0, 1, 0);
  }

  @Test
  void givesEveryoneItsShareInEveryRound() {
    Random random = new Random(SEED);
    for (int round = 0; round < 200; round++) {
      int[] weights = random.ints(1 + random.nextInt(12), 1, 20).toArray();
      int total = 0;
      for (int weight : weights) {
        total += weight;
      }
      Members cluster = Members.of(members(weights), POLICY, 5, null);
      int[] counts = new int[weights.length];
      for (int turn : turns(cluster.picker(random.nextInt(5)), new Asking(1), total)) {
        counts[turn]++;
      }
      assertThat(counts).as("seed %d round %d", SEED, round).isEqualTo(weights);
    }
  }

  @Test
  void startsEveryLoopAtAnotherMember() {
    Members cluster = Members.of(members(1, 1, 1), POLICY, 4, null);
    List<Integer> firsts = new ArrayList<>();
    for (int loop = 0; loop < 4; loop++) {
      firsts.add(cluster.picker(loop).pick(new Asking(1)));
    }
    assertThat(firsts).containsExactly(0, 1, 2, 0);
  }

  @Test
  void takesWeightlessOnesLastAndBarredOnesNever() {
    Picker picker = cluster(0, 3, 0).picker(0);
    var asking = new Asking(1);
    assertThat(turns(picker, asking, 3)).containsExactly(1, 1, 1);
    asking.barred.add(1);
    assertThat(turns(picker, asking, 2)).containsExactly(0, 2);
    asking.barred.add(0);
    assertThat(picker.pick(asking)).isEqualTo(2);
    asking.barred.add(2);
    assertThat(picker.pick(asking)).isEqualTo(Picker.NONE);
  }

  @Test
  void saysWhenAllAreFullRatherThanGone() {
    List<Member> members = new ArrayList<>(members(1, 1));
    members.replaceAll(member -> member.withMaxConnections(1));
    Picker picker = Members.of(members, POLICY, 1, null).picker(0);
    var asking = new Asking(1);
    assertThat(members.get(0).load().tryBegin(1)).isTrue();
    assertThat(turns(picker, asking, 2)).containsExactly(1, 1);
    assertThat(members.get(1).load().tryBegin(1)).isTrue();
    assertThat(members.get(1).load().tryBegin(1)).isFalse();
    assertThat(picker.pick(asking)).isEqualTo(Picker.FULL);
    asking.barred.add(0);
    asking.barred.add(1);
    assertThat(picker.pick(asking)).isEqualTo(Picker.NONE);
    asking.barred.clear();
    members.get(0).load().abandon();
    assertThat(picker.pick(asking)).isEqualTo(0);
  }

  @Test
  void turnsGoOnWhenMembersChange() {
    List<Member> members = members(5, 1, 1);
    Members before = Members.of(members, POLICY, 1, null);
    var asking = new Asking(1);
    List<Integer> turns = new ArrayList<>(turns(before.picker(0), asking, 3));
    Members after = Members.of(members, POLICY, 1, before);
    turns.addAll(turns(after.picker(0), asking, 4));
    assertThat(turns).containsExactly(0, 0, 1, 0, 2, 0, 0);
  }

  @Test
  void noOneWaitsLongerThanARoundAfterWeightsShrank() {
    List<Member> heavy =
        List.of(
            Member.of("a", new Load(), 1_000_000),
            Member.of("b", new Load(), 1_000_000),
            Member.of("c", new Load(), 1));
    Members before = Members.of(heavy, POLICY, 1, null);
    var asking = new Asking(1);
    turns(before.picker(0), asking, 1);
    List<Member> light =
        List.of(
            Member.of("a", new Load(), 1),
            Member.of("b", new Load(), 1),
            Member.of("c", new Load(), 1));
    Members after = Members.of(light, POLICY, 1, before);
    assertThat(turns(after.picker(0), asking, 6)).contains(0, 1, 2);
  }

  @Test
  void slowStartGrowsFromATenthToAllInTheTime() {
    var asking = new Asking(1);
    List<Member> members = new ArrayList<>(members(10, 10));
    members.set(1, members.get(1).withUpSince(asking.now));
    Policy policy = POLICY.withSlowStart(Duration.ofSeconds(10));
    Picker picker = Members.of(members, policy, 1, null).picker(0);
    // Weights 10 and 1, then 10 and 5.5, then 10 and 10; a turn or two of rounding.
    assertThat(count(picker, asking, 1100)).isBetween(99, 101);
    asking.now += 5_000_000_000L;
    assertThat(count(picker, asking, 1550)).isBetween(548, 552);
    asking.now += 5_000_000_000L;
    assertThat(count(picker, asking, 1000)).isBetween(499, 501);
  }

  private static int count(Picker picker, Choice choice, int picks) {
    int count = 0;
    for (int turn : turns(picker, choice, picks)) {
      count += turn == 1 ? 1 : 0;
    }
    return count;
  }
}
