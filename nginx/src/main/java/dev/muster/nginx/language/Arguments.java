package dev.muster.nginx.language;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What words a directive takes and how it ends.
///
/// @param kind of its only word
/// @param choices for that word, if its kind is [Kind#CHOICE]
/// @param isBlock it ends with a block instead of `;`
/// @param isRepeated it may stand several times in one block
record Arguments(
    int least, int most, Kind kind, List<String> choices, boolean isBlock, boolean isRepeated) {

  /// What a word must be.
  enum Kind {
    TEXT,
    FLAG,
    NUMBER,
    SIZE,
    TIME,
    CHOICE
  }

  Arguments {
    choices = List.copyOf(choices);
  }

  /// Reads `flag`, `0`, `1`, `1-2`, `1+`, `time`, `one:a,b`, with `block` or `repeated` behind it.
  static Arguments of(String text) {
    List<String> words = Arrays.asList(text.split(" ", -1));
    boolean isBlock = words.contains("block");
    boolean isRepeated = words.contains("repeated");
    String first = words.getFirst();
    if (first.startsWith("one:")) {
      List<String> choices = Arrays.asList(first.substring(4).split(",", -1));
      return new Arguments(1, 1, Kind.CHOICE, choices, isBlock, isRepeated);
    }
    Kind kind =
        switch (first) {
          case "flag" -> Kind.FLAG;
          case "number" -> Kind.NUMBER;
          case "size" -> Kind.SIZE;
          case "time" -> Kind.TIME;
          default -> Kind.TEXT;
        };
    if (kind != Kind.TEXT) {
      return new Arguments(1, 1, kind, List.of(), isBlock, isRepeated);
    }
    int dash = first.indexOf('-');
    int least = Integer.parseInt(dash > 0 ? first.substring(0, dash) : first.replace("+", ""));
    int most = dash > 0 ? Integer.parseInt(first.substring(dash + 1)) : least;
    return new Arguments(
        least,
        first.endsWith("+") ? Integer.MAX_VALUE : most,
        kind,
        List.of(),
        isBlock,
        isRepeated);
  }

  boolean accepts(int words) {
    return words >= least && words <= most;
  }

  /// What nginx says of this only word, empty if it is fine.
  Optional<String> complaint(String directive, String word) {
    boolean isFine =
        switch (kind) {
          case TEXT -> true;
          case FLAG -> Quantity.onOff(word).isPresent();
          case NUMBER -> Quantity.number(word).isPresent();
          case SIZE -> Quantity.bytes(word).isPresent();
          case TIME -> Quantity.time(word).isPresent();
          case CHOICE -> choices.stream().anyMatch(word::equalsIgnoreCase);
        };
    return isFine ? Optional.empty() : Optional.of(said(directive, word));
  }

  private String said(String directive, String word) {
    return switch (kind) {
      case FLAG ->
          "invalid value \"%s\" in \"%s\" directive, it must be \"on\" or \"off\""
              .formatted(word, directive);
      case NUMBER -> "\"" + directive + "\" directive invalid number";
      case SIZE, TIME -> "\"" + directive + "\" directive invalid value";
      case CHOICE, TEXT -> "invalid value \"" + word + "\"";
    };
  }
}
