package dev.muster.consul.snapshot;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// The little of the format of `tar` (POSIX ustar) that a snapshot needs: plain files.
final class Tar {
  private static final int BLOCK = 512;
  private static final int NAME = 100;
  private static final int MODE_AT = 100;
  private static final int SIZE_AT = 124;
  private static final int TIME_AT = 136;
  private static final int CHECKSUM_AT = 148;
  private static final int TYPE_AT = 156;
  private static final int MAGIC_AT = 257;

  private Tar() {}

  /// The name and length of a file; its bytes and [#padding] follow.
  record Header(String name, long bytes) {}

  static void write(OutputStream out, Header header, long seconds) throws IOException {
    byte[] block = new byte[BLOCK];
    put(block, 0, header.name());
    put(block, MODE_AT, "0000600\0");
    put(block, MODE_AT + 8, "0000000\0");
    put(block, MODE_AT + 16, "0000000\0");
    put(block, SIZE_AT, "%011o".formatted(header.bytes()));
    put(block, TIME_AT, "%011o".formatted(seconds));
    put(block, CHECKSUM_AT, "        ");
    block[TYPE_AT] = '0';
    put(block, MAGIC_AT, "ustar\00000");
    put(block, CHECKSUM_AT, "%06o\0 ".formatted(sum(block)));
    out.write(block);
  }

  static int padding(long bytes) {
    return (int) ((BLOCK - bytes % BLOCK) % BLOCK);
  }

  static void end(OutputStream out) throws IOException {
    out.write(new byte[2 * BLOCK]);
  }

  private static void put(byte[] block, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, block, at, bytes.length);
  }

  /// As if the checksum itself were blank.
  private static int sum(byte[] block) {
    int sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      boolean isChecksum = i >= CHECKSUM_AT && i < CHECKSUM_AT + 8;
      sum += isChecksum ? ' ' : block[i] & 0xff;
    }
    return sum;
  }

  /// The next header, empty at the end.
  ///
  /// @throws IOException if there is none; the message says why
  static Optional<Header> read(InputStream in) throws IOException {
    byte[] block = in.readNBytes(BLOCK);
    if (block.length == 0 || isBlank(block)) {
      return Optional.empty();
    }
    if (block.length < BLOCK) {
      throw new EOFException("unexpected EOF");
    }
    if (octal(block, CHECKSUM_AT, 8) != sum(block)) {
      throw new IOException("archive/tar: invalid tar header");
    }
    if (block[TYPE_AT] != '0' && block[TYPE_AT] != 0) {
      throw new IOException("archive/tar: only plain files are expected");
    }
    return Optional.of(new Header(text(block, 0, NAME), octal(block, SIZE_AT, 12)));
  }

  private static boolean isBlank(byte[] block) {
    for (byte each : block) {
      if (each != 0) {
        return false;
      }
    }
    return true;
  }

  private static String text(byte[] block, int at, int length) {
    byte[] bytes = Arrays.copyOfRange(block, at, at + length);
    int end = 0;
    while (end < length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, 0, end, StandardCharsets.US_ASCII);
  }

  private static long octal(byte[] block, int at, int length) throws IOException {
    try {
      return Long.parseLong(text(block, at, length).strip(), 8);
    } catch (NumberFormatException e) {
      throw new IOException("archive/tar: invalid tar header", e);
    }
  }
}
