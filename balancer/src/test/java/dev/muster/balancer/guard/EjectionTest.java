package dev.muster.balancer.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.balancer.guard.Ejection.Cause;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// When an instance is left out, for how long, and how it comes back.
class EjectionTest {
  private static final long SECOND = 1_000_000_000L;
  private static final EjectionRules NGINX = EjectionRules.nginx(2, Duration.ofSeconds(10));
  private static final EjectionRules ROWS =
      EjectionRules.nginx(0, Duration.ofSeconds(10)).withOutliers(5, 3, 0);

  private static void fail(Ejection ejection, long now) {
    assertThat(ejection.tryBegin(now)).isTrue();
    ejection.failed(Cause.CONNECT, true, now);
  }

  private static void succeed(Ejection ejection, long now) {
    assertThat(ejection.tryBegin(now)).isTrue();
    ejection.succeeded(now);
  }

  @Test
  void maxFailsWithinFailTimeoutLeaveItOutForFailTimeout() {
    var ejection = new Ejection(NGINX);
    fail(ejection, 0);
    assertThat(ejection.isEjected(0)).isFalse();
    fail(ejection, 9 * SECOND);
    assertThat(ejection.isEjected(9 * SECOND)).isTrue();
    assertThat(ejection.isEjected(19 * SECOND)).isTrue();
    assertThat(ejection.isEjected(19 * SECOND + 1)).isFalse();
  }

  @Test
  void aSuccessSoonAfterAFailureDoesNotClearItButAfterFailTimeoutItDoes() {
    var ejection = new Ejection(NGINX);
    fail(ejection, 0);
    succeed(ejection, 5 * SECOND);
    fail(ejection, 6 * SECOND);
    assertThat(ejection.isEjected(6 * SECOND)).isTrue();

    var other = new Ejection(NGINX);
    fail(other, 0);
    succeed(other, 11 * SECOND);
    fail(other, 12 * SECOND);
    assertThat(other.isEjected(12 * SECOND)).isFalse();
  }

  @Test
  void afterTheTimeOneRequestIsOnTrial() {
    var ejection = new Ejection(NGINX);
    fail(ejection, 0);
    fail(ejection, 0);
    assertThat(ejection.tryBegin(10 * SECOND)).isFalse();
    assertThat(ejection.tryBegin(11 * SECOND)).isTrue();
    assertThat(ejection.isEjected(11 * SECOND)).isTrue();
    assertThat(ejection.tryBegin(12 * SECOND)).isFalse();
    assertThat(ejection.reason(12 * SECOND))
        .isEqualTo(
            "on trial: one request may show whether it works again, after 2 connect failures");
    ejection.succeeded(13 * SECOND);
    assertThat(ejection.isEjected(13 * SECOND)).isFalse();
    assertThat(ejection.reason(13 * SECOND)).isEmpty();
    fail(ejection, 14 * SECOND);
    assertThat(ejection.isEjected(14 * SECOND)).isFalse();
  }

  @Test
  void aFailedTrialLeavesItOutAsLongAgainByNginxsRule() {
    var ejection = new Ejection(NGINX);
    fail(ejection, 0);
    fail(ejection, 0);
    for (int i = 1; i <= 5; i++) {
      long now = i * 11 * SECOND;
      fail(ejection, now);
      assertThat(ejection.isEjected(now + 10 * SECOND)).isTrue();
      assertThat(ejection.isEjected(now + 10 * SECOND + 1)).isFalse();
    }
    assertThat(ejection.reason(55 * SECOND))
        .isEqualTo("ejected 10 s more: 2 connect failures, and the trial failed");
  }

  @Test
  void aTrialOfWhichNothingIsHeardIsFollowedByAnother() {
    var ejection = new Ejection(NGINX);
    fail(ejection, 0);
    fail(ejection, 0);
    assertThat(ejection.tryBegin(11 * SECOND)).isTrue();
    assertThat(ejection.tryBegin(21 * SECOND)).isFalse();
    assertThat(ejection.tryBegin(22 * SECOND)).isTrue();
  }

  @Test
  void withoutRulesNothingHappens() {
    var ejection = new Ejection(EjectionRules.nginx(0, Duration.ofSeconds(10)));
    for (int i = 0; i < 100; i++) {
      fail(ejection, i);
      ejection.erred(true, i);
      assertThat(ejection.isEjected(i)).isFalse();
    }
  }

  @Test
  void rowsOfFailuresLeaveItOutLongerEachTimeAndShorterAfterPeace() {
    var ejection = new Ejection(ROWS.withOutliers(5, 0, 0));
    long now = 0;
    for (int i = 0; i < 4; i++) {
      fail(ejection, now);
    }
    succeed(ejection, now);
    for (int i = 0; i < 4; i++) {
      fail(ejection, now);
    }
    assertThat(ejection.isEjected(now)).isFalse();
    fail(ejection, now);
    assertThat(ejection.reason(now + 18 * SECOND))
        .isEqualTo("ejected 12 s more: 5 connect failures in a row");
    for (long seconds : new long[] {30, 60, 120, 240, 300, 300}) {
      assertThat(ejection.isEjected(now + seconds * SECOND)).isTrue();
      now += seconds * SECOND + 1;
      assertThat(ejection.isEjected(now)).isFalse();
      fail(ejection, now);
    }
    now += 301 * SECOND;
    succeed(ejection, now);
    // Four doublings; after 30 s of peace each there are none left.
    now += 4 * 30 * SECOND;
    succeed(ejection, now);
    for (int i = 0; i < 5; i++) {
      fail(ejection, now);
    }
    assertThat(ejection.isEjected(now + 30 * SECOND)).isTrue();
    assertThat(ejection.isEjected(now + 31 * SECOND)).isFalse();
  }

  @Test
  void rowsOfServerErrors() {
    var ejection = new Ejection(ROWS);
    ejection.erred(true, 0);
    ejection.erred(true, 0);
    ejection.succeeded(0);
    ejection.erred(true, 0);
    ejection.erred(true, 0);
    assertThat(ejection.isEjected(0)).isFalse();
    assertThat(ejection.erred(true, 0)).isTrue();
    assertThat(ejection.reason(0)).isEqualTo("ejected 30 s more: 3 errors in a row");
  }

  @Test
  void percentagesCountWhenThereIsEnoughToCount() {
    var ejection =
        new Ejection(
            EjectionRules.nginx(0, Duration.ofSeconds(10))
                .withOutliers(0, 0, 50)
                .withEjection(Duration.ofSeconds(5), Duration.ofSeconds(60)));
    for (int i = 0; i < 49; i++) {
      ejection.succeeded(i);
      assertThat(ejection.erred(true, i)).isFalse();
    }
    ejection.succeeded(50);
    assertThat(ejection.erred(true, 51)).isTrue();
    assertThat(ejection.reason(51)).isEqualTo("ejected 5 s more: 50 of 100 requests failed");

    // The window begins anew after its 10 s.
    var other = new Ejection(EjectionRules.nginx(0, Duration.ZERO).withOutliers(0, 0, 50));
    for (int i = 0; i < 99; i++) {
      assertThat(other.erred(true, 0)).isFalse();
    }
    assertThat(other.erred(true, 10 * SECOND)).isFalse();
  }

  @Test
  void theClusterMayNotSpareIt() {
    assertThat(Ejection.isSpare(0, 1, 100)).isFalse();
    assertThat(Ejection.isSpare(0, 2, 50)).isTrue();
    assertThat(Ejection.isSpare(1, 2, 50)).isFalse();
    assertThat(Ejection.isSpare(0, 3, 50)).isTrue();
    assertThat(Ejection.isSpare(1, 3, 50)).isFalse();
    assertThat(Ejection.isSpare(1, 2, 100)).isTrue();

    var ejection = new Ejection(NGINX);
    fail(ejection, 0);
    assertThat(ejection.failed(Cause.TIMEOUT, false, 0)).isFalse();
    assertThat(ejection.isEjected(0)).isFalse();
    assertThat(ejection.reason(0)).isEqualTo("2 timeouts, but the cluster cannot spare it");
    assertThat(ejection.failed(Cause.TIMEOUT, true, 0)).isTrue();
    assertThat(ejection.isEjected(0)).isTrue();
  }

  @Test
  void manyThreadsGetOneTrial() throws Exception {
    for (int round = 0; round < 200; round++) {
      var ejection = new Ejection(NGINX);
      fail(ejection, 0);
      fail(ejection, 0);
      var start = new CountDownLatch(1);
      var trials = new AtomicInteger();
      try (var executor = Executors.newFixedThreadPool(4)) {
        for (int thread = 0; thread < 4; thread++) {
          executor.execute(
              () -> {
                try {
                  start.await();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
                if (!ejection.isEjected(11 * SECOND) && ejection.tryBegin(11 * SECOND)) {
                  trials.incrementAndGet();
                }
              });
        }
        start.countDown();
        executor.shutdown();
        assertThat(executor.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
      }
      assertThat(trials.get()).isOne();
    }
  }
}
