package dev.muster.registry;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The lines of a snapshot, none of which may be longer than any that was written: a file that
/// somebody sent must not fill the memory.
final class SnapshotLines {
  private static final int LINE_BYTES_MAX = 4 << 20;
  private static final int BUFFER_BYTES = 1 << 16;

  private final InputStream in;

  SnapshotLines(InputStream in) {
    this.in = new BufferedInputStream(in, BUFFER_BYTES);
  }

  /// Null at the end.
  @Nullable String next() throws IOException {
    int next = in.read();
    if (next < 0) {
      return null;
    }
    var line = new ByteArrayOutputStream(256);
    while (next >= 0 && next != '\n') {
      if (line.size() == LINE_BYTES_MAX) {
        throw new IOException(
            "the registry's snapshot has a line of more than %d bytes".formatted(LINE_BYTES_MAX));
      }
      line.write(next);
      next = in.read();
    }
    return line.toString(StandardCharsets.UTF_8);
  }
}
