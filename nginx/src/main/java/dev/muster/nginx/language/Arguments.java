package dev.muster.nginx.language;

/// How many words a directive takes and how it ends.
///
/// @param isFlag exactly one word, `on` or `off`
/// @param isBlock it ends with a block instead of `;`
/// @param isRepeated it may stand several times in one block
record Arguments(int least, int most, boolean isFlag, boolean isBlock, boolean isRepeated) {
  /// Reads `flag`, `0`, `1`, `1-2`, `1+`, each with `block` or `repeated` behind it.
  static Arguments of(String text) {
    int least = 0;
    int most = 0;
    boolean isFlag = false;
    boolean isBlock = false;
    boolean isRepeated = false;
    for (String word : text.split(" ", -1)) {
      switch (word) {
        case "flag" -> {
          isFlag = true;
          least = 1;
          most = 1;
        }
        case "block" -> isBlock = true;
        case "repeated" -> isRepeated = true;
        default -> {
          int dash = word.indexOf('-');
          boolean isOpen = word.endsWith("+");
          String first = dash > 0 ? word.substring(0, dash) : word.replace("+", "");
          least = Integer.parseInt(first);
          most =
              isOpen
                  ? Integer.MAX_VALUE
                  : Integer.parseInt(dash > 0 ? word.substring(dash + 1) : first);
        }
      }
    }
    return new Arguments(least, most, isFlag, isBlock, isRepeated);
  }

  boolean accepts(int words) {
    return words >= least && words <= most;
  }
}
