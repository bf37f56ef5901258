package dev.muster.consul.filter;

import java.util.List;

/// An expression as it was written; names are not looked up yet.
sealed interface Expression {
  record AllOf(List<Expression> parts) implements Expression {
    public AllOf {
      parts = List.copyOf(parts);
    }
  }

  record AnyOf(List<Expression> parts) implements Expression {
    public AnyOf {
      parts = List.copyOf(parts);
    }
  }

  record Not(Expression negated) implements Expression {}

  /// A comparison.
  ///
  /// @param valueAt where the value starts in the expression
  /// @param value "" for operators that take none
  record Match(Selector selector, Operator operator, int valueAt, String value)
      implements Expression {}

  /// `any … as … { … }` and `all … as … { … }`.
  ///
  /// @param names one or two; `_` for one that is not used
  record Each(boolean all, Selector over, List<String> names, Expression body)
      implements Expression {
    public Each {
      names = List.copyOf(names);
    }
  }
}
