package dev.muster.registry.entry;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Immutable copies, in which what is absent is empty.
final class Copies {
  private static final int META_MAX = 64;
  private static final int META_KEY_MAX = 128;
  private static final int META_VALUE_MAX = 512;

  private Copies() {}

  static <V> List<V> of(@Nullable List<V> list) {
    return list == null ? List.of() : List.copyOf(list);
  }

  /// In the order of its keys, the order in which Consul prints maps.
  static <V extends @Nullable Object> Map<String, V> of(@Nullable Map<String, V> map) {
    return map == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(map));
  }

  static void checkMeta(Map<String, String> meta) throws InvalidEntry {
    InvalidEntry.unless(meta.size() <= META_MAX, "Meta exceeds maximum element count %d", META_MAX);
    for (Map.Entry<String, String> entry : meta.entrySet()) {
      InvalidEntry.unless(
          entry.getKey().length() <= META_KEY_MAX,
          "Meta key \"%s\" exceeds maximum length %d",
          entry.getKey(),
          META_KEY_MAX);
      InvalidEntry.unless(
          entry.getValue().length() <= META_VALUE_MAX,
          "Meta value for key \"%s\" exceeds maximum length %d",
          entry.getKey(),
          META_VALUE_MAX);
    }
  }
}
