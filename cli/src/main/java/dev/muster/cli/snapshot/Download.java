package dev.muster.cli.snapshot;

import dev.muster.cli.command.ApiClient;
import dev.muster.cli.command.CommandFailed;
import dev.muster.cli.command.Endpoint;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;

/// A snapshot on its way from the agent to a file. The file appears when it is whole and verified,
/// or not at all.
final class Download {
  private static final Duration WITHIN = Duration.ofMinutes(10);

  private Download() {}

  /// @return what was saved
  /// @throws CommandFailed if that did not work out
  static Archive save(ApiClient api, Path file) {
    Path folder = file.toAbsolutePath().getParent();
    Path part = file.resolveSibling("." + file.getFileName() + ".part");
    if (folder == null || !Files.isDirectory(folder)) {
      throw new CommandFailed("Error creating snapshot file: there is no folder " + folder);
    }
    try {
      api.stream(
          Endpoint.of("snapshot"),
          "saving snapshot",
          WITHIN,
          (body, _) -> Files.copy(body, part, StandardCopyOption.REPLACE_EXISTING));
      Archive archive = Archive.read(part);
      publish(part, file);
      return archive;
    } catch (IOException e) {
      throw new CommandFailed("Error writing snapshot file %s: %s".formatted(file, e));
    } finally {
      discard(part);
    }
  }

  private static void publish(Path part, Path file) throws IOException {
    try {
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void discard(Path part) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      throw new CommandFailed("Error deleting " + part + ": " + e.getMessage());
    }
  }
}
