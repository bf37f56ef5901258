package dev.muster.cli.command;

import dev.muster.agent.hcl.Document;
import dev.muster.agent.hcl.Malformed;
import dev.muster.agent.hcl.Value;

/// A file in HCL or JSON, as a person wrote it.
public final class WrittenFile {
  private WrittenFile() {}

  /// Reads a file.
  ///
  /// @param file `-` for standard input
  /// @throws CommandFailed if it cannot be read, or with the place of what is wrong in it
  public static Value.Group read(Terminal terminal, String file) {
    String text = Input.readFile(terminal, file);
    try {
      String source = file.equals("-") ? "standard input" : file;
      return Document.read(source, text, Document.Format.of(file, text));
    } catch (Malformed e) {
      throw new CommandFailed("Error reading " + e.report());
    }
  }
}
