package dev.muster.balancer.route;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The longest of many prefixes of a path, found by one binary search: the greatest name that is
/// not after the path either is a prefix of it, or the longest prefix is one of that name, too;
/// each name knows the longest name that it starts with. Immutable; asked without allocation.
final class Prefixes<V> {
  private final byte[][] names;
  private final int[] shorter;
  private final List<V> values;

  Prefixes(Map<String, V> entries) {
    TreeMap<byte[], V> sorted = new TreeMap<>(Arrays::compareUnsigned);
    entries.forEach((name, value) -> sorted.put(octets(name), value));
    names = sorted.keySet().toArray(byte[][]::new);
    values = List.copyOf(sorted.values());
    shorter = new int[names.length];
    for (int i = 0; i < names.length; i++) {
      int candidate = i - 1;
      while (candidate >= 0 && !startsWith(names[i], 0, names[i].length, names[candidate])) {
        candidate = shorter[candidate];
      }
      shorter[i] = candidate;
    }
  }

  /// Names are octets as the file has them.
  static byte[] octets(String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }

  boolean isEmpty() {
    return names.length == 0;
  }

  @Nullable V longest(byte[] path, int start, int end) {
    int from = 0;
    int to = names.length;
    while (from < to) {
      int middle = (from + to) >>> 1;
      byte[] name = names[middle];
      if (Arrays.compareUnsigned(name, 0, name.length, path, start, end) <= 0) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    int found = from - 1;
    while (found >= 0 && !startsWith(path, start, end, names[found])) {
      found = shorter[found];
    }
    return found < 0 ? null : values.get(found);
  }

  private static boolean startsWith(byte[] path, int start, int end, byte[] name) {
    return end - start >= name.length
        && Arrays.equals(path, start, start + name.length, name, 0, name.length);
  }
}
