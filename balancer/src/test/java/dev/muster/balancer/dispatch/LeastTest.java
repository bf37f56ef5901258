package dev.muster.balancer.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// `least_conn`, `least_time`, `random` and `random two`.
class LeastTest {
  private static final long MILLI = 1_000_000;

  private static Picker picker(Algorithm algorithm, List<Member> members) {
    return Members.of(members, Policy.of(algorithm), 1, null).picker(0);
  }

  private static int[] counts(Picker picker, Choice choice, int members, int picks) {
    int[] counts = new int[members];
    for (int i = 0; i < picks; i++) {
      counts[picker.pick(choice)]++;
    }
    return counts;
  }

  /// Two requests, since one alone says nothing.
  private static void answer(Load load, long latency, long now) {
    for (int i = 0; i < 2; i++) {
      load.begin();
      load.end(now - latency, now);
    }
  }

  @Test
  void fillsByWeight() {
    List<Member> members = RoundRobinTest.members(3, 1);
    Picker picker = picker(Algorithm.LEAST_REQUESTS, members);
    var asking = new Asking(1);
    List<Integer> turns = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      int turn = picker.pick(asking);
      members.get(turn).load().begin();
      turns.add(turn);
    }
    assertThat(turns).containsExactly(0, 1, 0, 0, 0, 1, 0, 0);
    assertThat(members.get(0).load().active()).isEqualTo(6);
  }

  @Test
  void equalsTakeTurns() {
    List<Member> members = RoundRobinTest.members(1, 1, 1);
    members.get(0).load().begin();
    Picker picker = picker(Algorithm.LEAST_REQUESTS, members);
    var asking = new Asking(1);
    List<Integer> turns = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      turns.add(picker.pick(asking));
    }
    assertThat(turns).containsExactly(1, 2, 1, 2);
  }

  @Test
  void leastTimeTakesTheFastestAndCountsStepsOfTwentyMillisAsEqual() {
    List<Member> members = RoundRobinTest.members(1, 1, 1);
    var asking = new Asking(1);
    answer(members.get(0).load(), 5 * MILLI, asking.now);
    answer(members.get(1).load(), 15 * MILLI, asking.now);
    answer(members.get(2).load(), 25 * MILLI, asking.now);
    Picker picker = picker(Algorithm.LEAST_TIME, members);
    assertThat(counts(picker, asking, 3, 10)).containsExactly(5, 5, 0);
    members.get(0).load().begin();
    assertThat(picker.pick(asking)).isEqualTo(1);
    members.get(1).load().begin();
    members.get(1).load().begin();
    members.get(0).load().begin();
    // 3 * 20 ms, 3 * 20 ms, 1 * 40 ms
    assertThat(picker.pick(asking)).isEqualTo(2);
  }

  @Test
  void leastTimeLooksAgainAtOneThatWasSlow() {
    List<Member> members = RoundRobinTest.members(1, 1);
    var asking = new Asking(1);
    answer(members.get(0).load(), 100 * MILLI, asking.now);
    answer(members.get(1).load(), 5 * MILLI, asking.now);
    Picker picker = picker(Algorithm.LEAST_TIME, members);
    assertThat(counts(picker, asking, 2, 10)).containsExactly(0, 10);
    asking.now += 60_000_000_000L;
    assertThat(counts(picker, asking, 2, 10)).containsExactly(5, 5);
  }

  @Test
  void chanceFollowsWeights() {
    Picker picker = picker(Algorithm.RANDOM, RoundRobinTest.members(1, 2, 3, 4));
    int[] counts = counts(picker, new Asking(3), 4, 100_000);
    for (int i = 0; i < 4; i++) {
      // Three standard deviations of the widest are 465.
      assertThat((double) counts[i]).isCloseTo((i + 1) * 10_000, within(465.0));
    }
  }

  @Test
  void chanceFollowsSlowStart() {
    var asking = new Asking(3);
    List<Member> members = new ArrayList<>(RoundRobinTest.members(1, 1));
    members.set(0, members.get(0).withUpSince(asking.now));
    for (Algorithm algorithm :
        List.of(
            Algorithm.RANDOM,
            Algorithm.PEAK_EWMA,
            Algorithm.LEAST_REQUESTS,
            Algorithm.RANDOM_TWO_LEAST_REQUESTS,
            Algorithm.LEAST_TIME)) {
      Policy policy = Policy.of(algorithm).withSlowStart(Duration.ofSeconds(10));
      Picker picker = Members.of(members, policy, 1, null).picker(0);
      List<Integer> taken = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        int slot = picker.pick(asking);
        members.get(slot).load().begin();
        taken.add(slot);
      }
      int started = members.get(0).load().active();
      // A tenth of the weight is an eleventh of the requests.
      int most = algorithm == Algorithm.PEAK_EWMA ? 200 : 130;
      assertThat(started).as(algorithm.name()).isBetween(50, most);
      taken.forEach(slot -> members.get(slot).load().abandon());
    }
  }

  @Test
  void theLessBusyOfTwoIsTaken() {
    List<Member> members = RoundRobinTest.members(1, 1, 1);
    members.get(1).load().begin();
    members.get(2).load().begin();
    members.get(2).load().begin();
    Picker picker = picker(Algorithm.RANDOM_TWO_LEAST_REQUESTS, members);
    int[] counts = counts(picker, new Asking(5), 3, 30_000);
    // Of the three pairs the first wins two, the second one, the third none; 3 sigma are 245.
    assertThat((double) counts[0]).isCloseTo(20_000, within(245.0));
    assertThat(counts[2]).isZero();
  }

  @Test
  void theFasterOfTwoIsTaken() {
    List<Member> members = RoundRobinTest.members(1, 1, 1);
    var asking = new Asking(5);
    answer(members.get(0).load(), 5 * MILLI, asking.now);
    answer(members.get(1).load(), 55 * MILLI, asking.now);
    answer(members.get(2).load(), 105 * MILLI, asking.now);
    Picker picker = picker(Algorithm.RANDOM_TWO_LEAST_TIME, members);
    int[] counts = counts(picker, asking, 3, 30_000);
    assertThat((double) counts[0]).isCloseTo(20_000, within(245.0));
    assertThat(counts[2]).isZero();
  }

  @Test
  void everyAlgorithmFindsTheOnlyOneLeft() {
    for (Algorithm algorithm : Algorithm.values()) {
      List<Member> members = RoundRobinTest.members(100, 100, 1, 100);
      Picker picker = picker(algorithm, members);
      var asking = new Asking(9);
      asking.barred.addAll(List.of(0, 1, 3));
      for (int i = 0; i < 200; i++) {
        byte[] key = {(byte) i, 2, 3, 4};
        asking.hash = algorithm.hash(key, 0, 4);
        assertThat(picker.pick(asking)).as(algorithm.name()).isEqualTo(2);
      }
      asking.barred.add(2);
      assertThat(picker.pick(asking)).as(algorithm.name()).isEqualTo(Picker.NONE);
    }
  }
}
