package dev.muster.cli.command;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;

/// The body of an answer as it stands on the wire: in pieces, each behind a line with its length;
/// or, whole, one piece.
final class HttpBody extends InputStream {
  private static final int LINE_MAX = 1024;

  private final InputStream in;
  private final boolean isChunked;
  private long left;
  private boolean isFirst = true;
  private boolean isOver;

  private HttpBody(InputStream in, boolean isChunked, long left) {
    this.in = in;
    this.isChunked = isChunked;
    this.left = left;
    isOver = !isChunked && left == 0;
  }

  /// A body in chunks.
  static InputStream chunked(InputStream in) {
    return new HttpBody(in, true, 0);
  }

  /// A body of so many bytes.
  static InputStream of(InputStream in, long length) {
    return new HttpBody(in, false, length);
  }

  /// A line of a head, without its end.
  static String line(InputStream in, int max) throws IOException {
    var text = new ByteArrayOutputStream();
    for (int each = in.read(); each != '\n'; each = in.read()) {
      if (each < 0) {
        throw SocketFileConnection.cutOff();
      }
      if (text.size() >= max) {
        throw new ProtocolException("a line of the answer's head is too long");
      }
      text.write(each);
    }
    return text.toString(StandardCharsets.ISO_8859_1).stripTrailing();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!isOver && left == 0) {
      nextChunk();
    }
    if (isOver) {
      return -1;
    }
    int count = in.read(bytes, from, (int) Math.min(length, left));
    if (count < 0) {
      throw SocketFileConnection.cutOff();
    }
    left -= count;
    isOver = !isChunked && left == 0;
    return count;
  }

  private void nextChunk() throws IOException {
    if (!isFirst) {
      line(in, LINE_MAX); // the end of the line that the last chunk is on
    }
    isFirst = false;
    String length = line(in, LINE_MAX).replaceFirst(";.*", "").strip();
    if (!length.matches("[0-9a-fA-F]{1,15}")) {
      throw new ProtocolException("the length of a chunk is no number");
    }
    left = Long.parseLong(length, 16);
    isOver = left == 0;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
