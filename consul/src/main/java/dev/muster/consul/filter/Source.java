package dev.muster.consul.filter;

/// The text of an expression, for messages that point into it.
record Source(String text) {
  private static final int SHOWN_MAX = 24;

  InvalidFilter invalid(int at, String what, String advice) {
    return new InvalidFilter("%s at %s, %s".formatted(what, position(at), advice));
  }

  /// As Consul begins what it says of a syntax error.
  InvalidFilter unexpected(int at, String expected) {
    return new InvalidFilter(
        "%s: no match found, expected: %s, found %s".formatted(position(at), expected, found(at)));
  }

  private String position(int at) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < at; i++) {
      boolean ends = text.charAt(i) == '\n';
      line += ends ? 1 : 0;
      column = ends ? 1 : column + 1;
    }
    return "%d:%d (%d)".formatted(line, column, at);
  }

  private String found(int at) {
    if (at >= text.length()) {
      return "the end";
    }
    int end = at + 1;
    while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
      end++;
    }
    return quoted(text.substring(at, end));
  }

  /// Fit for a message: short, on one line.
  static String quoted(String part) {
    String shown = part.length() > SHOWN_MAX ? part.substring(0, SHOWN_MAX) + "…" : part;
    return "\"" + shown.replaceAll("\\p{Cntrl}", "?") + "\"";
  }
}
