package dev.muster.registry.entry;

import java.util.List;
import java.util.Map;

/// What is done to the headers of a message that passes.
///
/// @param add further values of these headers
/// @param set other values of these headers
/// @param remove these headers go
public record HeaderModifiers(
    Map<String, String> add, Map<String, String> set, List<String> remove) {
  public HeaderModifiers {
    add = Copies.of(add);
    set = Copies.of(set);
    remove = Copies.of(remove);
  }

  boolean isEmpty() {
    return add.isEmpty() && set.isEmpty() && remove.isEmpty();
  }
}
