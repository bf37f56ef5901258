package dev.muster.consul.filter;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Walks through the text of an expression, taking words, symbols, strings, numbers and selectors.
final class Scanner {
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  private static final String DIGITS = "0123456789";
  private static final String WORD = LETTERS + DIGITS + "_/";

  // No alternatives, no nesting: these never backtrack for long.
  private static final Pattern NUMBER = Pattern.compile("-?(?:0|[1-9][0-9]*+)(?:\\.[0-9]++)?+");
  private static final Pattern POINTER = Pattern.compile("(?:/[\\p{L}\\p{N}\\-_.~:|]++)++");
  private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]++");
  private static final Pattern OCTAL = Pattern.compile("[0-3][0-7]{2}");

  private static final Map<Character, Character> ESCAPES =
      Map.of(
          'a', '\u0007', 'b', '\b', 'f', '\f', 'n', '\n', 'r', '\r', 't', '\t', 'v', '\u000b', '\\',
          '\\', '"', '"');

  private final Source source;
  private final String text;
  private int at;

  Scanner(Source source) {
    this.source = source;
    text = source.text();
  }

  /// Which sides an operator has.
  enum Form {
    SELECTOR_VALUE,
    SELECTOR,
    VALUE_SELECTOR
  }

  /// An operator as it was written.
  record Asked(Operator operator, Form form) {}

  int at() {
    return at;
  }

  void back(int to) {
    at = to;
  }

  boolean isAtEnd() {
    return at == text.length();
  }

  InvalidFilter unexpected(String expected) {
    return source.unexpected(at, expected);
  }

  /// For values that are no single word, where quotes were forgotten.
  String advice() {
    boolean follows = at > 0 && !isAtEnd() && !isSpace(text.charAt(at - 1)) && peek() != ')';
    return follows ? " (a value with other characters is put in double quotes)" : "";
  }

  private char peek() {
    return isAtEnd() ? '\0' : text.charAt(at);
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }

  /// Skips white space; false if there is none.
  boolean spaces() {
    int start = at;
    while (!isAtEnd() && isSpace(peek())) {
      at++;
    }
    return at > start;
  }

  boolean take(char symbol) {
    if (isAtEnd() || peek() != symbol) {
      return false;
    }
    at++;
    return true;
  }

  boolean takeWord(String word) {
    int end = at + word.length();
    boolean matches =
        text.startsWith(word, at) && (end == text.length() || !isIn(WORD, text.charAt(end)));
    at = matches ? end : at;
    return matches;
  }

  /// Takes `and` or `or` with the white space around it, or nothing.
  boolean takeJoint(String word) {
    int start = at;
    if (spaces() && takeWord(word)) {
      if (!spaces()) {
        throw unexpected("a space");
      }
      return true;
    }
    at = start;
    return false;
  }

  private static boolean isIn(String set, char c) {
    return set.indexOf(c) >= 0;
  }

  private String run(String set) {
    int start = at;
    while (!isAtEnd() && isIn(set, peek())) {
      at++;
    }
    return text.substring(start, at);
  }

  String name() {
    if (take('_')) {
      return "_";
    }
    if (isAtEnd() || !isIn(LETTERS, peek())) {
      throw unexpected("a name or \"_\"");
    }
    return run(WORD);
  }

  boolean startsSelector() {
    return !isAtEnd() && (isIn(LETTERS, peek()) || peek() == '"');
  }

  Operand operand(String expected) {
    int start = at;
    char c = peek();
    if (isAtEnd()) {
      throw unexpected(expected);
    }
    if (isIn(LETTERS, c)) {
      Selector selector = new Selector(start, path());
      return new Operand(start, selector.toString(), selector);
    }
    if (c == '"' || c == '`') {
      String value = string();
      boolean isPointer = c == '"' && POINTER.matcher(value).matches();
      return new Operand(start, value, isPointer ? pointer(start, value) : null);
    }
    if (c == '-' || isIn(DIGITS, c)) {
      return new Operand(start, number(), null);
    }
    throw unexpected(expected);
  }

  private List<String> path() {
    List<String> path = new ArrayList<>();
    path.add(run(WORD));
    while (true) {
      if (take('.')) {
        if (!isAtEnd() && isIn(LETTERS, peek())) {
          path.add(run(WORD));
        } else if (!isAtEnd() && isIn(DIGITS, peek())) {
          path.add(run(DIGITS));
        } else {
          throw unexpected("a word or digits");
        }
      } else if (take('[')) {
        spaces();
        if (peek() != '"' && peek() != '`') {
          throw unexpected("a string");
        }
        path.add(string());
        spaces();
        if (!take(']')) {
          throw unexpected("\"]\"");
        }
      } else {
        return path;
      }
    }
  }

  private static Selector pointer(int start, String value) {
    List<String> path = new ArrayList<>();
    for (String segment : value.substring(1).split("/", -1)) {
      path.add(segment.replace("~1", "/").replace("~0", "~"));
    }
    return new Selector(start, path);
  }

  private String number() {
    Matcher number = NUMBER.matcher(text).region(at, text.length());
    if (!number.lookingAt()) {
      throw unexpected("a number");
    }
    int end = number.end();
    if (end < text.length() && !isSpace(text.charAt(end)) && !isIn(")}", text.charAt(end))) {
      throw source.invalid(
          at, "Invalid number literal", "a value with other characters is put in double quotes");
    }
    at = end;
    return number.group();
  }

  private String string() {
    int start = at;
    char quote = text.charAt(at++);
    if (quote == '`') {
      int end = text.indexOf('`', at);
      if (end < 0) {
        throw unterminated(start);
      }
      at = end + 1;
      return text.substring(start + 1, end);
    }
    var value = new ByteArrayOutputStream();
    while (!take('"')) {
      if (isAtEnd()) {
        throw unterminated(start);
      }
      if (take('\\')) {
        value.writeBytes(escaped());
      } else {
        int character = text.codePointAt(at);
        if (character == '\n') {
          throw unexpected("\\n, or a string in backquotes");
        }
        value.writeBytes(Character.toString(character).getBytes(StandardCharsets.UTF_8));
        at += Character.charCount(character);
      }
    }
    return value.toString(StandardCharsets.UTF_8);
  }

  private InvalidFilter unterminated(int start) {
    return source.invalid(start, "Unterminated string literal", "expected a closing quote");
  }

  /// Go's escapes; a byte may be half a character.
  private byte[] escaped() {
    int start = at - 1;
    char c = peek();
    Character simple = ESCAPES.get(c);
    if (simple != null) {
      at++;
      return new byte[] {(byte) simple.charValue()};
    }
    int digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
    if (digits > 0) {
      at++;
      int code = code(HEX, digits, 16, start);
      if (c == 'x') {
        return new byte[] {(byte) code};
      }
      if (Character.isValidCodePoint(code) && (code < 0xd800 || code > 0xdfff)) {
        return Character.toString(code).getBytes(StandardCharsets.UTF_8);
      }
      throw invalidEscape(start);
    }
    return new byte[] {(byte) code(OCTAL, 3, 8, start)};
  }

  private int code(Pattern allowed, int digits, int radix, int start) {
    int end = Math.min(text.length(), at + digits);
    String code = text.substring(at, end);
    if (code.length() < digits || !allowed.matcher(code).matches()) {
      throw invalidEscape(start);
    }
    at = end;
    return (int) Long.parseLong(code, radix);
  }

  private InvalidFilter invalidEscape(int start) {
    return source.invalid(
        start, "Invalid escape in a string", "expected \\n, \\t, \\\", \\\\, \\xhh or \\uhhhh");
  }

  /// Takes an operator with the white space around it.
  Asked operator(String expected) {
    boolean isApart = spaces();
    if (text.startsWith("==", at) || text.startsWith("!=", at)) {
      Operator operator = peek() == '=' ? Operator.EQUAL : Operator.NOT_EQUAL;
      at += 2;
      spaces();
      return new Asked(operator, Form.SELECTOR_VALUE);
    }
    Asked asked = isApart ? wordy() : null;
    if (asked == null) {
      throw unexpected(expected + advice());
    }
    if (asked.form() != Form.SELECTOR && !spaces()) {
      throw unexpected("a space");
    }
    return asked;
  }

  private @Nullable Asked wordy() {
    if (takeWord("contains")) {
      return new Asked(Operator.IN, Form.SELECTOR_VALUE);
    }
    if (takeWord("matches")) {
      return new Asked(Operator.MATCHES, Form.SELECTOR_VALUE);
    }
    if (takeWord("in")) {
      return new Asked(Operator.IN, Form.VALUE_SELECTOR);
    }
    if (takeWord("not")) {
      spaces();
      return negated();
    }
    if (takeWord("is")) {
      spaces();
      return state();
    }
    return null;
  }

  private Asked negated() {
    if (takeWord("contains")) {
      return new Asked(Operator.NOT_IN, Form.SELECTOR_VALUE);
    }
    if (takeWord("matches")) {
      return new Asked(Operator.NOT_MATCHES, Form.SELECTOR_VALUE);
    }
    if (takeWord("in")) {
      return new Asked(Operator.NOT_IN, Form.VALUE_SELECTOR);
    }
    throw unexpected("\"contains\", \"in\" or \"matches\"");
  }

  private Asked state() {
    boolean not = takeWord("not");
    if (not) {
      spaces();
    }
    if (takeWord("empty")) {
      return new Asked(not ? Operator.NOT_EMPTY : Operator.EMPTY, Form.SELECTOR);
    }
    if (takeWord("nil")) {
      return new Asked(not ? Operator.NOT_NIL : Operator.NIL, Form.SELECTOR);
    }
    throw unexpected(not ? "\"empty\" or \"nil\"" : "\"empty\", \"nil\" or \"not\"");
  }
}
