package dev.muster.consensus;

import dev.muster.consensus.StateMachine.Capture;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/// A capture on disk: eight bytes that say what it is, the capture, and a CRC-32C over both. It is
/// read twice, first to check all of it, so that nothing is replaced by half a state.
public final class SnapshotFile {

  private static final long MAGIC = 0x4d55_5354_4552_0001L; // "MUSTER", format 1
  private static final int CHECKSUM_BYTES = Long.BYTES;
  private static final int BUFFER_BYTES = 1 << 16;

  private SnapshotFile() {}

  /// Writes a capture as [AtomicFile#replace] does.
  public static void write(Path target, Capture capture) throws IOException {
    AtomicFile.replace(
        target,
        out -> {
          var checked = new CheckedOutputStream(out, new CRC32C());
          var data = new DataOutputStream(checked);
          data.writeLong(MAGIC);
          capture.writeTo(checked);
          data.writeLong(checked.getChecksum().getValue());
        });
  }

  /// Opens a file for reading the capture, after checking it.
  ///
  /// @throws DataFolderException.Corrupt if it is not as it was written
  public static InputStream open(Path file) throws IOException {
    long contentBytes = Files.size(file) - CHECKSUM_BYTES;
    if (contentBytes < Long.BYTES) {
      throw new DataFolderException.Corrupt(file, "it is cut off");
    }
    check(file, contentBytes);
    InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
    in.skipNBytes(Long.BYTES);
    return new Bounded(in, contentBytes - Long.BYTES);
  }

  private static void check(Path file, long contentBytes) throws IOException {
    try (var in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES)) {
      var checked = new CheckedInputStream(in, new CRC32C());
      var data = new DataInputStream(checked);
      long magic = data.readLong();
      if (magic >> Short.SIZE != MAGIC >> Short.SIZE) {
        throw new DataFolderException.Corrupt(file, "it is not a snapshot");
      }
      if (magic != MAGIC) {
        throw new DataFolderException.OtherFormat(file, "" + (short) magic, "" + (short) MAGIC);
      }
      checked.skipNBytes(contentBytes - Long.BYTES);
      long computed = checked.getChecksum().getValue();
      if (data.readLong() != computed) {
        throw new DataFolderException.Corrupt(file, "its checksum does not match its content");
      }
    } catch (EOFException e) {
      throw new DataFolderException.Corrupt(file, "it is cut off", e);
    }
  }

  /// The first `left` bytes of a stream.
  private static final class Bounded extends InputStream {
    private final InputStream in;
    private long left;

    Bounded(InputStream in, long left) {
      this.in = in;
      this.left = left;
    }

    @Override
    public int read() throws IOException {
      if (left == 0) {
        return -1;
      }
      left--;
      return in.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (left == 0 && length > 0) {
        return -1;
      }
      int count = in.read(bytes, offset, (int) Math.min(length, left));
      left -= Math.max(count, 0);
      return count;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
