package dev.muster.agent;

import dev.muster.consensus.DataFolderException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.UUID;
import java.util.stream.Stream;

/// Where a server keeps what must outlive it. A temporary one goes when the server stops.
final class DataFolder implements AutoCloseable {
  private static final String NODE_ID = "node-id";

  private final Path path;
  private final boolean isTemporary;

  private DataFolder(Path path, boolean isTemporary) {
    this.path = path;
    this.isTemporary = isTemporary;
  }

  static DataFolder open(AgentConfig config) throws IOException {
    if (config.dataFolder().isPresent()) {
      return new DataFolder(config.dataFolder().get(), false);
    }
    return new DataFolder(Files.createTempDirectory("muster-dev-"), true);
  }

  /// Where the consensus engine keeps its log.
  Path consensus() {
    return path.resolve("raft");
  }

  /// The id of this server's node: drawn once, then kept.
  String nodeId() throws IOException {
    Path file = path.resolve(NODE_ID);
    if (Files.exists(file)) {
      try {
        return UUID.fromString(Files.readString(file).strip()).toString();
      } catch (IllegalArgumentException e) {
        throw new DataFolderException.Corrupt(file, "it does not hold the id of a node", e);
      }
    }
    Files.createDirectories(path);
    String id = UUID.randomUUID().toString();
    Files.writeString(file, id + "\n");
    return id;
  }

  @Override
  public void close() {
    if (!isTemporary) {
      return;
    }
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove the temporary folder " + path, e);
    }
  }
}
