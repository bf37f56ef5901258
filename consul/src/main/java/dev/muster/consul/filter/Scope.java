package dev.muster.consul.filter;

import java.util.HashMap;
import java.util.Map;

/// The names that a selector can start with.
///
/// @param root the element's own parts
/// @param bound what `any` and `all` named, which goes first
/// @param depth how many of these are around
record Scope(Type.Struct root, Map<String, Variable> bound, int depth) {
  Scope {
    bound = Map.copyOf(bound);
  }

  /// What a name stands for.
  ///
  /// @param slot where its value is kept
  record Variable(int slot, Type type) {}

  static Scope of(Type.Struct root) {
    return new Scope(root, Map.of(), 0);
  }

  Scope with(Map<String, Variable> more) {
    Map<String, Variable> all = new HashMap<>(bound);
    all.putAll(more);
    return new Scope(root, all, depth + 1);
  }
}
