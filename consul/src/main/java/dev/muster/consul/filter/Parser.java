package dev.muster.consul.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads an expression by recursive descent. Used once. The grammar:
///
/// ```
/// or       = and { "or" and }
/// and      = not { "and" not }
/// not      = "not" not | "(" or ")" | each | match
/// each     = ("any" | "all") selector "as" name [ "," name ] "{" or "}"
/// match    = selector ("==" | "!=" | ["not"] "contains" | ["not"] "matches") value
///          | selector "is" ["not"] ("empty" | "nil")
///          | value ["not"] "in" selector
/// selector = word { "." word | "." digits | "[" string "]" } | '"/' JSON pointer '"'
/// value    = selector | number | string
/// ```
final class Parser {
  private static final int CHARACTERS_MAX = 8192;
  private static final int DEPTH_MAX = 50;
  private static final int MATCHES_MAX = 200;

  private static final String TERM =
      "\"(\", \"not\", \"any\", \"all\", a selector, a number or a string";
  private static final String VALUE = "a word, a number or a string";
  private static final String SELECTOR = "a selector, such as Service or Node.Meta[\"rack\"]";
  private static final String OPERATOR =
      "\"==\", \"!=\", \"contains\", \"in\", \"is\", \"matches\" or \"not\"";

  private final Source source;
  private final Scanner scanner;
  private int matches;

  Parser(Source source) {
    this.source = source;
    scanner = new Scanner(source);
  }

  Expression parse() {
    if (source.text().length() > CHARACTERS_MAX) {
      throw source.invalid(
          CHARACTERS_MAX, "Expression too long", "at most " + CHARACTERS_MAX + " characters");
    }
    scanner.spaces();
    Expression expression = or(0);
    scanner.spaces();
    if (!scanner.isAtEnd()) {
      throw scanner.unexpected("\"and\", \"or\" or the end" + scanner.advice());
    }
    return expression;
  }

  private Expression or(int depth) {
    List<Expression> parts = new ArrayList<>();
    do {
      parts.add(and(depth));
    } while (scanner.takeJoint("or"));
    return parts.size() == 1 ? parts.getFirst() : new Expression.AnyOf(parts);
  }

  private Expression and(int depth) {
    List<Expression> parts = new ArrayList<>();
    do {
      parts.add(not(depth));
    } while (scanner.takeJoint("and"));
    return parts.size() == 1 ? parts.getFirst() : new Expression.AllOf(parts);
  }

  private Expression not(int depth) {
    if (depth > DEPTH_MAX) {
      throw source.invalid(scanner.at(), "Expression too deep", "at most " + DEPTH_MAX + " levels");
    }
    if (scanner.takeWord("not")) {
      if (!scanner.spaces()) {
        throw scanner.unexpected("a space");
      }
      return new Expression.Not(not(depth + 1));
    }
    if (scanner.take('(')) {
      scanner.spaces();
      Expression grouped = or(depth + 1);
      close(')');
      return grouped;
    }
    return each(depth).orElseGet(this::match);
  }

  private void close(char bracket) {
    scanner.spaces();
    if (!scanner.take(bracket)) {
      throw scanner.unexpected("\"and\", \"or\" or \"" + bracket + "\"" + scanner.advice());
    }
  }

  /// Empty if `any` or `all` is the name of something here.
  private Optional<Expression> each(int depth) {
    int start = scanner.at();
    boolean all = scanner.takeWord("all");
    if (!all && !scanner.takeWord("any")) {
      return Optional.empty();
    }
    if (scanner.spaces() && scanner.startsSelector()) {
      Operand over = scanner.operand(SELECTOR);
      if (over.selector() != null && scanner.spaces() && scanner.takeWord("as")) {
        List<String> names = names();
        scanner.spaces();
        if (!scanner.take('{')) {
          throw scanner.unexpected(names.size() == 1 ? "\",\" or \"{\"" : "\"{\"");
        }
        scanner.spaces();
        Expression body = or(depth + 1);
        close('}');
        return Optional.of(new Expression.Each(all, over.selector(), names, body));
      }
    }
    scanner.back(start);
    return Optional.empty();
  }

  private List<String> names() {
    List<String> names = new ArrayList<>();
    do {
      scanner.spaces();
      names.add(scanner.name());
      scanner.spaces();
    } while (names.size() < 2 && scanner.take(','));
    return names;
  }

  private Expression match() {
    Operand left = scanner.operand(TERM);
    if (++matches > MATCHES_MAX) {
      throw source.invalid(left.at(), "Too many match expressions", "at most " + MATCHES_MAX);
    }
    boolean valueFirst = left.selector() == null;
    Scanner.Asked asked = scanner.operator(valueFirst ? "\"in\" or \"not in\"" : OPERATOR);
    return switch (asked.form()) {
      case SELECTOR_VALUE -> {
        Selector selector = selector(left);
        Operand value = scanner.operand(VALUE);
        yield new Expression.Match(selector, asked.operator(), value.at(), value.value());
      }
      case SELECTOR -> new Expression.Match(selector(left), asked.operator(), left.at(), "");
      case VALUE_SELECTOR -> {
        Selector selector = selector(scanner.operand(SELECTOR));
        yield new Expression.Match(selector, asked.operator(), left.at(), left.value());
      }
    };
  }

  private Selector selector(Operand operand) {
    if (operand.selector() == null) {
      throw source.unexpected(operand.at(), SELECTOR);
    }
    return operand.selector();
  }
}
