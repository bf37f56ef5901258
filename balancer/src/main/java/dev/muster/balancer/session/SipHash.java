package dev.muster.balancer.session;

/// SipHash-2-4: a hash of octets under a key, so that nobody outside can choose what collides
/// (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012). Stateless, thread-safe.
final class SipHash {
  private final long k0;
  private final long k1;

  SipHash(long k0, long k1) {
    this.k0 = k0;
    this.k1 = k1;
  }

  /// The hash of a range.
  long of(byte[] bytes, int from, int to) {
    long v0 = k0 ^ 0x736f6d6570736575L;
    long v1 = k1 ^ 0x646f72616e646f6dL;
    long v2 = k0 ^ 0x6c7967656e657261L;
    long v3 = k1 ^ 0x7465646279746573L;
    int length = to - from;
    long word = 0;
    // The last word holds the rest of the octets and the length; two rounds per word, then four.
    int words = length / 8 + 1;
    for (int i = 0; i < words + 2; i++) {
      if (i < words) {
        word = word(bytes, from + i * 8, to, length, i == words - 1);
        v3 ^= word;
      } else if (i == words) {
        word = 0;
        v2 ^= 0xff;
      }
      for (int round = 0; round < 2; round++) {
        v0 += v1;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v3;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v2 = Long.rotateLeft(v2, 32);
      }
      v0 ^= word;
    }
    return v0 ^ v1 ^ v2 ^ v3;
  }

  private static long word(byte[] bytes, int at, int to, int length, boolean isLast) {
    long word = isLast ? (long) length << 56 : 0;
    int count = Math.min(8, to - at);
    for (int i = 0; i < count; i++) {
      word |= (bytes[at + i] & 0xffL) << (8 * i);
    }
    return word;
  }
}
