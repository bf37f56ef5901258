package dev.muster.balancer.route;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An immutable map from octet strings, asked with ranges of larger arrays and without allocation.
/// The hash can be grown octet by octet, so that all prefixes of a path are asked in one pass.
final class OctetMap<V> {
  private final byte[][] keys;
  private final Object[] values;
  private final int mask;
  private final boolean isEmpty;

  OctetMap(Map<String, V> entries) {
    int capacity = Integer.highestOneBit(Math.max(4, entries.size() * 4));
    keys = new byte[capacity][];
    values = new Object[capacity];
    mask = capacity - 1;
    isEmpty = entries.isEmpty();
    entries.forEach(this::insert);
  }

  private void insert(String text, V value) {
    byte[] key = text.getBytes(StandardCharsets.UTF_8);
    int slot = slot(hash(key, 0, key.length));
    while (keys[slot] != null) {
      slot = (slot + 1) & mask;
    }
    keys[slot] = key;
    values[slot] = value;
  }

  boolean isEmpty() {
    return isEmpty;
  }

  /// The value of the range, whose hash the caller has.
  @SuppressWarnings("unchecked") // insert stores nothing but values of V
  @Nullable V find(byte[] bytes, int from, int to, int hash) {
    int slot = slot(hash);
    for (byte[] key = keys[slot]; key != null; key = keys[slot]) {
      if (Arrays.equals(key, 0, key.length, bytes, from, to)) {
        return (V) values[slot];
      }
      slot = (slot + 1) & mask;
    }
    return null;
  }

  @Nullable V find(byte[] bytes, int from, int to) {
    return find(bytes, from, to, hash(bytes, from, to));
  }

  /// The value of the longest prefix of the path that ends at a segment boundary.
  @Nullable V findLongestPrefix(byte[] path, int from, int to) {
    V found = null;
    int hash = 0;
    for (int at = from; at <= to; at++) {
      if (at == to || path[at] == '/') {
        V here = find(path, from, at, hash);
        found = here == null ? found : here;
      }
      if (at < to) {
        hash = 31 * hash + path[at];
      }
    }
    return found;
  }

  private static int hash(byte[] bytes, int from, int to) {
    int hash = 0;
    for (int at = from; at < to; at++) {
      hash = 31 * hash + bytes[at];
    }
    return hash;
  }

  private int slot(int hash) {
    int mixed = hash * 0x9E3779B9;
    return (mixed ^ (mixed >>> 16)) & mask;
  }
}
