package dev.muster.consul.agent;

import java.util.List;
import java.util.function.Supplier;

/// The program that the API runs in, as far as requests can ask about it or of it. All of it is
/// thread-safe.
///
/// @param host what is known of the machine, measured when it is asked for
public record Surroundings(
    Metrics metrics, LogLines log, Supplier<Host> host, Reload reload, Leave leave) {

  /// Takes over what may change in the configuration while the server runs. Blocks.
  @FunctionalInterface
  public interface Reload {
    /// Every problem, a sentence each; empty if all was taken over.
    List<String> run();
  }

  /// Begins to stop the server in good order; returns before it has stopped.
  @FunctionalInterface
  public interface Leave {
    /// Whether this program can be stopped by a request.
    boolean begin();
  }

  /// The machine. Sizes are in bytes.
  public record Host(
      String name,
      String system,
      String systemVersion,
      String architecture,
      int processors,
      long memoryBytes,
      long memoryFreeBytes,
      String folder,
      long folderBytes,
      long folderFreeBytes) {}
}
