package dev.muster.cli.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Data that a command is given in one word: `-` for standard input, `@FILE` for a file's content,
/// or the word itself.
public final class Input {
  private Input() {}

  /// Reads what a word stands for.
  ///
  /// @throws CommandFailed if it cannot be read
  public static byte[] read(Terminal terminal, String word) {
    try {
      return word.equals("-")
          ? terminal.in().readAllBytes()
          : word.startsWith("@")
              ? Files.readAllBytes(Path.of(word.substring(1)))
              : word.getBytes(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /// Reads a file that is named without `@`, or standard input, as text.
  ///
  /// @throws CommandFailed if it cannot be read
  public static String readFile(Terminal terminal, String file) {
    return new String(read(terminal, file.equals("-") ? "-" : "@" + file), StandardCharsets.UTF_8);
  }

  private static CommandFailed unreadable(IOException e) {
    return new CommandFailed(
        e instanceof NoSuchFileException
            ? "Error! Cannot read the data: there is no file " + e.getMessage()
            : "Error! Cannot read the data: " + e.getMessage());
  }
}
