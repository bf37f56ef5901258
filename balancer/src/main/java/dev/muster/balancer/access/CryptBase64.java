package dev.muster.balancer.access;

/// The base 64 of crypt's hashes, whose lowest bits come first. Stateless.
final class CryptBase64 {
  private static final String DIGITS =
      "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  private CryptBase64() {}

  static void append(StringBuilder out, byte high, byte middle, byte low, int count) {
    int bits = (high & 0xff) << 16 | (middle & 0xff) << 8 | (low & 0xff);
    for (int i = 0; i < count; i++) {
      out.append(DIGITS.charAt(bits & 0x3f));
      bits >>= 6;
    }
  }
}
