package dev.muster.consul.filter;

import java.util.List;

/// A path to a part of an element, such as `Node.Meta["rack"]`.
///
/// @param at where it starts in the expression
record Selector(int at, List<String> path) {
  Selector {
    path = List.copyOf(path);
  }

  @Override
  public String toString() {
    return String.join(".", path);
  }
}
