package dev.muster.raft;

import dev.muster.consensus.AtomicFile;
import dev.muster.consensus.DataFolderException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Properties;
import java.util.random.RandomGenerator;

/// A server's data folder while this process owns it: a lock, the identity, and Ratis' files below
/// `log`.
///
/// The identity is drawn when the folder is first used and stays with it. A server that lost its
/// disk therefore comes back as another member, which is the only safe way: the old one's votes
/// and promises are gone.
final class DataFolder implements AutoCloseable {

  private static final String FORMAT = "1";
  private static final String LOCK = "lock";
  private static final String IDENTITY = "identity";
  private static final String LOG = "log";

  private final Path folder;
  private final FileChannel lock;
  private final String peerId;

  private DataFolder(Path folder, FileChannel lock, String peerId) {
    this.folder = folder;
    this.lock = lock;
    this.peerId = peerId;
  }

  /// Takes possession of a folder, created if it is not there.
  ///
  /// @param name first part of a new folder's peer id
  static DataFolder open(Path folder, String name, RandomGenerator random) {
    try {
      Files.createDirectories(folder);
      FileChannel lock = lock(folder);
      boolean opened = false;
      try {
        String peerId = identity(folder, name, random);
        Files.createDirectories(folder.resolve(LOG));
        AtomicFile.sync(folder);
        opened = true;
        return new DataFolder(folder, lock, peerId);
      } finally {
        if (!opened) {
          lock.close();
        }
      }
    } catch (IOException e) {
      throw new DataFolderException.Unusable(folder, e);
    }
  }

  Path path() {
    return folder;
  }

  Path log() {
    return folder.resolve(LOG);
  }

  /// What the folder's owner is called among the members: a name and, because names are used
  /// again, sixteen hexadecimal digits that no other folder has.
  String peerId() {
    return peerId;
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new DataFolderException.Unusable(folder, e);
    }
  }

  private static FileChannel lock(Path folder) throws IOException {
    Path file = folder.resolve(LOCK);
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    boolean locked = false;
    try {
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw new DataFolderException.InUse(folder, "process " + Files.readString(file).strip());
      }
      channel.truncate(0);
      channel.write(bytes(ProcessHandle.current().pid() + "\n"));
      locked = true;
      return channel;
    } catch (OverlappingFileLockException _) {
      throw new DataFolderException.InUse(folder, "another server in this process");
    } finally {
      if (!locked) {
        channel.close();
      }
    }
  }

  private static String identity(Path folder, String name, RandomGenerator random)
      throws IOException {
    Path file = folder.resolve(IDENTITY);
    if (Files.exists(file)) {
      return read(file);
    }
    if (Files.exists(folder.resolve(LOG))) {
      throw new DataFolderException.Corrupt(folder, "it has a log but no file named identity");
    }
    String peerId = "%s-%016x".formatted(name, random.nextLong());
    AtomicFile.replace(
        file,
        out ->
            out.write(
                """
                # Who this folder is. Do not copy it to another server.
                format=%s
                peer=%s
                """
                    .formatted(FORMAT, peerId)
                    .getBytes(StandardCharsets.UTF_8)));
    return peerId;
  }

  private static String read(Path file) throws IOException {
    var properties = new Properties();
    try {
      properties.load(new StringReader(Files.readString(file)));
    } catch (IllegalArgumentException e) {
      throw new DataFolderException.Corrupt(file, "it cannot be read", e);
    }
    String format = properties.getProperty("format", "none");
    if (!format.equals(FORMAT)) {
      throw new DataFolderException.OtherFormat(file, format, FORMAT);
    }
    String peerId = properties.getProperty("peer", "");
    if (!peerId.matches(".+-[0-9a-f]{16}")) {
      throw new DataFolderException.Corrupt(file, "its peer id is not a name and 16 digits");
    }
    return peerId;
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }
}
