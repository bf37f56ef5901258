package dev.muster.consul.filter;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// The kind of value that a part of an element has, which decides what can be asked of it. Values
/// are a String, a Long, a Boolean, a List, a Map with String keys, or an object that
/// [Struct#members] read from.
sealed interface Type {
  record Text() implements Type {}

  record Whole() implements Type {}

  record Truth() implements Type {}

  record ListOf(Type element) implements Type {}

  record MapOf(Type value) implements Type {}

  record Struct(Map<String, Member> members) implements Type {
    public Struct {
      members = Map.copyOf(members);
    }
  }

  /// A named part of a struct.
  record Member(Type type, Function<Object, ?> read) {}

  /// How it is called in messages, and what can be asked of it.
  default String description() {
    return switch (this) {
      case Text _ -> "is text, which takes ==, !=, contains, in, matches, is empty and is nil";
      case Whole _ -> "is a number, which takes ==, != and is nil";
      case Truth _ -> "is true or false, which takes ==, != and is nil";
      case ListOf(Text _) -> "is a list, which takes contains, in, is empty and is nil";
      case ListOf _ -> "is a list of objects, which takes any, all, is empty and is nil";
      case MapOf _ -> "is a map, which takes contains, in, is empty and is nil";
      case Struct(Map<String, Member> members) ->
          "has parts: " + String.join(", ", sorted(members));
    };
  }

  private static List<String> sorted(Map<String, Member> members) {
    return members.keySet().stream().sorted().toList();
  }

  /// What a selector may go on with behind a value of this kind.
  default String continuation() {
    return switch (this) {
      case Struct(Map<String, Member> members) ->
          "expected one of " + String.join(", ", sorted(members));
      case ListOf _ -> "expected the index of an element";
      case MapOf _ -> "expected a key";
      case Text _, Whole _, Truth _ -> "there is nothing below it";
    };
  }
}
