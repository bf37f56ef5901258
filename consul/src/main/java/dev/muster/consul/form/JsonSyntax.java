package dev.muster.consul.form;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;

/// Says what is wrong with a JSON text in the words of Go's decoder, which Consul's clients show
/// and some compare.
final class JsonSyntax {
  private static final char END = '\uffff';

  /// Deeper texts are left to the parser, whose own limit is lower.
  private static final int DEPTH_MAX = 1_000;

  private final String text;
  private int at;

  private JsonSyntax(String text) {
    this.text = text;
  }

  /// Thrown and caught in here.
  private static final class Wrong extends Exception {
    private static final long serialVersionUID = 1L;

    Wrong(String message) {
      super(message, null, false, false);
    }

    String reason() {
      return "" + getMessage();
    }
  }

  /// The first error of the first value; empty if it has none.
  static Optional<String> errorIn(byte[] json) {
    try {
      new JsonSyntax(new String(json, UTF_8)).value(0);
      return Optional.empty();
    } catch (Wrong e) {
      return Optional.of(e.reason());
    }
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : END;
  }

  private char peekBehindSpace() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return peek();
  }

  private Wrong wrong(String where) {
    char found = peek();
    if (at >= text.length()) {
      return new Wrong("unexpected EOF");
    }
    String shown =
        switch (found) {
          case '\'' -> "'\\''";
          case '"' -> "'\"'";
          case '\n' -> "'\\n'";
          case '\r' -> "'\\r'";
          case '\t' -> "'\\t'";
          default -> found < ' ' ? "'\\x%02x'".formatted((int) found) : "'" + found + "'";
        };
    return new Wrong("invalid character " + shown + " " + where);
  }

  private void value(int depth) throws Wrong {
    char first = peekBehindSpace();
    if (depth > DEPTH_MAX) {
      return;
    }
    switch (first) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> string();
      case 't' -> literal("true");
      case 'f' -> literal("false");
      case 'n' -> literal("null");
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
      default -> throw wrong("looking for beginning of value");
    }
  }

  private void object(int depth) throws Wrong {
    at++;
    if (peekBehindSpace() == '}') {
      at++;
      return;
    }
    while (true) {
      if (peekBehindSpace() != '"') {
        throw wrong("looking for beginning of object key string");
      }
      string();
      if (peekBehindSpace() != ':') {
        throw wrong("after object key");
      }
      at++;
      value(depth + 1);
      char next = peekBehindSpace();
      if (next != ',' && next != '}') {
        throw wrong("after object key:value pair");
      }
      at++;
      if (next == '}') {
        return;
      }
    }
  }

  private void array(int depth) throws Wrong {
    at++;
    if (peekBehindSpace() == ']') {
      at++;
      return;
    }
    while (true) {
      value(depth + 1);
      char next = peekBehindSpace();
      if (next != ',' && next != ']') {
        throw wrong("after array element");
      }
      at++;
      if (next == ']') {
        return;
      }
    }
  }

  private void string() throws Wrong {
    at++;
    while (peek() != '"') {
      if (at >= text.length() || peek() < ' ') {
        throw wrong("in string literal");
      }
      if (peek() == '\\') {
        at++;
        escape();
      }
      at++;
    }
    at++;
  }

  private void escape() throws Wrong {
    if (peek() != 'u') {
      if (at >= text.length() || "bfnrt\\/\"".indexOf(peek()) < 0) {
        throw wrong("in string escape code");
      }
      return;
    }
    for (int i = 0; i < 4; i++) {
      at++;
      if (Character.digit(peek(), 16) < 0) {
        throw wrong("in \\u hexadecimal character escape");
      }
    }
  }

  private void literal(String word) throws Wrong {
    for (int i = 0; i < word.length(); i++, at++) {
      if (peek() != word.charAt(i)) {
        throw wrong("in literal %s (expecting '%c')".formatted(word, word.charAt(i)));
      }
    }
  }

  private void number() throws Wrong {
    if (peek() == '-') {
      at++;
    }
    if (peek() == '0') {
      at++;
    } else {
      digits("in numeric literal");
    }
    if (peek() == '.') {
      at++;
      digits("after decimal point in numeric literal");
    }
    if (peek() == 'e' || peek() == 'E') {
      at++;
      if (peek() == '+' || peek() == '-') {
        at++;
      }
      digits("in exponent of numeric literal");
    }
  }

  /// At least one.
  private void digits(String where) throws Wrong {
    if (peek() < '0' || peek() > '9') {
      throw wrong(where);
    }
    while (peek() >= '0' && peek() <= '9') {
      at++;
    }
  }
}
