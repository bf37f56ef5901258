package dev.muster.health.probe;

import java.nio.charset.StandardCharsets;

/// Text out of bytes that were cut somewhere.
final class Texts {
  private Texts() {}

  /// As UTF-8, without the character that a cut at the end may have left halved.
  static String utf8(byte[] bytes, int from, int to) {
    int end = to;
    int start = to - 1;
    while (start > from && to - start < 4 && (bytes[start] & 0xC0) == 0x80) {
      start--;
    }
    if (start >= from && start + charLength(bytes[start]) > to) {
      end = start;
    }
    return new String(bytes, from, end - from, StandardCharsets.UTF_8);
  }

  private static int charLength(byte lead) {
    int bits = lead & 0xFF;
    return bits >= 0xF0 ? 4 : bits >= 0xE0 ? 3 : bits >= 0xC0 ? 2 : 1;
  }
}
