package dev.muster.cli.nginx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.OptionalLong;

/// The file that says which process runs.
final class PidFile {
  private PidFile() {}

  /// Writes the number, whole or not at all.
  static void write(Path file, long pid) throws IOException {
    Path whole = file.resolveSibling(file.getFileName() + "." + pid);
    Files.writeString(whole, pid + "\n");
    Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /// The number in a file; empty if there is none in it.
  static OptionalLong read(String text) {
    String digits = text.strip();
    return digits.matches("[1-9][0-9]{0,17}")
        ? OptionalLong.of(Long.parseLong(digits))
        : OptionalLong.empty();
  }

  /// Removes a file that names this process.
  static void remove(Path file, long pid) throws IOException {
    if (Files.exists(file) && read(Files.readString(file)).orElse(0) == pid) {
      Files.delete(file);
    }
  }
}
