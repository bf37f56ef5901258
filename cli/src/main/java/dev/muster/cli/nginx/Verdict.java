package dev.muster.cli.nginx;

import dev.muster.nginx.NginxFile;
import dev.muster.nginx.language.Problem;
import java.io.PrintStream;
import java.nio.file.Path;

/// What is to be said of a configuration, in nginx's words.
///
/// @param read the configuration
/// @param file where it is
public record Verdict(NginxFile read, Path file) {
  /// Prints problems, and whether all is well; returns whether it is.
  ///
  /// @param isQuiet print nothing if all is well, but warnings
  public boolean print(PrintStream out, boolean isQuiet) {
    printProblems(out);
    if (!read.isValid()) {
      out.println("nginx: configuration file " + file + " test failed");
      return false;
    }
    if (!isQuiet) {
      out.println("nginx: the configuration file " + file + " syntax is ok");
      out.println("nginx: configuration file " + file + " test is successful");
    }
    return true;
  }

  /// Prints warnings and errors.
  void printProblems(PrintStream out) {
    for (Problem problem : read.warnings()) {
      out.println("nginx: [warn] " + problem.text());
    }
    for (Problem problem : read.errors()) {
      out.println("nginx: [emerg] " + problem.text());
    }
  }
}
