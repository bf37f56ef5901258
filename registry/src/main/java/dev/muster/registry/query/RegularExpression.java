package dev.muster.registry.query;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.List;

/// A regular expression that somebody sent: in Go's syntax, matched in time linear in the text.
/// Immutable.
public final class RegularExpression {
  private static final int CHARACTERS_MAX = 500;

  /// Counted repetitions are unfolded by the library, so their product is bounded.
  private static final int UNFOLDED_MAX = 10_000;

  private static final java.util.regex.Pattern COUNTED =
      java.util.regex.Pattern.compile("\\{(?:\\d*,)?(\\d+),?\\}");

  private final Pattern pattern;

  private RegularExpression(Pattern pattern) {
    this.pattern = pattern;
  }

  /// Compiles a text.
  ///
  /// @throws IllegalArgumentException if it is none, or too large; the message is for its author
  public static RegularExpression of(String text) {
    if (text.length() > CHARACTERS_MAX) {
      throw new IllegalArgumentException("longer than " + CHARACTERS_MAX + " characters");
    }
    if (unfolded(text) > UNFOLDED_MAX) {
      throw new IllegalArgumentException("its counted repetitions multiply to too many");
    }
    try {
      return new RegularExpression(Pattern.compile(text));
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /// Never less than the number of single steps that the library makes of it: as if each counted
  /// repetition were around all of it.
  private static long unfolded(String text) {
    long product = text.length();
    java.util.regex.Matcher counted = COUNTED.matcher(text);
    while (counted.find() && product <= UNFOLDED_MAX) {
      String number = counted.group(1);
      product *= number.length() > 4 ? UNFOLDED_MAX : Math.max(1, Integer.parseInt(number));
    }
    return product;
  }

  /// Whether any part of the text matches.
  public boolean isIn(String text) {
    return pattern.matcher(text).find();
  }

  /// What matched and what its groups matched, empty for those that did not; none if nothing did.
  List<String> groups(String text) {
    Matcher found = pattern.matcher(text);
    List<String> groups = new ArrayList<>();
    if (found.find()) {
      for (int number = 0; number <= found.groupCount(); number++) {
        String group = found.group(number);
        groups.add(group == null ? "" : group);
      }
    }
    return groups;
  }
}
