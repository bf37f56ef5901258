package dev.muster.nginx.language;

import java.util.ArrayList;
import java.util.List;

/// Cuts text into statements by nginx's rules: a `#` starts a comment only where a word could
/// start, a backslash takes the next character out of the grammar, `${` opens no block, and between
/// a closing quote and the next word there must be white space.
final class Lexer {
  /// nginx's buffer for one word.
  static final int WORD_LENGTH_MAX = 4096;

  /// nginx has no bound here; a `server_name` or `valid_referers` with this many words is a
  // mistake.
  static final int WORDS_MAX = 65_536;

  /// What ended a statement.
  enum Ending {
    SEMICOLON,
    OPENING_BRACE,
    CLOSING_BRACE,
    END_OF_TEXT
  }

  /// The words up to an ending, none before a closing brace and the end.
  record Statement(List<Word> words, Ending ending) {}

  private final String text;
  private final String file;
  private final boolean isFile;
  private int at;
  private int line = 1;

  Lexer(String text, String file, boolean isFile) {
    this.text = text;
    this.file = file;
    this.isFile = isFile;
  }

  /// Where the last statement ended.
  Position position() {
    return new Position(file, isFile ? line : 0);
  }

  Statement next() throws BadSyntax {
    List<Word> words = new ArrayList<>();
    while (true) {
      skipBlanks();
      if (at == text.length()) {
        if (!words.isEmpty()) {
          throw endedEarly();
        }
        return new Statement(words, Ending.END_OF_TEXT);
      }
      char c = text.charAt(at);
      if (c == ';' || c == '{') {
        if (words.isEmpty()) {
          throw unexpected(c);
        }
        at++;
        return new Statement(words, endingOf(c));
      }
      if (c == '}') {
        if (!words.isEmpty()) {
          throw unexpected(c);
        }
        at++;
        return new Statement(words, Ending.CLOSING_BRACE);
      }
      if (words.size() == WORDS_MAX) {
        throw new BadSyntax(
            "too many words in \"" + words.getFirst().text() + "\" directive", position());
      }
      words.add(c == '"' || c == '\'' ? quotedWord(c) : plainWord());
    }
  }

  private static Ending endingOf(char c) {
    return c == ';' ? Ending.SEMICOLON : Ending.OPENING_BRACE;
  }

  private void skipBlanks() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '#') {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
      } else if (isBlank(c)) {
        passOver(c);
      } else {
        return;
      }
    }
  }

  private Word quotedWord(char quote) throws BadSyntax {
    int startLine = line;
    int start = ++at;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (at - start >= WORD_LENGTH_MAX - 1) {
        throw tooLong(start, startLine, quote);
      }
      if (c == quote) {
        String word = unescaped(start, at);
        at++;
        checkAfterQuote();
        return new Word(word, true);
      }
      passOver(c);
      if (c == '\\' && at < text.length()) {
        passOver(text.charAt(at));
      }
    }
    throw endedEarly();
  }

  private void checkAfterQuote() throws BadSyntax {
    if (at == text.length()) {
      throw endedEarly();
    }
    char c = text.charAt(at);
    // the bracket is that of: if ($a = "b")
    if (!isBlank(c) && c != ';' && c != '{' && c != ')') {
      throw unexpected(c);
    }
  }

  private Word plainWord() throws BadSyntax {
    int startLine = line;
    int start = at;
    boolean afterDollar = false;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (at - start >= WORD_LENGTH_MAX) {
        throw tooLong(start, startLine, '\0');
      }
      if (isBlank(c) || c == ';' || (c == '{' && !afterDollar)) {
        return new Word(unescaped(start, at), false);
      }
      afterDollar = c == '$' || (c == '{' && afterDollar);
      passOver(c);
      if (c == '\\' && at < text.length()) {
        passOver(text.charAt(at));
      }
    }
    throw endedEarly();
  }

  private void passOver(char c) {
    if (c == '\n') {
      line++;
    }
    at++;
  }

  private String unescaped(int start, int end) {
    if (text.indexOf('\\', start, end) < 0) {
      return text.substring(start, end);
    }
    StringBuilder word = new StringBuilder(end - start);
    int from = start;
    while (from < end) {
      char c = text.charAt(from++);
      if (c != '\\' || from == end) {
        word.append(c);
        continue;
      }
      char next = text.charAt(from++);
      switch (next) {
        case '"', '\'', '\\' -> word.append(next);
        case 't' -> word.append('\t');
        case 'r' -> word.append('\r');
        case 'n' -> word.append('\n');
        default -> word.append(c).append(next);
      }
    }
    return word.toString();
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
  }

  private BadSyntax unexpected(char c) {
    return new BadSyntax("unexpected \"" + c + "\"", position());
  }

  private BadSyntax endedEarly() {
    return new BadSyntax(
        isFile
            ? "unexpected end of file, expecting \";\" or \"}\""
            : "unexpected end of parameter, expecting \";\"",
        position());
  }

  private BadSyntax tooLong(int start, int startLine, char quote) {
    Position begin = new Position(file, isFile ? startLine : 0);
    return new BadSyntax(
        quote == '\0'
            ? "too long parameter \"" + text.substring(start, start + 10) + "...\" started"
            : "too long parameter, probably missing terminating \"" + quote + "\" character",
        begin);
  }
}
