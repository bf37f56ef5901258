package dev.muster.consul.filter;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/// A pattern in RE2's syntax, matched in time linear to the text. Counted repetitions are unfolded
/// by the library, so what they would unfold to is bounded first.
final class RegularExpression {
  private static final int CHARACTERS_MAX = 1000;
  private static final int GROUPS_DEPTH_MAX = 50;
  private static final int UNFOLDED_MAX = 10_000;

  private final Pattern pattern;

  private RegularExpression(Pattern pattern) {
    this.pattern = pattern;
  }

  /// Reads a pattern.
  ///
  /// @param at where it is in the filter
  static RegularExpression parse(Source source, int at, String text) {
    String failed = "Failed to compile regular expression " + Source.quoted(text);
    if (text.length() > CHARACTERS_MAX) {
      throw source.invalid(at, failed, "at most " + CHARACTERS_MAX + " characters");
    }
    if (new Unfolding(text).isTooMuch()) {
      throw source.invalid(
          at, failed, "its groups or counted repetitions multiply to too large a pattern");
    }
    try {
      return new RegularExpression(Pattern.compile(text));
    } catch (PatternSyntaxException e) {
      throw source.invalid(at, failed, String.valueOf(e.getMessage()));
    }
  }

  /// Whether any part of the text matches.
  boolean isIn(String text) {
    return pattern.matcher(text).find();
  }

  /// Estimates the number of single steps that a pattern is unfolded to, never too low.
  private static final class Unfolding {
    private final String pattern;
    private final long[] before = new long[GROUPS_DEPTH_MAX + 1];
    private int depth;

    /// Of the group that is being read, without its last part.
    private long sum;

    /// Of the part that a repetition would apply to.
    private long last;

    Unfolding(String pattern) {
      this.pattern = pattern;
    }

    boolean isTooMuch() {
      int i = 0;
      while (i < pattern.length()) {
        char c = pattern.charAt(i);
        if (c == '(') {
          if (depth == GROUPS_DEPTH_MAX) {
            return true;
          }
          before[depth++] = sum + last;
          sum = 1;
          last = 0;
        } else if (c == ')' && depth > 0) {
          last = sum + last;
          sum = before[--depth];
        } else if (c == '{') {
          last *= repetitions(i);
        } else {
          sum += last;
          last = pattern.startsWith("\\Q", i) ? next(i) - i : 1;
        }
        if (sum + last > UNFOLDED_MAX) {
          return true;
        }
        i = next(i);
      }
      for (int open = 0; open < depth; open++) {
        sum += before[open];
      }
      return sum + last > UNFOLDED_MAX;
    }

    /// Behind an escape, a quotation, a class of characters, or one character.
    private int next(int i) {
      char c = pattern.charAt(i);
      if (c == '\\') {
        if (pattern.startsWith("\\Q", i)) {
          int end = pattern.indexOf("\\E", i + 2);
          return end < 0 ? pattern.length() : end + 2;
        }
        return i + 2;
      }
      return c == '[' ? behindClass(i) : i + 1;
    }

    private int behindClass(int start) {
      int i = start + 1;
      if (pattern.startsWith("^", i)) {
        i++;
      }
      boolean isFirst = true;
      while (i < pattern.length()) {
        char c = pattern.charAt(i);
        int named = pattern.startsWith("[:", i) ? pattern.indexOf(":]", i + 2) : -1;
        if (c == ']' && !isFirst) {
          return i + 1;
        }
        i = named >= 0 ? named + 2 : c == '\\' ? i + 2 : i + 1;
        isFirst = false;
      }
      return pattern.length();
    }

    /// The larger number of `{n}`, `{n,}` or `{n,m}`; 1 if there is none.
    private long repetitions(int brace) {
      long largest = 1;
      long number = 0;
      for (int i = brace + 1; i < pattern.length(); i++) {
        char c = pattern.charAt(i);
        if (c >= '0' && c <= '9') {
          number = Math.min(UNFOLDED_MAX, number * 10 + (c - '0'));
          largest = Math.max(largest, number);
        } else if (c == ',') {
          number = 0;
        } else {
          return c == '}' ? largest : 1;
        }
      }
      return 1;
    }
  }
}
