package dev.muster.conformance.clients;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// Programs by others that a machine may lack.
final class Tool {
  private static final boolean REQUIRED = "required".equals(System.getenv("MUSTER_CLIENTS"));

  private Tool() {}

  /// Where the program is. Without it the test is skipped, or fails where clients are required.
  static Path require(String name) {
    return Stream.of(("/usr/bin:/usr/sbin:" + System.getenv("PATH")).split(File.pathSeparator))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseGet(() -> missing(name));
  }

  /// As [#require], for a program that `.ci/run` cannot install.
  static Path ifPresent(String name) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseGet(() -> Assumptions.abort(name + " is not on this machine"));
  }

  private static Path missing(String name) {
    if (REQUIRED) {
      throw new AssertionError(name + " is missing: install it, or unset MUSTER_CLIENTS");
    }
    return Assumptions.abort(name + " is not on this machine; .ci/run installs it");
  }
}
