package dev.muster.balancer.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The arithmetic of the leaky bucket against one that is slow and plain, and its bound.
class LeakyBucketsTest {
  /// A bucket as it is drawn on paper: it drains all the time, and every request adds one.
  private static final class Reference {
    BigInteger excess = BigInteger.valueOf(-1000);
    long lastMillis;

    BigInteger after(long rate, long now) {
      if (excess.signum() < 0) {
        return BigInteger.ZERO;
      }
      BigInteger drained =
          BigInteger.valueOf(rate)
              .multiply(BigInteger.valueOf(now - lastMillis))
              .divide(BigInteger.valueOf(1000));
      return excess.subtract(drained).add(BigInteger.valueOf(1000)).max(BigInteger.ZERO);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void countsAsOnPaper(long seed) {
    Random random = new Random(seed);
    LeakyBuckets buckets = new LeakyBuckets(1 << 20);
    Map<String, Reference> references = new HashMap<>();
    long rate = 1 + random.nextInt(1000);
    long burst = random.nextInt(4) * 1000L;
    long now = 1_000_000;
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      now += random.nextInt(4) == 0 ? random.nextInt(2000) : random.nextInt(3);
      String key = "k" + random.nextInt(5);
      Reference reference = references.computeIfAbsent(key, _ -> new Reference());
      long expected = reference.after(rate, now).longValueExact();
      boolean isRefused = expected > burst;
      boolean counts = random.nextInt(3) > 0;
      assertThat(buckets.ask(key, rate, burst, now, counts))
          .as("request %d of seed %d", i, seed)
          .isEqualTo(isRefused ? -expected : expected);
      if (!isRefused && !counts) {
        assertThat(buckets.count(key, rate, now)).isEqualTo(expected);
      }
      if (isRefused) {
        refused++;
      } else {
        reference.excess = BigInteger.valueOf(expected);
        reference.lastMillis = now;
      }
    }
    assertThat(refused).isPositive();
  }

  @Test
  void forgetsTheKeyNotAskedForLongest() {
    LeakyBuckets buckets = new LeakyBuckets(1280);
    for (int i = 0; i < 100; i++) {
      buckets.ask("key" + i, 1000, 0, 0, true);
      assertThat(buckets.ask("key0", 1000, 0, 0, true)).isEqualTo(-1000);
    }
    assertThat(buckets.size()).isEqualTo(10);
    assertThat(buckets.ask("key50", 1000, 0, 0, true)).isZero();
  }

  @Test
  void countsWhatIsThereNow() {
    KeyCounts counts = new KeyCounts(256);
    assertThat(counts.enter("a", 2)).isTrue();
    assertThat(counts.enter("a", 2)).isTrue();
    assertThat(counts.enter("a", 2)).isFalse();
    assertThat(counts.enter("b", 2)).isTrue();
    assertThat(counts.enter("c", 2)).as("without memory").isFalse();
    counts.leave("a");
    assertThat(counts.enter("a", 2)).isTrue();
    counts.leave("b");
    assertThat(counts.enter("c", 2)).isTrue();
    assertThat(counts.size()).isEqualTo(2);
  }
}
