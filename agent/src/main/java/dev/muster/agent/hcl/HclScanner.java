package dev.muster.agent.hcl;

import java.math.BigDecimal;
import java.math.BigInteger;

/// Splits HCL into words and signs; leaves out blanks and comments. Ends with [Token.End] for
/// ever.
final class HclScanner {
  private final String source;
  private final String text;
  private int at;
  private int line = 1;
  private int lineStart;

  HclScanner(String source, String text) {
    this.source = source;
    this.text = text;
  }

  Token next() throws Malformed {
    skipBlanksAndComments();
    Place place = place();
    if (at == text.length()) {
      return new Token.End(place);
    }
    char first = text.charAt(at);
    if (isLetter(first)) {
      return new Token.Name(name(), place);
    }
    boolean isNegative = first == '-' && at + 1 < text.length() && isDigit(text.charAt(at + 1));
    if (isDigit(first) || isNegative) {
      return new Token.Numeral(number(place), place);
    }
    return switch (first) {
      case '"' -> new Token.Text(quoted(place), false, place);
      case '<' -> new Token.Text(heredoc(place), true, place);
      case '{', '}', '[', ']', '=', ',' -> {
        at++;
        yield new Token.Sign(first, place);
      }
      case ':' -> throw new Malformed(place, "':' is JSON's; HCL writes key = value");
      case '\'' -> throw new Malformed(place, "texts are in double quotes");
      default -> throw new Malformed(place, "nothing begins with '" + first + "'");
    };
  }

  private Place place() {
    return new Place(source, line, at - lineStart + 1);
  }

  private boolean has(String word) {
    return text.startsWith(word, at);
  }

  private void advance() {
    if (text.charAt(at) == '\n') {
      line++;
      lineStart = at + 1;
    }
    at++;
  }

  private void skipBlanksAndComments() throws Malformed {
    while (at < text.length()) {
      if (has("/*")) {
        Place start = place();
        int end = text.indexOf("*/", at + 2);
        if (end < 0) {
          throw new Malformed(start, "the comment is not closed by */");
        }
        while (at < end + 2) {
          advance();
        }
      } else if (has("#") || has("//")) {
        while (at < text.length() && text.charAt(at) != '\n') {
          at++;
        }
      } else if (" \t\r\n".indexOf(text.charAt(at)) >= 0) {
        advance();
      } else {
        return;
      }
    }
  }

  private static boolean isLetter(char c) {
    return c == '_' || Character.isLetter(c);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private String name() {
    int start = at;
    while (at < text.length()
        && (isLetter(text.charAt(at))
            || Character.isDigit(text.charAt(at))
            || ".-".indexOf(text.charAt(at)) >= 0)) {
      at++;
    }
    return text.substring(start, at);
  }

  /// Decimal, hexadecimal after `0x`, octal after `0`; with a fraction or an exponent decimal.
  private BigDecimal number(Place place) throws Malformed {
    int start = at;
    at++;
    while (at < text.length() && isOfNumber(text.charAt(at), text.charAt(at - 1))) {
      at++;
    }
    String whole = text.substring(start, at);
    boolean isNegative = whole.startsWith("-");
    String digits = isNegative ? whole.substring(1) : whole;
    if (digits.matches("0[xX][0-9a-fA-F]{1,64}")) {
      return signed(isNegative, new BigInteger(digits.substring(2), 16));
    }
    if (digits.matches("0[0-7]{1,64}")) {
      return signed(isNegative, new BigInteger(digits, 8));
    }
    if (digits.matches("(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d{1,4})?")) {
      return Numbers.of(whole, place);
    }
    String shown = whole.length() > 40 ? whole.substring(0, 40) + "…" : whole;
    throw new Malformed(place, shown + " is not a number");
  }

  private static boolean isOfNumber(char c, char before) {
    boolean isExponentsSign = (c == '+' || c == '-') && (before == 'e' || before == 'E');
    return isLetter(c) || isDigit(c) || c == '.' || isExponentsSign;
  }

  private static BigDecimal signed(boolean isNegative, BigInteger number) {
    return new BigDecimal(isNegative ? number.negate() : number);
  }

  private String quoted(Place start) throws Malformed {
    var value = new StringBuilder();
    at++;
    while (true) {
      char c = inText(start, "the text is not closed by \"");
      if (c == '"') {
        at++;
        return value.toString();
      } else if (c == '\n') {
        throw new Malformed(start, "the text is not closed by \" in its line; for more use <<EOF");
      } else if (c == '\\') {
        escape(start, value);
      } else if (has("${")) {
        interpolation(start, value);
      } else {
        value.append(c);
        at++;
      }
    }
  }

  private char inText(Place start, String otherwise) throws Malformed {
    if (at >= text.length()) {
      throw new Malformed(start, otherwise);
    }
    return text.charAt(at);
  }

  /// Taken as it is, quotes and all, up to its closing brace: others than us replace it.
  private void interpolation(Place start, StringBuilder value) throws Malformed {
    int from = at;
    int depth = 0;
    do {
      char c = inText(start, "${ is not closed by }");
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
      advance();
    } while (depth > 0 || at < from + 2);
    value.append(text, from, at);
  }

  private void escape(Place start, StringBuilder value) throws Malformed {
    Place place = place();
    at++;
    char c = inText(start, "the text is not closed by \"");
    at++;
    switch (c) {
      case 'a' -> value.append('\u0007');
      case 'b' -> value.append('\b');
      case 'f' -> value.append('\f');
      case 'n' -> value.append('\n');
      case 'r' -> value.append('\r');
      case 't' -> value.append('\t');
      case 'v' -> value.append('\u000b');
      case '\\', '"' -> value.append(c);
      case 'x' -> value.appendCodePoint(code(place, at, 2, 16));
      case 'u' -> value.appendCodePoint(code(place, at, 4, 16));
      case 'U' -> value.appendCodePoint(code(place, at, 8, 16));
      case '0', '1', '2', '3', '4', '5', '6', '7' ->
          value.appendCodePoint(code(place, at - 1, 3, 8));
      default -> throw new Malformed(place, "there is no escape \\" + c + "; for a \\ write \\\\");
    }
  }

  private int code(Place place, int from, int length, int radix) throws Malformed {
    int end = Math.min(from + length, text.length());
    String digits = text.substring(from, end);
    at = end;
    if (digits.matches(radix == 16 ? "[0-9a-fA-F]+" : "[0-7]+") && digits.length() == length) {
      long code = Long.parseLong(digits, radix);
      if (code <= Character.MAX_CODE_POINT) {
        return (int) code;
      }
    }
    throw new Malformed(place, "the escape needs %d digits of a character".formatted(length));
  }

  private String heredoc(Place start) throws Malformed {
    if (!has("<<")) {
      throw new Malformed(start, "nothing begins with '<'; a text of several lines begins with <<");
    }
    at += 2;
    boolean isIndented = has("-");
    at += isIndented ? 1 : 0;
    int from = at;
    while (has("_") || (at < text.length() && Character.isLetterOrDigit(text.charAt(at)))) {
      at++;
    }
    String marker = text.substring(from, at);
    at += has("\r") ? 1 : 0;
    if (marker.isEmpty() || !has("\n")) {
      throw new Malformed(start, "<< needs a word such as EOF, and then the end of the line");
    }
    advance();
    int begin = at;
    while (at < text.length()) {
      int newline = text.indexOf('\n', at);
      int end = newline < 0 ? text.length() : newline;
      String row = text.substring(at, end);
      if (row.strip().equals(marker)) {
        String content = text.substring(begin, at);
        int indent = row.indexOf(marker);
        at += indent + marker.length();
        return isIndented ? unindented(content, row.substring(0, indent)) : content;
      }
      at = end;
      if (newline >= 0) {
        advance();
      }
    }
    throw new Malformed(start, "there is no line with %s alone to end the text".formatted(marker));
  }

  /// Without the closing line's indentation, if every line has it.
  private static String unindented(String content, String indent) {
    boolean hasAll = content.lines().allMatch(row -> row.startsWith(indent));
    if (!hasAll || indent.isEmpty()) {
      return content;
    }
    var result = new StringBuilder();
    content.lines().forEach(row -> result.append(row, indent.length(), row.length()).append('\n'));
    return result.toString();
  }
}
