package dev.muster.balancer.chain;

import dev.muster.balancer.config.ChainConfig.Wanted;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Whether a text is what is wanted. Thread-safe.
@FunctionalInterface
interface TextTest {
  /// Whether it is.
  ///
  /// @param text null if there is none
  boolean holds(@Nullable String text);

  static TextTest of(Wanted wanted) {
    return switch (wanted) {
      case Wanted.Present _ -> text -> text != null;
      case Wanted.Exact(String whole, boolean ignoresCase) ->
          ignoresCase ? whole::equalsIgnoreCase : whole::equals;
      case Wanted.Prefix(String start, boolean ignoresCase) ->
          text -> text != null && text.regionMatches(ignoresCase, 0, start, 0, start.length());
      case Wanted.Suffix(String end, boolean ignoresCase) ->
          text ->
              text != null
                  && text.regionMatches(
                      ignoresCase, text.length() - end.length(), end, 0, end.length());
      case Wanted.Contains(String part, boolean ignoresCase) ->
          text -> text != null && contains(text, part, ignoresCase);
      case Wanted.Regex(String expression) -> {
        Pattern pattern = Pattern.compile(expression);
        yield text -> text != null && pattern.matcher(text).matches();
      }
    };
  }

  private static boolean contains(String text, String part, boolean ignoresCase) {
    for (int at = 0; at + part.length() <= text.length(); at++) {
      if (text.regionMatches(ignoresCase, at, part, 0, part.length())) {
        return true;
      }
    }
    return false;
  }
}
