package dev.muster.balancer.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Levels, zones, panic, and what explains them.
class MembersTest {
  private static final Policy POLICY = Policy.of(Algorithm.ROUND_ROBIN);

  private static Member member(String id, int priority, String zone) {
    return Member.of(id, new Load(), 1).withPlace(priority, zone);
  }

  private static Member ill(Member member) {
    return member.withHealth(false, false);
  }

  private static Members cluster(Policy policy, Member... members) {
    return Members.of(List.of(members), policy, 1, null);
  }

  private static int[] counts(Members cluster, Choice choice, int picks) {
    int[] counts = new int[cluster.members().size()];
    Picker picker = cluster.picker(0);
    for (int i = 0; i < picks; i++) {
      int picked = picker.pick(choice);
      if (picked >= 0) {
        counts[picked]++;
      }
    }
    return counts;
  }

  @Test
  void backupsServeInTheirOrderWhenNoPrimaryMay() {
    Member primary = member("p", 0, "");
    Member backup = member("b", 1, "");
    Member last = member("c", 2, "");
    Members normal = cluster(POLICY, primary, backup, last);
    var asking = new Asking(1);
    assertThat(counts(normal, asking, 4)).containsExactly(4, 0, 0);
    assertThat(normal.state())
        .isEqualTo(new Members.State(Members.Kind.NORMAL, "1 of 1 primaries are healthy"));
    asking.barred.add(0);
    assertThat(counts(normal, asking, 4)).containsExactly(0, 4, 0);

    Members failed = cluster(POLICY, ill(primary), ill(backup), last);
    assertThat(failed.state().kind()).isEqualTo(Members.Kind.BACKUP);
    assertThat(failed.state().sentence())
        .isEqualTo(
            "no member of a better priority is healthy;"
                + " 1 of 1 backups of priority 2 are healthy");
    asking.barred.clear();
    assertThat(counts(failed, asking, 4)).containsExactly(0, 0, 4);
  }

  @Test
  void nobodyIsLeftWithoutPanic() {
    Members cluster = cluster(POLICY, ill(member("a", 0, "")), ill(member("b", 0, "")));
    assertThat(cluster.state())
        .isEqualTo(
            new Members.State(Members.Kind.EMPTY, "none of 2 members is healthy and not draining"));
    assertThat(cluster.picker(0).pick(new Asking(1))).isEqualTo(Picker.NONE);
    assertThat(cluster(POLICY).state().sentence()).isEqualTo("there are no members");
    assertThat(cluster(POLICY).picker(0).pick(new Asking(1))).isEqualTo(Picker.NONE);
  }

  @Test
  void panicUsesAllOfALevelThatHasTooFewHealthyOnes() {
    for (Algorithm algorithm : Algorithm.values()) {
      Policy policy = Policy.of(algorithm).withPanicPercent(50);
      Member drained = member("d", 0, "").withHealth(true, true);
      Members half =
          cluster(policy, member("a", 0, ""), ill(member("b", 0, "")), member("c", 0, ""), drained);
      assertThat(half.state().kind()).isEqualTo(Members.Kind.NORMAL);
      Members third =
          cluster(
              policy,
              member("a", 0, ""),
              ill(member("b", 0, "")),
              ill(member("c", 0, "")),
              drained);
      assertThat(third.state())
          .isEqualTo(
              new Members.State(
                  Members.Kind.PANIC,
                  "only 1 of 4 primaries are healthy, so all of them are used"));
      var asking = new Asking(1);
      boolean[] seen = new boolean[4];
      for (int i = 0; i < 500; i++) {
        asking.hash = algorithm.hash(new byte[] {(byte) i, (byte) (i >> 8), 9, 9}, 0, 4);
        seen[third.picker(0).pick(asking)] = true;
      }
      assertThat(seen).as(algorithm.name()).containsExactly(true, true, true, false);
    }
  }

  @Test
  void backupsComeBeforePanicWhenNoPrimaryIsHealthyAndPanicIsTheLastResort() {
    Policy policy = POLICY.withPanicPercent(50);
    Member ill = ill(member("a", 0, ""));
    assertThat(cluster(policy, ill, member("b", 1, "")).state().kind())
        .isEqualTo(Members.Kind.BACKUP);
    Members all = cluster(policy, ill, ill(member("b", 1, "")));
    assertThat(all.state().kind()).isEqualTo(Members.Kind.PANIC);
    assertThat(all.picker(0).pick(new Asking(1))).isZero();
  }

  @Test
  void drainingTakesNothingNew() {
    Member draining = member("a", 0, "").withHealth(true, true);
    assertThat(counts(cluster(POLICY, draining, member("b", 0, "")), new Asking(1), 4))
        .containsExactly(0, 4);
  }

  @Test
  void theOwnZoneIsEnoughAndThenSpillsOverInProportion() {
    Policy policy = POLICY.withZone("x");
    Member x1 = member("x1", 0, "x");
    Member x2 = member("x2", 0, "x");
    Member y1 = member("y1", 0, "y");
    Member y2 = member("y2", 0, "y");
    assertThat(counts(cluster(policy, x1, x2, y1, y2), new Asking(1), 1000))
        .containsExactly(500, 500, 0, 0);
    // Half of the zone, three quarters of all: two thirds stay. Three standard deviations are 141.
    int[] spilt = counts(cluster(policy, x1, ill(x2), y1, y2), new Asking(1), 10_000);
    assertThat((double) spilt[0]).isCloseTo(6667, within(141.0));
    assertThat(spilt[2] - spilt[3]).isBetween(-1, 1);
    // As bad elsewhere: all stay.
    assertThat(counts(cluster(policy, x1, ill(x2), y1, ill(y2)), new Asking(1), 100))
        .containsExactly(100, 0, 0, 0);
    // Nobody left there.
    assertThat(counts(cluster(policy, ill(x1), ill(x2), y1, y2), new Asking(1), 100))
        .containsExactly(0, 0, 50, 50);
    var asking = new Asking(1);
    asking.barred.addAll(List.of(0, 1));
    assertThat(counts(cluster(policy, x1, x2, y1, y2), asking, 100)).containsExactly(0, 0, 50, 50);
  }

  @Test
  void explainsEveryMemberAndChangesNothing() {
    var asking = new Asking(1);
    Member slow = member("slow", 0, "").withUpSince(asking.now);
    Member full = member("full", 0, "").withMaxConnections(1);
    full.load().begin();
    Members cluster =
        cluster(
            POLICY.withSlowStart(Duration.ofSeconds(10)),
            member("a", 0, ""),
            slow,
            full,
            ill(member("ill", 0, "")),
            member("out", 0, "").withHealth(true, true),
            member("tried", 0, ""),
            member("backup", 1, ""),
            Member.of("none", new Load(), 0));
    asking.barred.add(5);
    Explanation explanation = cluster.explain(0, asking);
    assertThat(explanation.sentence()).isEqualTo("a by round robin; 4 of 6 primaries are healthy");
    assertThat(
            explanation.members().stream()
                .map(standing -> standing.id() + ": " + standing.reason())
                .toList())
        .containsExactly(
            "a: chosen",
            "slow: may be chosen",
            "full: full: 1 of 1 requests",
            "ill: unhealthy",
            "out: draining: takes no new requests",
            "tried: ejected, or tried by this request",
            "backup: a backup: only when no member of a better priority is left",
            "none: without weight: only when no other is left");
    assertThat(explanation.members().get(1).weight()).isEqualTo(0.1);
    assertThat(cluster.explain(0, asking)).isEqualTo(explanation);
  }

  @Test
  void theExplanationForetellsThePick() {
    for (Algorithm algorithm : Algorithm.values()) {
      List<Member> members = new ArrayList<>(RoundRobinTest.members(3, 1, 2, 5));
      Members cluster = Members.of(members, Policy.of(algorithm), 3, null);
      var asking = new Asking(4);
      for (int i = 0; i < 300; i++) {
        asking.hash = algorithm.hash(new byte[] {(byte) i, 2, 3, 4}, 0, 4);
        asking.barred.clear();
        asking.barred.add(i % 4);
        asking.random.setSeed(i);
        int foretold = cluster.explain(2, asking).chosen();
        asking.random.setSeed(i);
        int picked = cluster.picker(2).pick(asking);
        assertThat(picked).as(algorithm + " " + i).isEqualTo(foretold);
        members.get(picked).load().begin();
        if (i % 3 == 0) {
          members.get(picked).load().end(asking.now, asking.now + i);
        }
      }
    }
  }

  @Test
  void aSnapshotDoesNotHoldItsPredecessors() throws InterruptedException {
    List<Member> members = RoundRobinTest.members(1, 1);
    Members first = Members.of(members, POLICY, 2, null);
    first.picker(0).pick(new Asking(1));
    var reference = new java.lang.ref.WeakReference<>(first);
    Members current = first;
    first = null;
    for (int i = 0; i < 5; i++) {
      current = Members.of(members, POLICY, 2, current);
    }
    current.picker(0).pick(new Asking(1));
    for (int i = 0; i < 50 && reference.get() != null; i++) {
      System.gc();
      Thread.onSpinWait();
    }
    assertThat(reference.get()).isNull();
    assertThat(current.members()).hasSize(2);
  }

  @Test
  void everyMemberIsReachedWhateverTheAlgorithm() {
    for (Algorithm algorithm : Algorithm.values()) {
      Members cluster =
          Members.of(RoundRobinTest.members(1, 1, 1, 1, 1), Policy.of(algorithm), 1, null);
      var asking = new Asking(8);
      int[] counts = new int[5];
      for (int i = 0; i < 5000; i++) {
        byte[] key = {10, (byte) (i >> 8), (byte) i, 1};
        asking.hash = algorithm.hash(key, 0, 4);
        counts[cluster.picker(0).pick(asking)]++;
      }
      assertThat(IntStream.of(counts).min().orElseThrow())
          .as("%s %s", algorithm, java.util.Arrays.toString(counts))
          .isGreaterThan(600);
    }
  }
}
