package dev.muster.consul.filter;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// Looks up an expression's names, checks that each operator suits its values, and reads the values
/// written in it. Used once.
final class Binder {
  /// Each level multiplies the work by the length of a list.
  private static final int EACH_DEPTH_MAX = 2;

  private static final int INDEX_DIGITS_MAX = 6;

  private final Source source;
  private int slots = 1;

  Binder(Source source) {
    this.source = source;
  }

  int slots() {
    return slots;
  }

  Condition bind(Expression expression, Scope scope) {
    return switch (expression) {
      case Expression.AllOf(List<Expression> parts) -> {
        List<Condition> all = parts.stream().map(part -> bind(part, scope)).toList();
        yield values -> all.stream().allMatch(part -> part.holds(values));
      }
      case Expression.AnyOf(List<Expression> parts) -> {
        List<Condition> any = parts.stream().map(part -> bind(part, scope)).toList();
        yield values -> any.stream().anyMatch(part -> part.holds(values));
      }
      case Expression.Not(Expression negated) -> {
        Condition condition = bind(negated, scope);
        yield values -> !condition.holds(values);
      }
      case Expression.Match match -> match(match, scope);
      case Expression.Each each -> each(each, scope);
    };
  }

  private Condition match(Expression.Match match, Scope scope) {
    Reach reach = reach(match.selector(), scope);
    Operator operator = match.operator();
    Operator.Question question = operator.question();
    if (!question.suits(reach.type())) {
      throw source.invalid(
          match.selector().at(),
          "Invalid match operator \"%s\" for selector %s"
              .formatted(operator.word(), Source.quoted(match.selector().toString())),
          "it " + reach.type().description());
    }
    boolean negated = operator.isNegated();
    Predicate<Object> positive = test(match, question, reach.type());
    Predicate<Object> test = negated ? positive.negate() : positive;
    boolean ifAbsent = question.ofAbsent() != negated;
    return values -> reach.any(values, test, ifAbsent);
  }

  private Predicate<Object> test(Expression.Match match, Operator.Question question, Type type) {
    return switch (question) {
      case EQUAL -> literal(match, type)::equals;
      case IN -> contains(match.value(), type);
      case MATCHES -> {
        RegularExpression pattern = RegularExpression.parse(source, match.valueAt(), match.value());
        yield value -> pattern.isIn((String) value);
      }
      case EMPTY, NIL -> value -> isEmpty(value, question);
    };
  }

  private static boolean isEmpty(Object value, Operator.Question question) {
    return switch (value) {
      case List<?> list -> list.isEmpty();
      case Map<?, ?> map -> map.isEmpty();
      case String text -> question == Operator.Question.EMPTY && text.isEmpty();
      default -> false;
    };
  }

  private static Predicate<Object> contains(String wanted, Type type) {
    return switch (type) {
      case Type.ListOf _ -> value -> ((List<?>) value).contains(wanted);
      case Type.MapOf _ -> value -> ((Map<?, ?>) value).containsKey(wanted);
      case Type.Text _, Type.Whole _, Type.Truth _, Type.Struct _ ->
          value -> ((String) value).contains(wanted);
    };
  }

  private Object literal(Expression.Match match, Type type) {
    String text = match.value();
    return switch (type) {
      case Type.Whole _ -> number(match);
      case Type.Truth _ ->
          switch (text) {
            case "1", "t", "T", "true", "TRUE", "True" -> true;
            case "0", "f", "F", "false", "FALSE", "False" -> false;
            default -> throw uncoercible(match, "expected true or false");
          };
      case Type.Text _, Type.ListOf _, Type.MapOf _, Type.Struct _ -> text;
    };
  }

  private Long number(Expression.Match match) {
    try {
      return Long.valueOf(match.value());
    } catch (NumberFormatException e) {
      throw uncoercible(match, "expected a whole number");
    }
  }

  private InvalidFilter uncoercible(Expression.Match match, String expected) {
    return source.invalid(
        match.valueAt(),
        "Failed to coerce value %s for selector %s"
            .formatted(Source.quoted(match.value()), Source.quoted(match.selector().toString())),
        expected);
  }

  private Condition each(Expression.Each each, Scope scope) {
    Selector over = each.over();
    if (scope.depth() == EACH_DEPTH_MAX) {
      throw source.invalid(
          over.at(), "Too many any and all inside each other", "at most " + EACH_DEPTH_MAX);
    }
    Reach reach = reach(over, scope);
    int first = slots++;
    int second = slots++;
    Type key;
    Type element;
    switch (reach.type()) {
      case Type.ListOf(Type type) -> {
        key = new Type.Whole();
        element = type;
      }
      case Type.MapOf(Type type) -> {
        key = new Type.Text();
        element = type;
      }
      case Type.Text _, Type.Whole _, Type.Truth _, Type.Struct _ ->
          throw source.invalid(
              over.at(),
              "Selector %s cannot be iterated over".formatted(Source.quoted(over.toString())),
              "it " + reach.type().description());
    }
    // One name means a list's element but a map's key.
    boolean oneNamed = each.names().size() == 1;
    boolean nameIsKey = reach.type() instanceof Type.MapOf;
    Map<String, Scope.Variable> names = new HashMap<>();
    if (oneNamed) {
      String name = each.names().getFirst();
      names.put(
          name, nameIsKey ? new Scope.Variable(first, key) : new Scope.Variable(second, element));
    } else {
      names.put(each.names().getFirst(), new Scope.Variable(first, key));
      names.put(each.names().getLast(), new Scope.Variable(second, element));
    }
    names.remove("_");
    Condition body = bind(each.body(), scope.with(names));
    boolean all = each.all();
    return values ->
        reach.any(
            values,
            collection -> holdsForEach(all, entries(collection), first, second, body, values),
            all);
  }

  private static Map<?, ?> entries(Object collection) {
    if (collection instanceof Map<?, ?> map) {
      return map;
    }
    Map<Long, Object> byIndex = new LinkedHashMap<>();
    for (Object element : (List<?>) collection) {
      byIndex.put((long) byIndex.size(), element);
    }
    return byIndex;
  }

  private static boolean holdsForEach(
      boolean all, Map<?, ?> entries, int first, int second, Condition body, Object[] values) {
    for (Map.Entry<?, ?> entry : entries.entrySet()) {
      values[first] = entry.getKey();
      values[second] = entry.getValue();
      if (body.holds(values) != all) {
        return !all;
      }
    }
    return all;
  }

  private Reach reach(Selector selector, Scope scope) {
    List<String> path = selector.path();
    Scope.Variable variable = scope.bound().get(path.getFirst());
    List<Reach.Step> steps = new ArrayList<>();
    Type type = variable == null ? scope.root() : variable.type();
    for (int i = variable == null ? 0 : 1; i < path.size(); i++) {
      String segment = path.get(i);
      if (type instanceof Type.ListOf(Type.Struct struct) && !isIndex(segment)) {
        steps.add(new Reach.AnyElement());
        type = struct;
      }
      type =
          switch (type) {
            case Type.Struct(Map<String, Type.Member> members)
                when members.get(segment) instanceof Type.Member(var below, var read) -> {
              steps.add(new Reach.Member(read));
              yield below;
            }
            case Type.MapOf(Type value) -> {
              steps.add(new Reach.Key(segment));
              yield value;
            }
            case Type.ListOf(Type element) when isIndex(segment) -> {
              steps.add(new Reach.Index(Integer.parseInt(segment)));
              yield element;
            }
            case Type.Struct _, Type.ListOf _, Type.Text _, Type.Whole _, Type.Truth _ -> {
              String known = String.join(".", path.subList(0, i + 1));
              throw source.invalid(
                  selector.at(),
                  "Selector %s is not valid".formatted(Source.quoted(known)),
                  type.continuation());
            }
          };
    }
    return new Reach(variable == null ? 0 : variable.slot(), steps, type);
  }

  private static boolean isIndex(String segment) {
    return segment.length() <= INDEX_DIGITS_MAX
        && !segment.isEmpty()
        && segment.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
