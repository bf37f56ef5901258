package dev.muster.balancer.request;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Regular expressions on an event loop: a search that looks at too many characters, or too deep,
/// is given up.
final class Search {
  private static final int STEPS_MAX = 1_000_000;

  private Search() {}

  /// What matched first, or null.
  ///
  /// @throws PatternTooCostly if it was given up
  static @Nullable Matcher find(Pattern pattern, String text) {
    try {
      Matcher matcher = pattern.matcher(new Counting(pattern, text));
      return matcher.find() ? matcher : null;
    } catch (StackOverflowError e) {
      throw new PatternTooCostly(pattern.pattern());
    }
  }

  /// Text that can be looked at so many times.
  private static final class Counting implements CharSequence {
    private final Pattern pattern;
    private final String text;
    private int steps;

    Counting(Pattern pattern, String text) {
      this.pattern = pattern;
      this.text = text;
    }

    @Override
    public char charAt(int index) {
      if (++steps > STEPS_MAX) {
        throw new PatternTooCostly(pattern.pattern());
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.substring(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
