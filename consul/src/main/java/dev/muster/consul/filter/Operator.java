package dev.muster.consul.filter;

/// What is asked of the value that a selector leads to. `contains` is [#IN] read from the other
/// side.
enum Operator {
  EQUAL("Equal", Question.EQUAL, false),
  NOT_EQUAL("Not Equal", Question.EQUAL, true),
  IN("In", Question.IN, false),
  NOT_IN("Not In", Question.IN, true),
  MATCHES("Matches", Question.MATCHES, false),
  NOT_MATCHES("Not Matches", Question.MATCHES, true),
  EMPTY("Is Empty", Question.EMPTY, false),
  NOT_EMPTY("Is Not Empty", Question.EMPTY, true),
  NIL("Is Nil", Question.NIL, false),
  NOT_NIL("Is Not Nil", Question.NIL, true);

  /// An operator without its `not`.
  enum Question {
    EQUAL,
    IN,
    MATCHES,
    EMPTY,
    NIL;

    boolean suits(Type type) {
      if (this == NIL) {
        return true;
      }
      return switch (type) {
        case Type.Text _ -> true;
        case Type.Whole _, Type.Truth _ -> this == EQUAL;
        case Type.ListOf(Type element) ->
            this == EMPTY || (this == IN && element instanceof Type.Text);
        case Type.MapOf _ -> this == EMPTY || this == IN;
        case Type.Struct _ -> false;
      };
    }

    /// The answer where there is nothing.
    boolean ofAbsent() {
      return this == EMPTY || this == NIL;
    }
  }

  /// As Consul writes it in messages.
  private final String word;

  private final Question question;
  private final boolean isNegated;

  Operator(String word, Question question, boolean isNegated) {
    this.word = word;
    this.question = question;
    this.isNegated = isNegated;
  }

  String word() {
    return word;
  }

  Question question() {
    return question;
  }

  boolean isNegated() {
    return isNegated;
  }
}
