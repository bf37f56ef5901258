package dev.muster.balancer.guard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.balancer.guard.CircuitBreaker.Limits;
import dev.muster.balancer.guard.CircuitBreaker.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// Retry budgets and circuit breakers.
class BudgetTest {
  private static final long SECOND = 1_000_000_000L;

  private static int granted(RetryBudget budget, int active, long now) {
    int granted = 0;
    while (budget.tryBegin(active, now)) {
      granted++;
    }
    return granted;
  }

  @Test
  void aShareOfTheRequestsInFlightMayBeRetries() {
    var budget = new RetryBudget(20, 0, 0);
    assertThat(granted(budget, 100, 0)).isEqualTo(20);
    assertThat(budget.active()).isEqualTo(20);
    budget.end();
    assertThat(granted(budget, 100, 0)).isOne();
    assertThat(granted(budget, 4, 0)).isZero();
    assertThat(budget.refused()).isEqualTo(3);
  }

  @Test
  void aQuietClusterMayRepeatAFewPerSecond() {
    var budget = new RetryBudget(0, 3, 5 * SECOND);
    assertThat(granted(budget, 1, 5 * SECOND)).isEqualTo(3);
    for (int i = 0; i < 3; i++) {
      budget.end();
    }
    assertThat(granted(budget, 1, 5 * SECOND)).isZero();
    assertThat(granted(budget, 1, 5 * SECOND + SECOND / 3)).isOne();
    // However long nothing was repeated, there is no more than a second's worth.
    assertThat(granted(budget, 1, 60 * SECOND)).isEqualTo(3);
  }

  @Test
  void everyLimitIsItsOwn() {
    var breaker = new CircuitBreaker(new Limits(2, 1, 0, 1));
    assertThat(breaker.tryAcquire(Resource.CONNECTIONS)).isTrue();
    assertThat(breaker.isOpen(Resource.CONNECTIONS)).isFalse();
    assertThat(breaker.tryAcquire(Resource.CONNECTIONS)).isTrue();
    assertThat(breaker.isOpen(Resource.CONNECTIONS)).isTrue();
    assertThat(breaker.tryAcquire(Resource.CONNECTIONS)).isFalse();
    assertThat(breaker.tryAcquire(Resource.PENDING)).isTrue();
    assertThat(breaker.tryAcquire(Resource.RETRIES)).isTrue();
    for (int i = 0; i < 5000; i++) {
      assertThat(breaker.tryAcquire(Resource.REQUESTS)).isTrue();
    }
    assertThat(breaker.refused(Resource.CONNECTIONS)).isOne();
    assertThat(breaker.refused(Resource.PENDING)).isZero();
    breaker.release(Resource.CONNECTIONS);
    assertThat(breaker.taken(Resource.CONNECTIONS)).isOne();
    assertThat(breaker.tryAcquire(Resource.CONNECTIONS)).isTrue();
  }

  @Test
  void manyThreadsStayWithinTheLimit() throws Exception {
    var breaker = new CircuitBreaker(new Limits(0, 0, 3, 0));
    var most = new AtomicInteger();
    try (var executor = Executors.newFixedThreadPool(4)) {
      List<Future<?>> done = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        done.add(
            executor.submit(
                () -> {
                  for (int i = 0; i < 50_000; i++) {
                    if (breaker.tryAcquire(Resource.REQUESTS)) {
                      most.accumulateAndGet(breaker.taken(Resource.REQUESTS), Math::max);
                      breaker.release(Resource.REQUESTS);
                    }
                  }
                }));
      }
      for (Future<?> one : done) {
        one.get(60, TimeUnit.SECONDS);
      }
    }
    assertThat(breaker.taken(Resource.REQUESTS)).isZero();
    assertThat(most.get()).isBetween(1, 3);
  }
}
