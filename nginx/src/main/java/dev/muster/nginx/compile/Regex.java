package dev.muster.nginx.compile;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// An expression as PCRE reads it, in Java's dialect: names of groups may have underscores, a
/// bracket within a class is a character, a brace that repeats nothing is one, too, and only `\n`
/// ends a line.
///
/// @param names variable by the group's name in the Java pattern
record Regex(Pattern pattern, Map<String, String> names) {
  private static final Map<String, String> POSIX =
      Map.ofEntries(
          Map.entry("alnum", "\\p{Alnum}"),
          Map.entry("alpha", "\\p{Alpha}"),
          Map.entry("ascii", "\\p{ASCII}"),
          Map.entry("blank", "\\p{Blank}"),
          Map.entry("cntrl", "\\p{Cntrl}"),
          Map.entry("digit", "\\p{Digit}"),
          Map.entry("graph", "\\p{Graph}"),
          Map.entry("lower", "\\p{Lower}"),
          Map.entry("print", "\\p{Print}"),
          Map.entry("punct", "\\p{Punct}"),
          Map.entry("space", "\\s"),
          Map.entry("upper", "\\p{Upper}"),
          Map.entry("word", "\\w"),
          Map.entry("xdigit", "\\p{XDigit}"));

  Regex {
    names = Map.copyOf(names);
  }

  /// Translates and compiles.
  ///
  /// @throws PatternSyntaxException if it is no expression
  static Regex of(String source, boolean ignoresCase) {
    var translation = new Translation(source);
    translation.run();
    int flags = Pattern.UNIX_LINES | (ignoresCase ? Pattern.CASE_INSENSITIVE : 0);
    return new Regex(
        Pattern.compile(translation.out.toString(), flags), Map.copyOf(translation.names));
  }

  private static final class Translation {
    private final String source;
    private final StringBuilder out = new StringBuilder();
    private final Map<String, String> names = new LinkedHashMap<>();
    private final Map<String, String> groups = new LinkedHashMap<>();
    private int at;

    Translation(String source) {
      this.source = source;
    }

    void run() {
      while (at < source.length()) {
        char c = source.charAt(at);
        if (c == '\\') {
          escape();
        } else if (c == '[') {
          charClass();
        } else if (source.startsWith("(?", at)) {
          group();
        } else if (c == '{' && !isRepetition()) {
          out.append("\\{");
          at++;
        } else {
          out.append(c);
          at++;
        }
      }
    }

    private void escape() {
      if (source.startsWith("\\Q", at)) {
        int end = source.indexOf("\\E", at);
        int to = end < 0 ? source.length() : end + 2;
        out.append(source, at, to);
        at = to;
        return;
      }
      if (source.startsWith("\\k{", at) && source.indexOf('}', at) > 0) {
        int end = source.indexOf('}', at);
        reference(source.substring(at + 3, end));
        at = end + 1;
        return;
      }
      if (source.startsWith("\\k<", at) && source.indexOf('>', at) > 0) {
        int end = source.indexOf('>', at);
        reference(source.substring(at + 3, end));
        at = end + 1;
        return;
      }
      int end = Math.min(at + 2, source.length());
      boolean isBraced = "pPx".indexOf(source.charAt(end - 1)) >= 0 && source.startsWith("{", end);
      if (isBraced && source.indexOf('}', end) > 0) {
        end = source.indexOf('}', end) + 1;
      }
      out.append(source, at, end);
      at = end;
    }

    private void reference(String name) {
      out.append("\\k<").append(groups.getOrDefault(name, name)).append('>');
    }

    /// `(?<name>`, `(?P<name>`, `(?'name'`; everything else as it is.
    private void group() {
      int start = at + 2;
      if (source.startsWith("P", start)) {
        start++;
      }
      boolean isAngled = source.startsWith("<", start);
      boolean isName =
          (isAngled || source.startsWith("'", start))
              && start + 1 < source.length()
              && isNameStart(source.charAt(start + 1));
      int end = isName ? source.indexOf(isAngled ? '>' : '\'', start + 1) : -1;
      if (end < 0) {
        out.append("(?");
        at += 2;
        return;
      }
      String name = source.substring(start + 1, end);
      // Java's names have neither underscores nor digits in front.
      String group = "g" + (groups.size() + 1);
      groups.put(name, group);
      names.put(group, name);
      out.append("(?<").append(group).append('>');
      at = end + 1;
    }

    private static boolean isNameStart(char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }

    private boolean isRepetition() {
      int i = at + 1;
      int digits = i;
      while (i < source.length() && Character.isDigit(source.charAt(i))) {
        i++;
      }
      if (i == digits) {
        return false;
      }
      if (i < source.length() && source.charAt(i) == ',') {
        i++;
        while (i < source.length() && Character.isDigit(source.charAt(i))) {
          i++;
        }
      }
      return i < source.length() && source.charAt(i) == '}';
    }

    private void charClass() {
      out.append(source.charAt(at++));
      if (at < source.length() && source.charAt(at) == '^') {
        out.append(source.charAt(at++));
      }
      if (at < source.length() && source.charAt(at) == ']') {
        out.append("\\]");
        at++;
      }
      while (at < source.length()) {
        char c = source.charAt(at);
        if (c == ']') {
          out.append(c);
          at++;
          return;
        }
        if (c == '\\') {
          escape();
        } else if (c == '[' && !posix()) {
          out.append("\\[");
          at++;
        } else if (c == '&') {
          out.append("\\&");
          at++;
        } else if (c != '[') {
          out.append(c);
          at++;
        }
      }
    }

    /// Whether a class such as `[:alpha:]` was here and is done.
    private boolean posix() {
      int end = source.indexOf(":]", at);
      if (!source.startsWith("[:", at) || end < 0) {
        return false;
      }
      boolean isNegated = source.startsWith("^", at + 2);
      String known = POSIX.get(source.substring(at + (isNegated ? 3 : 2), end));
      if (known == null) {
        return false;
      }
      out.append(isNegated ? "[^" + known + "]" : known);
      at = end + 2;
      return true;
    }
  }
}
