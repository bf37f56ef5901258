package dev.muster.agent;

import dev.muster.agent.config.AgentConfig;
import dev.muster.consensus.DataFolderException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// Where a server keeps what must outlive it. A temporary one goes when the server stops.
final class DataFolder implements AutoCloseable {
  private static final String NODE_ID = "node-id";
  private static final String DEFINED = "defined";
  private static final String SESSION_KEY = "balancer-session.key";

  private static final int SESSION_KEY_BYTES = 32;
  private static final String NO_SESSION_KEY = "it does not hold the key of session cookies";

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

  static DataFolder at(Path path) {
    return new DataFolder(path, Optional.empty(), false);
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

  /// What the balancer signs session cookies with: drawn once, then kept, for its owner to read.
  byte[] sessionKey(RandomGenerator random) throws IOException {
    Path file = path.resolve(SESSION_KEY);
    if (Files.exists(file)) {
      try {
        byte[] known = HexFormat.of().parseHex(Files.readString(file).strip());
        if (known.length >= SESSION_KEY_BYTES) {
          return known;
        }
      } catch (IllegalArgumentException e) {
        throw new DataFolderException.Corrupt(file, NO_SESSION_KEY, e);
      }
      throw new DataFolderException.Corrupt(
          file, NO_SESSION_KEY, new IllegalArgumentException("it is too short"));
    }
    byte[] key = new byte[SESSION_KEY_BYTES];
    random.nextBytes(key);
    Files.createDirectories(path);
    boolean hasOwners = path.getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] readableByOwner =
        hasOwners
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    Path draft = Files.createTempFile(path, SESSION_KEY, ".new", readableByOwner);
    Files.writeString(draft, HexFormat.of().formatHex(key) + "\n");
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    return key;
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
