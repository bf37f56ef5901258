package dev.muster.cli.debug;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.GZIPOutputStream;

/// Writes a gzipped tar, in the form of POSIX (ustar), to a file that was not there.
final class TarFile implements AutoCloseable {
  private static final int BLOCK = 512;

  private final OutputStream out;
  private final long seconds;

  private TarFile(OutputStream out, long seconds) {
    this.out = out;
    this.seconds = seconds;
  }

  /// @param seconds since 1970: when its files say they were made
  /// @throws java.nio.file.FileAlreadyExistsException if there is such a file
  static TarFile create(Path file, long seconds) throws IOException {
    OutputStream raw = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW);
    return new TarFile(new GZIPOutputStream(new BufferedOutputStream(raw)), seconds);
  }

  /// @param name at most 99 bytes
  void add(String name, byte[] content) throws IOException {
    byte[] header = new byte[BLOCK];
    put(header, 0, name);
    put(header, 100, "0000600\0");
    put(header, 108, "0000000\0");
    put(header, 116, "0000000\0");
    put(header, 124, "%011o\0".formatted(content.length));
    put(header, 136, "%011o\0".formatted(seconds));
    put(header, 148, "        ");
    header[156] = '0';
    put(header, 257, "ustar\0" + "00");
    int sum = 0;
    for (byte each : header) {
      sum += each & 0xFF;
    }
    put(header, 148, "%06o\0 ".formatted(sum));
    out.write(header);
    out.write(content);
    out.write(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
  }

  @Override
  public void close() throws IOException {
    out.write(new byte[2 * BLOCK]);
    out.close();
  }

  private static void put(byte[] header, int offset, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(bytes, 0, header, offset, bytes.length);
  }
}
