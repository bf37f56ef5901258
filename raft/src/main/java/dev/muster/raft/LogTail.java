package dev.muster.raft;

import dev.muster.consensus.DataFolderException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The end of the log file that was being written when the process or the power went away.
///
/// The last entry may be there in part. It was never acknowledged, so it can go. Ratis drops it
/// only where the file ends within the entry; but its files are filled up with zeros beforehand, so
/// half an entry mostly looks like a whole one with a wrong checksum, over which Ratis refuses to
/// start. And it should, for other wrong checksums.
///
/// What tells them apart: after an entry that was cut off there are only zeros, and the part that
/// did not arrive is zeros too: the checksum at its end, or a whole disk sector (as etcd judges
/// its log). Everything else is damage.
///
/// The format: eight bytes of header; then for each entry its length as a protobuf varint, its
/// bytes, and the CRC-32C of both; zeros to the end.
final class LogTail {

  private static final Logger LOG = LoggerFactory.getLogger(LogTail.class);
  private static final String OPEN_FILE = "log_inprogress_";
  private static final int HEADER_BYTES = 8;
  private static final int CHECKSUM_BYTES = 4;
  private static final int SECTOR_BYTES = 512;
  private static final int LENGTH_BITS_MAX = 28;

  private final Path file;
  private final ByteBuffer log;

  private LogTail(Path file, ByteBuffer log) {
    this.file = file;
    this.log = log;
  }

  /// Cuts off what was only written in part.
  ///
  /// @throws DataFolderException.Corrupt if the log is damaged otherwise
  static void repair(Path folder) throws IOException {
    List<Path> files;
    try (var all = Files.walk(folder)) {
      files = all.filter(file -> file.getFileName().toString().startsWith(OPEN_FILE)).toList();
    }
    for (Path file : files) {
      long whole;
      try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
        whole =
            new LogTail(file, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()))
                .wholeBytes();
      }
      if (whole < Files.size(file)) {
        truncate(file, whole);
      }
    }
  }

  private static void truncate(Path file, long bytes) throws IOException {
    LOG.warn("The last entry of {} was cut off when this server stopped; it is dropped", file);
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(bytes);
      channel.force(true);
    }
  }

  /// Where the last whole entry ends, or the size of the file if nothing needs to go.
  private int wholeBytes() {
    int end = HEADER_BYTES;
    while (end < log.limit() && log.get(end) != 0) {
      int next = entryEnd(end);
      if (next > log.limit()) {
        return end;
      }
      if (!isIntact(end, next)) {
        if (isZero(next, log.limit()) && isCutOff(end, next)) {
          return end;
        }
        throw new DataFolderException.Corrupt(
            file, "the entry at byte %s does not match its checksum".formatted(end));
      }
      end = next;
    }
    if (end < log.limit() && !isZero(end, log.limit())) {
      throw new DataFolderException.Corrupt(
          file, "there is something behind its end at byte %s".formatted(end));
    }
    return log.limit();
  }

  /// Where the entry at `start` ends if its length can be trusted; behind the file if it cannot.
  private int entryEnd(int start) {
    int length = 0;
    int at = start;
    for (int shift = 0; shift < LENGTH_BITS_MAX && at < log.limit(); shift += 7) {
      byte next = log.get(at++);
      length |= (next & 0x7f) << shift;
      if (next >= 0) {
        return at + length + CHECKSUM_BYTES;
      }
    }
    if (at < log.limit()) {
      throw new DataFolderException.Corrupt(
          file, "the entry at byte %s has an impossible length".formatted(start));
    }
    return Integer.MAX_VALUE;
  }

  private boolean isIntact(int start, int end) {
    var checksum = new CRC32C();
    checksum.update(log.slice(start, end - CHECKSUM_BYTES - start));
    return (int) checksum.getValue() == log.getInt(end - CHECKSUM_BYTES);
  }

  private boolean isCutOff(int start, int end) {
    if (isZero(end - CHECKSUM_BYTES, end)) {
      return true;
    }
    for (int from = start; from < end; ) {
      int to = Math.min(end, (from / SECTOR_BYTES + 1) * SECTOR_BYTES);
      if (isZero(from, to)) {
        return true;
      }
      from = to;
    }
    return false;
  }

  private boolean isZero(int from, int to) {
    for (int at = from; at < to; at++) {
      if (log.get(at) != 0) {
        return false;
      }
    }
    return true;
  }
}
