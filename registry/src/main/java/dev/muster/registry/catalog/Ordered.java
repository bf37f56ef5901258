package dev.muster.registry.catalog;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// Immutable maps in the order of their keys, the order in which Consul prints them.
final class Ordered {
  private Ordered() {}

  static <V> Map<String, V> copy(Map<String, V> map) {
    return map.isEmpty() ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(map));
  }
}
