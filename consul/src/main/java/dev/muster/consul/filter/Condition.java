package dev.muster.consul.filter;

/// An expression whose names are looked up.
@FunctionalInterface
interface Condition {
  /// Whether it is true of an element.
  ///
  /// @param slots the element itself at 0, then the values of the names bound by `any` and `all`
  boolean holds(Object[] slots);
}
