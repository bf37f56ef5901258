package dev.muster.balancer.dispatch;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Ketama as nginx has it: 160 points per unit of weight, each the CRC-32 of the server's host, a
/// zero octet, its port and the four octets (lowest first) of the point before. A key belongs to
/// the first point at or after its CRC-32. Members with one key share its points and take turns.
final class HashRing implements KeyTable {
  private static final int POINTS_PER_WEIGHT = 160;

  /// Beyond this, all have fewer points in proportion; nginx would take the memory instead.
  private static final int POINTS_MAX = 1 << 20;

  private final KeyTable.Basis basis;

  /// Of the points, ascending as unsigned numbers.
  private final int[] hashes;

  /// The group that each point belongs to.
  private final int[] owners;

  /// The slots of each key.
  private final int[][] groups;

  private HashRing(KeyTable.Basis basis, int[] hashes, int[] owners, int[][] groups) {
    this.basis = basis;
    this.hashes = hashes;
    this.owners = owners;
    this.groups = groups;
  }

  static HashRing of(KeyTable.Basis basis) {
    Map<String, List<Integer>> slots = new LinkedHashMap<>();
    long total = 0;
    for (int slot = 0; slot < basis.keys.length; slot++) {
      slots.computeIfAbsent(basis.keys[slot], key -> new ArrayList<>()).add(slot);
      total += (long) basis.weights[slot] * POINTS_PER_WEIGHT;
    }
    double scale = total > POINTS_MAX ? (double) POINTS_MAX / total : 1;
    int[][] groups = new int[slots.size()][];
    // No group has more points than its members would have one by one.
    long[] points = new long[(int) Math.min(total, POINTS_MAX) + groups.length];
    int count = 0;
    int group = 0;
    for (var entry : slots.entrySet()) {
      int[] members = entry.getValue().stream().mapToInt(Integer::intValue).toArray();
      long weight = 0;
      for (int slot : members) {
        weight = Math.max(weight, basis.weights[slot]);
      }
      int from = count;
      count += (int) Math.max(1, Math.floor(weight * POINTS_PER_WEIGHT * scale));
      addPoints(points, from, count, entry.getKey(), group);
      groups[group++] = members;
    }
    return sorted(basis, Arrays.copyOf(points, count), groups);
  }

  /// Of points with the same hash only the first member's stays.
  private static HashRing sorted(KeyTable.Basis basis, long[] points, int[][] groups) {
    Arrays.sort(points);
    int[] hashes = new int[points.length];
    int[] owners = new int[points.length];
    int count = 0;
    for (long point : points) {
      int hash = (int) (point >>> 31);
      if (count == 0 || hashes[count - 1] != hash) {
        hashes[count] = hash;
        owners[count] = (int) (point & Integer.MAX_VALUE);
        count++;
      }
    }
    return new HashRing(basis, Arrays.copyOf(hashes, count), Arrays.copyOf(owners, count), groups);
  }

  private static void addPoints(long[] points, int from, int to, String key, int group) {
    String host = host(key);
    int colon = host.length();
    int base = crc(~0, host.substring(host.startsWith("unix:") ? 5 : 0));
    base = Hashes.crc(base, (byte) 0);
    base = crc(base, colon < key.length() ? key.substring(colon + 1) : "");
    int previous = 0;
    for (int i = from; i < to; i++) {
      int register = base;
      for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
        register = Hashes.crc(register, (byte) (previous >>> shift));
      }
      previous = ~register;
      points[i] = Integer.toUnsignedLong(previous) << 31 | group;
    }
  }

  /// The key without a port at its end.
  private static String host(String key) {
    int colon = key.lastIndexOf(':');
    boolean hasPort =
        colon >= 0
            && !key.startsWith("unix:")
            && key.chars().skip(colon + 1L).allMatch(c -> c >= '0' && c <= '9');
    return hasPort ? key.substring(0, colon) : key;
  }

  private static int crc(int register, String text) {
    byte[] octets = text.getBytes(StandardCharsets.UTF_8);
    return Hashes.crc(register, octets, 0, octets.length);
  }

  @Override
  public KeyTable.Basis basis() {
    return basis;
  }

  @Override
  public Algorithm algorithm() {
    return Algorithm.RING_HASH;
  }

  @Override
  public Strategy strategy(Pool pool, Turns turns, double loadFactor) {
    var bound = new LoadBound(pool, loadFactor);
    return (choice, isDry) -> pick(turns, bound, choice, isDry);
  }

  private int pick(Turns turns, LoadBound bound, Choice choice, boolean isDry) {
    if (choice.hash() == 0) {
      return turns.pick(choice, isDry);
    }
    bound.count(choice);
    int start = find(Hashes.crc(choice.hash()));
    int point = start;
    int passed = Strategy.NOBODY;
    do {
      int owner = owners[point];
      if (owner != passed) {
        int slot = turns.pickAmong(groups[owner], choice, isDry);
        if (slot >= 0 && bound.allows(slot)) {
          return slot;
        }
        passed = owner;
      }
      point = point + 1 == owners.length ? 0 : point + 1;
    } while (point != start);
    // Loads moved while we looked, so that everyone seemed to be above the bound.
    return turns.pick(choice, isDry);
  }

  /// The first point at or after the hash.
  private int find(int hash) {
    int low = 0;
    int high = hashes.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Integer.compareUnsigned(hashes[middle], hash) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low == hashes.length ? 0 : low;
  }
}
