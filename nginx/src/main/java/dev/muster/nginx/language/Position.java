package dev.muster.nginx.language;

/// A line of a configuration file. As with nginx, a directive is where its `;` or `{` is.
///
/// @param file as it was named, empty for no file at all
/// @param line from 1; 0 for text that was given on the command line
public record Position(String file, int line) {
  /// For what concerns no line of any file.
  public static final Position NOWHERE = new Position("", 0);

  /// The name of text that was given on the command line (`-g`).
  static final String COMMAND_LINE = "command line";

  /// What nginx appends to a message: ` in FILE:LINE`, ` in command line`, or nothing.
  public String suffix() {
    if (file.isEmpty()) {
      return "";
    }
    return line == 0 ? " in " + file : " in " + file + ":" + line;
  }
}
