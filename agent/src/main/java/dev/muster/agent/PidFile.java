package dev.muster.agent;

import dev.muster.consensus.DataFolderException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// The file that says which process the server is. Goes when the server stops, unless another one
/// has written itself there meanwhile.
final class PidFile implements AutoCloseable {
  private final Path file;
  private final String content;

  private PidFile(Path file, String content) {
    this.file = file;
    this.content = content;
  }

  static PidFile write(Path file, long pid) throws IOException {
    var written = new PidFile(file, pid + "\n");
    try {
      Files.writeString(file, written.content);
      return written;
    } catch (IOException e) {
      throw new IOException(
          "the pid file %s cannot be written: %s. Name one that this user may write with -pid-file."
              .formatted(file, DataFolderException.reason(e)),
          e);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      if (Files.readString(file).equals(content)) {
        Files.delete(file);
      }
    } catch (NoSuchFileException e) {
      // somebody else removed it, which is what we are here for
    }
  }
}
