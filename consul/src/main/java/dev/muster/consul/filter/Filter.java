package dev.muster.consul.filter;

import java.util.function.Predicate;

/// A filter expression in the language of Consul's `filter=` parameter, ready to be applied.
/// Thread-safe.
///
/// A selector that leads through a list of objects means any of them, as in
/// `Checks.Status == critical`. Of a key that a map lacks, `==`, `in` and `matches` are false,
/// their opposites true, and it is empty and nil. An empty list or map is nil, too.
public final class Filter<T> implements Predicate<T> {
  private final Condition condition;
  private final int slots;

  private Filter(Condition condition, int slots) {
    this.condition = condition;
    this.slots = slots;
  }

  /// Reads an expression about elements of that kind.
  ///
  /// @throws InvalidFilter if it is no expression, asks for what such an element does not have, or
  ///     is too long or too deep
  public static <T> Filter<T> parse(String text, Element<T> element) {
    Source source = new Source(text);
    Expression expression = new Parser(source).parse();
    Binder binder = new Binder(source);
    Condition condition = binder.bind(expression, Scope.of(element.type()));
    return new Filter<>(condition, binder.slots());
  }

  @Override
  public boolean test(T element) {
    Object[] values = new Object[slots];
    values[0] = element;
    return condition.holds(values);
  }
}
