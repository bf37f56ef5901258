package dev.muster.balancer.http1;

import java.util.Arrays;

/// A growing byte array in which an outgoing head is put together. Reused for every head of an
/// event loop; not thread-safe.
public final class HeadWriter {
  private static final byte[] CRLF = {'\r', '\n'};

  private byte[] bytes = new byte[4096];
  private int length;

  /// Starts the next head.
  public HeadWriter clear() {
    length = 0;
    return this;
  }

  /// Appends a constant.
  public HeadWriter write(byte[] source) {
    return write(source, 0, source.length);
  }

  /// Appends a range.
  public HeadWriter write(byte[] source, int from, int to) {
    int size = to - from;
    ensure(size);
    System.arraycopy(source, from, bytes, length, size);
    length += size;
    return this;
  }

  /// Appends one octet.
  public HeadWriter write(char octet) {
    ensure(1);
    bytes[length++] = (byte) octet;
    return this;
  }

  /// Replaces control characters after the first octets by spaces, so that what was written there
  /// stays within its line.
  public HeadWriter keepInLine(int from) {
    for (int at = from; at < length; at++) {
      byte octet = bytes[at];
      if ((octet >= 0 && octet < ' ' && octet != '\t') || octet == 0x7f) {
        bytes[at] = ' ';
      }
    }
    return this;
  }

  /// Ends a line, or the head if the line is empty.
  public HeadWriter endLine() {
    return write(CRLF);
  }

  /// Forgets what was written after the first octets.
  public HeadWriter cutTo(int size) {
    length = Math.min(length, size);
    return this;
  }

  /// Whether what was written from there on has nothing that a header line must not have.
  public boolean isLine(int from) {
    for (int at = from; at < length; at++) {
      if (!Octets.isValue(bytes[at])) {
        return false;
      }
    }
    return true;
  }

  /// The octets written, valid up to [#length()] until the next head.
  public byte[] bytes() {
    return bytes;
  }

  /// How many octets were written.
  public int length() {
    return length;
  }

  private void ensure(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
