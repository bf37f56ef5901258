package dev.muster.health.probe;

import java.util.Arrays;

/// The last bytes of an output, as its end is where the reason stands. Thread-safe.
final class OutputTail {
  private final byte[] ring;
  private long written;

  OutputTail(int bytesMax) {
    ring = new byte[bytesMax];
  }

  synchronized void add(byte[] bytes, int length) {
    for (int i = Math.max(0, length - ring.length); i < length; i++) {
      ring[(int) ((written + i) % ring.length)] = bytes[i];
    }
    written += length;
  }

  /// What is left, with a line in front that says so if that is not all.
  synchronized String text() {
    if (written <= ring.length) {
      return Texts.utf8(ring, 0, (int) written);
    }
    int start = (int) (written % ring.length);
    byte[] ordered = Arrays.copyOfRange(ring, start, start + ring.length);
    System.arraycopy(ring, 0, ordered, ring.length - start, start);
    return "Captured %d of %d bytes\n...\n".formatted(ring.length, written)
        + Texts.utf8(ordered, 0, ordered.length);
  }
}
