package dev.muster.cli.snapshot;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Reads a POSIX tar: a header of 512 bytes before each file, files padded to 512 bytes.
final class Tar {
  private static final int BLOCK = 512;

  private final InputStream in;
  private long left;
  private long padding;

  Tar(InputStream in) {
    this.in = in;
  }

  /// A file in the tar.
  record Entry(String name, long bytes) {}

  /// Takes a piece of a file.
  @FunctionalInterface
  interface Piece {
    void take(byte[] buffer, int offset, int length);
  }

  /// The next plain file; what is left of the one before is skipped.
  Optional<Entry> next() throws IOException {
    while (true) {
      in.skipNBytes(left + padding);
      left = 0;
      padding = 0;
      byte[] header = in.readNBytes(BLOCK);
      if (header.length == 0 || isZero(header)) {
        drain();
        return Optional.empty();
      }
      if (header.length < BLOCK) {
        throw new EOFException();
      }
      left = octal(header, 124, 12);
      padding = (BLOCK - left % BLOCK) % BLOCK;
      if (header[156] == '0' || header[156] == 0) {
        return Optional.of(new Entry(name(header), left));
      }
    }
  }

  /// The rest of a short file.
  byte[] text(int bytesMax) throws IOException {
    if (left > bytesMax) {
      throw new IOException("a file of " + left + " bytes where " + bytesMax + " are enough");
    }
    byte[] text = in.readNBytes((int) left);
    if (text.length < left) {
      throw new EOFException();
    }
    left = 0;
    return text;
  }

  /// The rest of a file, in pieces.
  void read(Piece piece) throws IOException {
    byte[] buffer = new byte[64 << 10];
    while (left > 0) {
      int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (count < 0) {
        throw new EOFException();
      }
      piece.take(buffer, 0, count);
      left -= count;
    }
  }

  /// The zeros behind the last file, so that the checksum of the compression is seen, too.
  private void drain() throws IOException {
    byte[] buffer = new byte[BLOCK];
    int count;
    do {
      count = in.read(buffer);
    } while (count >= 0);
  }

  private static boolean isZero(byte[] block) {
    for (byte each : block) {
      if (each != 0) {
        return false;
      }
    }
    return true;
  }

  private static String name(byte[] header) {
    int end = 0;
    while (end < 100 && header[end] != 0) {
      end++;
    }
    return new String(header, 0, end, StandardCharsets.UTF_8);
  }

  private static long octal(byte[] header, int offset, int length) throws IOException {
    if ((header[offset] & 0x80) != 0) { // GNU's way for what is longer than 8 GiB: binary
      long number = 0;
      for (int i = offset + length - 8; i < offset + length; i++) {
        number = (number << 8) | (header[i] & 0xFF);
      }
      return number;
    }
    String digits = new String(header, offset, length, StandardCharsets.US_ASCII);
    String trimmed = digits.replace('\0', ' ').strip();
    if (!trimmed.matches("[0-7]{1,11}")) {
      throw new IOException("no tar header");
    }
    return Long.parseLong(trimmed, 8);
  }
}
