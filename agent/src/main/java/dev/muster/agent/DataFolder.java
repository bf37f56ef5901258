package dev.muster.agent;

import dev.muster.agent.config.AgentConfig;
import dev.muster.consensus.DataFolderException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/// Where a server keeps what must outlive it. A temporary one goes when the server stops.
final class DataFolder implements AutoCloseable {
  private static final String NODE_ID = "node-id";
  private static final String DEFINED = "defined";

  private final Path path;
  private final Optional<String> givenNodeId;
  private final boolean isTemporary;

  private DataFolder(Path path, Optional<String> givenNodeId, boolean isTemporary) {
    this.path = path;
    this.givenNodeId = givenNodeId;
    this.isTemporary = isTemporary;
  }

  static DataFolder open(AgentConfig config) throws IOException {
    Optional<String> nodeId = config.identity().nodeId();
    if (config.dataFolder().isPresent()) {
      return new DataFolder(config.dataFolder().get(), nodeId, false);
    }
    return new DataFolder(Files.createTempDirectory("muster-dev-"), nodeId, true);
  }

  /// Where the consensus engine keeps its log.
  Path consensus() {
    return path.resolve("raft");
  }

  Path path() {
    return path;
  }

  /// Where the ids of what files define are kept.
  Path defined() {
    return path.resolve(DEFINED);
  }

  /// The id of this server's node: that of the configuration, or drawn once; then kept.
  String nodeId() throws IOException {
    Path file = path.resolve(NODE_ID);
    if (givenNodeId.isPresent()) {
      Files.createDirectories(path);
      Files.writeString(file, givenNodeId.get() + "\n");
      return givenNodeId.get();
    }
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
