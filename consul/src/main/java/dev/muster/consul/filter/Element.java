package dev.muster.consul.filter;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/// The parts of a kind of object that expressions can ask for, by the names that JSON has them
/// under. Immutable: each method returns one with a part more.
public final class Element<T> {
  private final Map<String, Type.Member> members;

  private Element(Map<String, Type.Member> members) {
    this.members = members;
  }

  public static <T> Element<T> empty() {
    return new Element<>(Map.of());
  }

  public Element<T> text(String name, Function<T, String> value) {
    return with(name, new Type.Text(), value);
  }

  public Element<T> number(String name, ToLongFunction<T> value) {
    return with(name, new Type.Whole(), value::applyAsLong);
  }

  public Element<T> truth(String name, Predicate<T> value) {
    return with(name, new Type.Truth(), value::test);
  }

  public Element<T> texts(String name, Function<T, List<String>> value) {
    return with(name, new Type.ListOf(new Type.Text()), value);
  }

  public Element<T> textsByKey(String name, Function<T, Map<String, String>> value) {
    return with(name, new Type.MapOf(new Type.Text()), value);
  }

  public <U> Element<T> part(String name, Element<U> element, Function<T, U> value) {
    return with(name, element.type(), value);
  }

  public <U> Element<T> parts(String name, Element<U> element, Function<T, List<U>> value) {
    return with(name, new Type.ListOf(element.type()), value);
  }

  public <U> Element<T> partsByKey(
      String name, Element<U> element, Function<T, Map<String, U>> value) {
    return with(name, new Type.MapOf(element.type()), value);
  }

  @SuppressWarnings("unchecked") // a filter made of this is only ever applied to a T
  private Element<T> with(String name, Type type, Function<T, ?> value) {
    Map<String, Type.Member> more = new LinkedHashMap<>(members);
    more.put(name, new Type.Member(type, object -> value.apply((T) object)));
    return new Element<>(more);
  }

  Type.Struct type() {
    return new Type.Struct(members);
  }
}
