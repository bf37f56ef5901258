package dev.muster.balancer.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is remembered of sessions, and what is forgotten.
class SessionTableTest {
  private static final int CAPACITY = 600;

  @Test
  void theSessionThatWasQuietForLongestMakesRoom() {
    SessionTable table = new SessionTable(3, 100);
    table.put(1, "a", 0);
    table.put(2, "b", 1);
    table.put(3, "c", 2);
    assertThat(table.find(1, 3)).isEqualTo("a");
    table.put(4, "d", 4);
    assertThat(table.find(2, 5)).isNull();
    assertThat(table.find(1, 5)).isEqualTo("a");
    assertThat(table.find(3, 5)).isEqualTo("c");
    assertThat(table.size()).isEqualTo(3);
  }

  @Test
  void aSessionNobodyAsksForEnds() {
    SessionTable table = new SessionTable(10, 100);
    table.put(1, "a", 0);
    assertThat(table.find(1, 100)).isEqualTo("a");
    assertThat(table.find(1, 200)).isEqualTo("a");
    assertThat(table.find(1, 301)).isNull();
    assertThat(table.size()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void doesWhatAMapInOrderOfUseDoes(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    SessionTable table = new SessionTable(CAPACITY, Long.MAX_VALUE);
    Map<Long, String> model =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Long, String> eldest) {
            return size() > CAPACITY;
          }
        };
    for (int i = 0; i < 20_000; i++) {
      long key = random.nextLong(1000) * 0x9E3779B97F4A7C15L;
      if (random.nextInt(3) == 0) {
        String name = "i" + random.nextInt(9);
        table.put(key, name, i);
        model.put(key, name);
      } else {
        assertThat(table.find(key, i)).as("step %d of seed %d", i, seed).isEqualTo(model.get(key));
      }
    }
    assertThat(table.size()).isEqualTo(model.size());
  }

  /// The first vectors of the reference implementation: octets 0, 1, 2 … under the key 0 to 15.
  @ParameterizedTest
  @CsvSource({
    "0, 726fdb47dd0e0e31",
    "1, 74f839c593dc67fd",
    "7, ab0200f58b01d137",
    "8, 93f5f5799a932462",
    "15, a129ca6149be45e5"
  })
  void hashesAsTheReferenceDoes(int length, String expected) {
    byte[] octets = new byte[length];
    for (int i = 0; i < length; i++) {
      octets[i] = (byte) i;
    }
    SipHash hash = new SipHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);
    assertThat(hash.of(octets, 0, length)).isEqualTo(Long.parseUnsignedLong(expected, 16));
  }
}
